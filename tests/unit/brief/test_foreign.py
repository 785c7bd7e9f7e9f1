"""Foreign briefs of our own making: shapes that other people invent, each with the meaning that must survive."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest

from affiche.brief.model import Brief
from affiche.brief.normal import to_yaml
from affiche.brief.read import read_brief, read_briefs

FOREIGN = Path(__file__).parent / "foreign"

#: file -> (product names, source locale, headline, locales, colours, pictures, ratios); None = not asserted.
MEANING: dict[str, tuple[Any, ...]] = {
    "campaigns-list.yaml": (["Oat Drink"], "en", "Wake up slowly", ["sv-SE"], ["#0A2540", "#FF5A5F"], [None], None),
    "deliverables.json": (["Alto One"], "en", "Quiet is a feature", ["de-DE", "de-AT"], [], ["img/alto-one.png"], ["1080x1080", "1080x1920", "970x250"]),
    "channels.yaml": (["Ridge Pack 22", "Ridge Pack 35"], "en", "Go further, carry less", ["fr-FR"], [], None, ["9:16", "linkedin-wide", "linkedin-square"]),
    "requirements.json": (["Noor Lanterns"], "ar-SA", "أضئ سهراتك", ["ar-SA"], [], None, ["1:1", "9:16"]),
    "translations.json": (["Lull Pillow"], "en-US", "Rest is a skill", ["en-US", "he-IL", "th-TH", "hi-IN"], [], ["lull.png"], None),
    "nested-brand.yaml": (["Lounge Chair", "Side Table"], "en-GB", "Built to be handed down", ["en-GB", "de-CH"], ["#102A43", "#F0B429", "#FF7F50"], ["chairs/lounge.png", None], None),
    "front-matter.md": (["Harbour Dry", "Harbour Sloe"], "en-GB", "Distilled by the tide", ["en-GB", "en-IE"], [], None, None),
    "fenced.md": (["Gate", "Fence"], "en", "Good neighbours start here", ["nl-NL"], [], None, None),
    "german.yaml": (["Quell Zitrone", "Quell Minze"], "de-DE", "Jetzt wird’s leicht", ["de-DE", "de-AT", "de-CH", "fr-CH", "it-CH"], None, ["bilder/zitrone.png", None], ["1:1", "9:16"]),
    "french.json": (["Lampe Aube", "Lampe Brume"], "fr-FR", "La lumière vous va bien", ["fr-FR", "nl-BE", "fr-BE", "en-CA", "fr-CA"], None, None, None),
    "spanish.yaml": (["Limonada Clara", "Horchata Fina"], "es-ES", "El verano se bebe frío", ["es-ES", "es-MX", "es-AR"], [], None, None),
    "camel-locales.json": (["Moon Cake Box"], "en-US", "Half the night", ["en-US", "ja-JP", "ko-KR", "zh-TW"], [], ["moon.png"], None),
    "market-map.yaml": (["Roadster 5"], "en-US", "Made for the long way", ["en-US", "ja-JP", "ar-AE"], [], None, ["1:1", "9:16"]),
    "region-messages.yaml": (["Café Móvil"], "en-US", "Coffee goes where you go", ["en-US", "fr-FR", "de-DE"], [], None, None),
    "list-of-briefs.json": (["A"], "en", "First of two", ["it-IT"], [], None, None),
    "documents.yaml": (["Alpha"], "en", "First document", ["en"], [], None, None),
    "prose-regions.yaml": (["Desk Lamp", "Desk Mat", "Cable Box"], "en-GB", "Your desk, but calmer", ["en-GB", "de-DE", "fr-FR"], [], None, None),
    "typos.yaml": (["Eraser One"], "en-US", "Nobody is perfect", ["en-US", "de", "pt-BR"], [], None, None),
    "colours.json": (["Hue Pot"], "en-AU", "Paint it your way", ["en-AU"], ["#1B6CA8", "#FF5A5F", "#0C2238", "#FAF0E6", "#336699", "#0A0B0C", "#FD5E53", "#FFF6E0"], None, None),
    "assets-map.yaml": (["Shelf One", "Shelf Two"], "en-US", "Everything in its place", ["en-US"], [], ["pictures/shelf.png", "pictures/two.jpg"], None),
    "italian-variants.yaml": (["Granita Limone"], "it-IT", "Rallenta, è estate", ["it-IT"], [], None, None),
    "agency.yaml": (["Autumn Roast 250g", "Autumn Roast Espresso"], "en", "Slow mornings, bold cups.", ["da-DK", "sv-SE", "nb-NO", "fi-FI"], ["#003919", "#FFF8E2"], None, ["instagram-story", "1080x1080", "1280x720"]),
    "primary-message.json": (["Vitamin C Serum", "Night Cream"], "en", "Radiance, simplified.", ["fr-FR", "de-DE", "es-ES"], ["#E8B4A0", "#2D2A32"], ["assets/bottle.png", None], None),
    "kebab.yaml": (["Döner Deluxe", "Vegan Dürüm"], "de-DE", "Frisch vom Spieß.", ["de-DE", "de-AT"], ["#C81E2D", "#F4C025"], ["assets/can.png", None], None),
    "title-case.yaml": (["Eau de Velours 50 ml", "Eau de Velours 100 ml"], "en", "Wear the night.", ["fr-FR", "it-IT", "ja-JP"], ["#191970", "#C9A227", "#FAF8F3"], None, None),
    "trailing-commas.json": (["Desk Lamp", "Floor Lamp"], "en-CA", "It still works.", ["en-CA", "fr-CA"], [], ["assets/can.png", None], None),
    "bare-keys.json5": (["One", "Two"], "en-AU", "Simple as that.", ["en-AU", "en-NZ"], ["#112233", "#FEDCBA"], None, None),
    "brackets-and-more.yaml": (["Voyager Card"], "en-GB", "One card. Every border.", ["en-GB", "de-DE", "fr-FR", "pl-PL", "sv-SE", "da-DK", "nb-NO", "fi-FI"], [], None, None),
    "swatches.yaml": (["Paint tin"], "en", "Colour, properly.", ["it-IT"], ["#003D99", "#267359", "#0C2238", "#FAF0E6", "#E6D2B4", "#CC5500"], None, None),
    "names-by-locale.json": (["Telescope"], "en", "Stay curious", ["en", "de", "fr", "ar"], [], None, None),
    "chat-answer.json": (["Cloud Nine Original", "Cloud Nine Firm"], "en-US", "Sleep like it's Sunday.", ["en-US", "en-CA", "fr-CA"], [], None, None),
    "price-map.yaml": (["Cinnamon Candle", "Pine Candle"], "en", "Light up the season", ["de-DE", "it-IT"], [], ["assets/bottle.png", None], None),
    "two-names-a-key.json": (["Stride One", "Stride Trail"], "en-US", "Every street is a track.", ["en-US"], ["#D7263D", "#1B1B1E"], ["assets/can.png", None], None),
    "russian.yaml": (["Шапка", "Варежки"], "ru-RU", "Тепло дешевле.", ["ru-RU"], [], None, None),
    "arabic.yaml": (["تمر فاخر", "قهوة عربية"], "ar-SA", "رمضان يجمعنا", ["ar-SA"], [], None, None),
    "surfaces.yaml": (["Pulse Earbuds"], "en", "Turn it up.", ["ko-KR"], [], None, ["instagram-story", "9:16", "pinterest-pin", "snapchat", "x-wide", "linkedin-wide", "linkedin-square"]),
    "questions.yaml": (["Fleece Throw", "Candle Trio"], "en-GB", "Warm up your evenings.", ["en-GB", "en-IE"], [], None, None),
    "attributes.json": (["One"], "de-DE", "Hallo", ["de-DE", "fr-FR"], [], None, None),
    "one-line-lists.json": (["Alpha", "Beta", "Gamma"], "en-US", "Go", ["en-US", "es-US", "en-CA", "fr-CA", "es-MX"], ["#D7263D", "#00FF00", "#0000FF"], None, None),
    "markup.yaml": (["O'Brien's \"Best\" Stout"], "en", "Save 20% on everything & more", ["en"], [], None, None),
    "members.yaml": (["Serum"], "en", "Glow", ["ja-JP", "ko-KR", "zh-TW", "zh-HK"], [], None, None),
    "spoken.yaml": (["Schoggi"], "en", "Grüezi", ["de-CH", "fr-CH", "it-CH"], [], None, None),
    "asset-groups.json": (["Tea", "Mug"], "en-GB", "Sip", ["en-GB"], [], ["assets/tea.png", "assets/mug.png"], None),
    "italian.yaml": (["Limone"], "it-IT", "Dolce estate.", ["it-IT", "it-CH"], ["#F7C948", "#87CEEB"], ["l.png"], None),
    "page.md": (["Lime Fizz", "Mango Fizz"], "en-US", "Make a splash.", ["en-US", "es-MX"], [], None, None),
    "page-table.md": (["Lime Fizz", "Mango Fizz"], "en-US", "Make a splash.", ["en-US", "es-MX"], ["#00AEEF", "#A4D233"], [None, "assets/mango.png"], None),
    "page-prose.md": (["Night Owl Beans - 500 g", "Night Owl Capsules"], "en", "Stay up on your own terms.", ["de-DE", "nl-NL"], [], ["assets/can.png", "assets/can.png"], ["instagram-story", "linkedin-wide"]),
}  # fmt: skip


def read(name: str) -> Brief:
    brief, problems = read_brief((FOREIGN / name).read_bytes(), file=name)
    assert brief is not None, problems
    return brief


@pytest.mark.parametrize("name", sorted(MEANING))
def test_meaning_is_kept(name: str) -> None:
    brief = read(name)
    products, locale, headline, locales, colors, pictures, ratios = MEANING[name]
    assert [product.name for product in brief.products] == products
    assert (brief.message.locale, brief.message.words["headline"]) == (locale, headline)
    assert list(brief.locales) == locales
    assert colors is None or list(brief.brand.colors) == colors
    assert pictures is None or [p.picture.path if p.picture else None for p in brief.products] == pictures
    assert list(brief.placements) == (ratios or ["1:1", "9:16", "16:9"])


@pytest.mark.parametrize("name", sorted(MEANING))
def test_the_normal_form_reads_back_as_the_same_brief(name: str) -> None:
    brief = read(name)
    again, problems = read_brief(to_yaml(brief).encode(), file="normal.yaml")
    assert again == brief, problems


def test_several_campaigns_are_all_read_and_said() -> None:
    for name, names in (("campaigns-list.yaml", ["Spring", "Autumn"]), ("documents.yaml", ["Doc one", "Doc two"]), ("list-of-briefs.json", ["One", "Two"])):
        data = (FOREIGN / name).read_bytes()
        assert [brief.name for brief, _ in read_briefs(data, file=name) if brief] == names
        _, problems = read_brief(data, file=name)
        assert [p.code for p in problems if p.severity == "warning"] == ["brief.several"]


def test_placeholders_are_errors_with_their_places() -> None:
    brief, problems = read_brief((FOREIGN / "placeholders.json").read_bytes(), file="p.json")
    assert brief is None
    assert [p.where.pointer for p in problems if p.code == "brief.placeholder"] == ["campaign_name", "message", "region", "products[0].name"]


@pytest.mark.parametrize(("name", "code"), [("empty-products.yaml", "brief.no-products"), ("not-a-brief.json", "brief.not-a-brief")])
def test_what_cannot_be_advertised_is_refused(name: str, code: str) -> None:
    brief, problems = read_brief((FOREIGN / name).read_bytes(), file=name)
    assert brief is None
    assert [p.code for p in problems if p.severity == "error"] == [code]


def test_misspelt_keys_are_guessed_and_said() -> None:
    _, problems = read_brief((FOREIGN / "typos.yaml").read_bytes(), file="typos.yaml")
    assert {p.where.pointer for p in problems if p.code == "brief.guessed"} == {"campain_name", "mesage"}


def test_colours_in_words_get_darker_and_lighter() -> None:
    green, white = read("german.yaml").brand.colors
    assert green != "#2E8B57"
    assert white == "#FFFFFF"
    assert read("french.json").brand.colors[0] != "#1F5FBF"


def test_a_declared_variant_is_kept_once() -> None:
    variants = read("italian-variants.yaml").variants
    assert [v.id for v in variants] == ["a", "b"]
    assert variants[1].words["it-IT"]["headline"] == "L'estate non ha fretta"


def test_every_assumption_is_a_note_with_a_line() -> None:
    for file in sorted(FOREIGN.iterdir()):
        for _, problems in read_briefs(file.read_bytes(), file=file.name):
            assert all(p.where.line and p.where.file == file.name for p in problems), file.name


def test_details_of_products_survive() -> None:
    assert dict(read("names-by-locale.json").products[0].names) == {"de": "Teleskop", "fr": "Télescope"}
    assert [product.price for product in read("price-map.yaml").products] == ["24.90 EUR", "€ 19,90"]


def test_a_colour_that_is_not_understood_is_said() -> None:
    _, problems = read_brief((FOREIGN / "swatches.yaml").read_bytes(), file="swatches.yaml")
    assert [(p.where.line, p.severity) for p in problems if "Pantone 186 C" in p.message] == [(5, "warning")]


def test_localized_messages_keep_their_headline() -> None:
    copy = read("primary-message.json").copy
    assert copy["de-DE"] == {"headline": "Strahlen, ganz einfach.", "cta": "Set entdecken"}


def test_names_in_scripts_without_capitals_are_not_respelt() -> None:
    _, problems = read_brief("ブランド: 花茶\n商品: [茶]\n".encode(), file="a.yaml")
    assert not [p for p in problems if p.code == "brief.brand"]


@pytest.mark.parametrize(("name", "word"), [("feed.csv", "feed:"), ("brief.toml", "YAML")])
def test_files_of_other_kinds_get_the_way_out(name: str, word: str) -> None:
    brief, problems = read_brief(b"name,price", file=name)
    assert brief is None
    assert word in problems[0].hint


def test_a_logo_among_the_assets_is_the_brands() -> None:
    assert read("asset-groups.json").brand.logo == "assets/logo.png"


def test_a_bare_list_of_products_says_what_is_missing() -> None:
    brief, problems = read_brief(b'[{"sku": "a"}, {"sku": "b"}]', file="rows.json")
    assert brief is None and "`products:`" in problems[0].hint


def test_a_page_of_markdown_keeps_its_places_and_says_so() -> None:
    brief, problems = read_brief((FOREIGN / "page-table.md").read_bytes(), file="page-table.md")
    assert brief is not None and brief.message.words["cta"] == "Get yours"
    assert brief.audience == "Gen Z festival goers"
    assert "file.markdown" in [p.code for p in problems]
    assert [p.where.line for p in problems if "'lime'" in p.message] == [19]


@pytest.mark.parametrize(
    "line", ["# " + " " * 50_000 + "#", "**" + "a " * 50_000, "[" * 50_000, "|" * 50_000, "-" * 50_000 + "x", "a" + " " * 50_000]
)
def test_hostile_pages_are_read_in_no_time(line: str) -> None:
    started = process_time()
    brief, problems = read_brief(f"# Page\n{line}\n{line}\n".encode(), file="page.md")
    assert brief is None and problems
    assert process_time() - started < 2


def test_prose_is_no_brief() -> None:
    brief, problems = read_brief(b"# Notes\n\nWe met on Monday and talked.\n", file="notes.md")
    assert brief is None and problems[0].severity == "error"
