"""Our own format is strict: everything wrong at once, each with line:column and what was probably meant."""

from __future__ import annotations

import pytest

from affiche.brief.json import to_json
from affiche.brief.normal import to_yaml
from affiche.brief.read import read_brief
from affiche.brief.schema import json_schema
from affiche.notation.parse import parse

GOOD = """affiche: 1
campaign: summer-yuzu
brand: brand.yaml
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
legal: {de-DE: Kühl trinken}
markets:
  - {region: US, locales: [en-US, es-US]}
  - {region: "NO", locales: [nb-NO]}
products:
  - {id: yuzu, name: Sparkling Yuzu, picture: assets/yuzu.png, price: 1.50}
  - {id: elder, name: Elderflower, picture: {imagine: true}, prices: {de-DE: "1,99 €"}}
placements: [instagram-square]
ratios: [9:16, 1200 x 628]
copy:
  ja-JP: {headline: 午後を、目覚めさせよう。}
variants: [{id: b, copy: {en-US: {headline: Up}}}]
budget: {max: 5.00}
extra: {season: summer, count: 3}
"""


def problems_of(text: str) -> list[tuple[int, int, str, str]]:
    brief, problems = read_brief(text.encode(), file="brief.json" if text.startswith("{") else "brief.yaml")
    assert brief is None
    return [(p.where.line, p.where.column, p.code, p.hint) for p in problems if p.severity == "error"]


def test_a_good_brief_means_what_it_says() -> None:
    brief, problems = read_brief(GOOD.encode(), file="brief.yaml")
    assert brief is not None, problems
    assert problems == ()
    assert brief.locales == ("en-US", "es-US", "nb-NO")
    assert brief.products[0].price == "1.50"
    assert brief.products[1].copy == {"de-DE": {"price": "1,99 €"}}
    assert brief.placements == ("instagram-square", "9:16", "1200x628")
    assert brief.copy["de-DE"] == {"legal": "Kühl trinken"}
    assert [v.id for v in brief.variants] == ["a", "b"]
    assert brief.extra == {"season": "summer", "count": 3}
    assert brief.places["products[0].picture"].line == 10


def test_the_normal_form_reads_back() -> None:
    brief, _ = read_brief(GOOD.encode(), file="brief.yaml")
    assert brief is not None
    assert read_brief(to_yaml(brief).encode(), file="again.yaml")[0] == brief


def test_json_reads_as_yaml_does() -> None:
    import json

    documents, _ = parse(GOOD.encode(), file="b.yaml")
    data = json.dumps(documents[0].plain() | {"products": documents[0].as_written()["products"], "budget": {"max": "5.00"}})
    assert read_brief(data.encode(), file="b.json")[0] == read_brief(GOOD.encode(), file="b.yaml")[0]


def test_everything_wrong_is_told_at_once() -> None:
    bad = """affiche: 1
campaign: "my campaign!"
mesage: {locale: en-US}
message: {locale: english, headlin: Foo}
markets:
  - {region: US, locales: []}
  - {region: JP, locales: [jp]}
products:
  - {id: a, name: "", picture: {file: x, focal: [2, 0.5]}}
  - {id: A, nme: foo, copy: {german: {headlines: X}}}
placements: x
audience: "{{AUDIENCE}}"
"""
    found = problems_of(bad)
    assert found == sorted(found, key=lambda item: item[:2])
    expected = {
        (2, 11, "brief.bad-value", "use letters, digits, dots and dashes, for example my-campaign"),
        (3, 1, "brief.unknown-key", "did you mean 'message'?"),
        (4, 19, "brief.bad-locale", "did you mean 'en'?"),
        (4, 28, "brief.unknown-key", "did you mean 'headline'?"),
        (6, 27, "brief.bad-value", ""),
        (7, 28, "brief.bad-locale", "did you mean 'ja'?"),
        (9, 19, "brief.bad-value", ""),
        (9, 50, "brief.bad-value", ""),
        (10, 5, "brief.missing-key", ""),
        (10, 10, "brief.duplicate-id", "ids must differ in more than case"),
        (10, 13, "brief.unknown-key", "did you mean 'name'?"),
        (10, 30, "brief.bad-locale", "did you mean 'de'?"),
        (10, 39, "brief.unknown-key", "did you mean 'headline'?"),
        (11, 13, "brief.bad-value", ""),
        (12, 11, "brief.placeholder", "replace it by real text"),
    }
    assert expected <= set(found)
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("affiche: 1\n\tcampaign: x\n", 2, 1, "tab"),
        ("affiche: 1\ncampaign: a: b\n", 2, 12, "quotes"),
        ("affiche: 1\ncampaign: x\ncampaign: y\n", 3, 1, "remove one"),
        ('{"affiche": 1,\n campaign "x"}', 2, 2, "quote"),
        ('{"affiche": 1,\n "campaign": "x,\n "name": "y"}', 3, 3, "quote"),
        ('{"affiche": 1\n "campaign": "x"}', 2, 2, "comma"),
        ('{"affiche": 1, \u201ccampaign\u201d: 1}', 1, 16, "straight"),
        ("affiche: 1\nname: {{NAME}}\n", 2, 8, "placeholder"),
        ("affiche: 1\nname: *x\n", 2, 7, "quotes"),
    ],
)
def test_syntax_errors_have_a_place_and_advice(text: str, line: int, column: int, word: str) -> None:
    found = problems_of(text)
    assert found[0][:2] == (line, column)
    assert word in found[0][3]


def test_scalars_mean_what_marketers_mean() -> None:
    text = GOOD.replace("Sparkling Yuzu", "no").replace("Elderflower", "2025-01-01")
    brief, problems = read_brief(text.encode(), file="b.yaml")
    assert brief is not None, problems
    assert [p.name for p in brief.products] == ["no", "2025-01-01"]


@pytest.mark.parametrize("bad", ["../../etc/passwd", "a/b", "🍋", "a" * 300, "con?", "", "-a", "a_b"])
def test_hostile_ids_are_refused(bad: str) -> None:
    text = GOOD.replace("id: yuzu", f"id: {bad!r}")
    assert "brief.bad-value" in {code for _, _, code, _ in problems_of(text)}


def test_a_feed_may_stand_for_products_but_something_must() -> None:
    text = "affiche: 1\ncampaign: x\nmessage: {locale: en, headline: A}\n"
    assert [code for _, _, code, _ in problems_of(text)] == ["brief.no-products"]
    assert read_brief((text + "feed: products.csv\n").encode(), file="b.yaml")[0] is not None


def test_the_schema_describes_every_key_of_the_contract() -> None:
    schema = json_schema()
    brief, _ = read_brief(GOOD.encode(), file="b.yaml")
    assert brief is not None
    assert {"affiche", "campaign", "message", "markets", "products", "copy"} <= set(schema["properties"])
    assert all("description" in schema["$defs"]["ProductFile"]["properties"][key] or key == "id" for key in schema["$defs"]["ProductFile"]["properties"])
    assert {"campaign", "message", "audience", "markets", "products", "brand", "placements"} <= set(to_json(brief))


def test_a_large_brief_is_read_in_a_second() -> None:
    import time

    tags = [f"{language}-{region}" for language in ("de", "fr", "es", "it", "pt") for region in ("DE", "FR", "ES", "IT", "PT", "CH", "AT", "BE", "LU", "US")]
    products = "".join(f"  - {{id: p{n}, name: Product {n}, picture: a/{n}.png}}\n" for n in range(1000))
    copy = "".join(f"  {tag}: {{headline: Wach auf, cta: Jetzt}}\n" for tag in tags)
    text = f"affiche: 1\ncampaign: big\nmessage: {{locale: en, headline: A}}\nmarkets: [{{region: EU, locales: [{', '.join(tags)}]}}]\nproducts:\n{products}copy:\n{copy}"
    start = time.process_time()
    brief, _ = read_brief(text.encode(), file="big.yaml")
    assert brief is not None
    assert len(brief.products) == 1000
    assert len(brief.locales) == 50
    assert time.process_time() - start < 1.0


def test_what_json5_allows_is_read_with_a_warning() -> None:
    text = "{affiche: 1,\n // a remark\n 'campaign': \"x\", \"name\": 'It\\'s',\n}"
    documents, problems = parse(text.encode(), file="brief.json")
    assert documents[0].plain() == {"affiche": 1, "campaign": "x", "name": "It's"}
    assert [(p.where.line, p.severity) for p in problems] == [(1, "warning"), (3, "warning"), (3, "warning"), (4, "warning")]
