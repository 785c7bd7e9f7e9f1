"""Words of a creative: strongest source first, origin always told, nothing invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from affiche.brief.model import Brief, Market, Message, PictureRef, Product, Variant
from affiche.values.locale import Locale
from affiche.write.phrasebook import phrasebook
from affiche.write.split import MAX_WIDTH, split_headline, width
from affiche.write.words import Shelf, resolve_words

BRIEF = Brief(
    campaign="c",
    name="c",
    message=Message(locale="en-US", words={"headline": "Wake up", "cta": "Shop now", "offer": "-20%"}),
    markets=(Market(region="US", locales=("en-US",)),),
    products=(),
    placements=("1:1",),
    copy={"de-DE": {"headline": "Wach auf"}, "zh-TW": {"headline": "醒來"}, "es-MX": {"headline": "Despierta"}},
)
YUZU = Product(id="yuzu", name="Yuzu", copy={"ja": {"headline": "柚子で"}}, names={"de": "Yuzu-Limo"}, price="€1")


def words(locale: str, product: Product = YUZU, variant: Variant = Variant(), **kwargs: object) -> dict[str, tuple[str, str, str]]:
    found = resolve_words(BRIEF, product, locale, variant, Shelf(phrasebook=phrasebook(), **kwargs))  # type: ignore[arg-type]
    return {role: (text.value, text.locale, text.origin) for role, text in found.items()}


@pytest.mark.parametrize(
    ("locale", "headline"),
    [
        ("en-GB", ("Wake up", "en-US", "given")),
        ("de-DE", ("Wach auf", "de-DE", "given")),
        ("de-AT", ("Wach auf", "de-DE", "given")),
        ("ja-JP", ("柚子で", "ja", "given")),
        ("es-US", ("Despierta", "es-MX", "given")),
        ("zh-HK", ("醒來", "zh-TW", "given")),
        ("zh-CN", ("Wake up", "en-US", "source")),
        ("fr-FR", ("Wake up", "en-US", "source")),
    ],
)
def test_headlines_by_locale(locale: str, headline: tuple[str, str, str]) -> None:
    assert words(locale)["headline"] == headline


@pytest.mark.parametrize(
    ("locale", "headline", "cta"),
    [
        ("en-US", "Wake up", "Shop now"),
        ("en-GB", "Rise and shine", "Shop now"),
        ("en-AU", "Rise and shine", "Shop now"),
    ],
)
def test_the_message_stands_in_its_own_locale_whatever_other_countries_of_its_language_say(locale: str, headline: str, cta: str) -> None:
    brief = replace(BRIEF, copy={"en-GB": {"headline": "Rise and shine"}, "en-US": {"body": "Nothing added."}})
    found = resolve_words(brief, YUZU, locale, Variant(), Shelf(phrasebook=phrasebook()))
    assert (found["headline"].value, found["cta"].value) == (headline, cta)


def test_buttons_come_from_the_phrasebook() -> None:
    assert words("de-DE")["cta"] == ("Jetzt shoppen", "de-DE", "phrasebook")
    assert words("am-ET")["cta"] == ("Shop now", "en-US", "source")


def test_memory_beats_the_phrasebook_and_numbers_need_none() -> None:
    found = words("fr-FR", memory={("Wake up", "fr"): "Réveillez-vous", ("Shop now", "fr-FR"): "J’achète"})
    assert found["headline"] == ("Réveillez-vous", "fr", "memory")
    assert found["cta"] == ("J’achète", "fr-FR", "memory")
    assert found["offer"] == ("-20%", "fr-FR", "given")
    assert found["price"] == ("€1", "fr-FR", "given")
    assert words("de-CH")["name"] == ("Yuzu-Limo", "de", "given")


def test_a_variants_wording_is_never_replaced_by_anothers_translation() -> None:
    variant = Variant(id="b", words={"en-US": {"headline": "Get up"}})
    assert words("en-US", variant=variant)["headline"] == ("Get up", "en-US", "given")
    assert words("de-DE", variant=variant)["headline"] == ("Get up", "en-US", "source")


def test_without_a_message_the_name_is_the_headline_and_no_button_is_invented() -> None:
    bare = Brief(campaign="c", name="c", message=Message(locale="en", words={}), markets=(), products=(), placements=())
    found = resolve_words(bare, Product(id="a", name="Oak Chair"), "fr-FR", Variant(), Shelf(phrasebook=phrasebook()))
    assert {role: text.value for role, text in found.items()} == {"headline": "Oak Chair"}


def test_the_phrasebook_is_complete_and_keeps_the_tone() -> None:
    book = phrasebook()
    assert len(book.texts) >= 60
    for tag, texts in book.texts.items():
        Locale.parse(tag)
        assert all(text == text.strip() and 1 < len(text) <= 40 for text in texts.values()), tag
    assert book.lookup("SHOP NOW", "de-DE") == ("JETZT SHOPPEN", "de")
    assert book.lookup("Shop now!", "es-ES") == ("¡Comprar ahora!", "es")
    assert book.lookup("Mehr erfahren", "ja-JP") == ("詳しく見る", "ja")
    assert book.lookup("Find a can", "de-DE") is None
    for locale in ("pt-BR", "pt-PT", "zh-TW", "zh-CN", "sr-RS", "es-AR", "fr-CA", "ar-EG", "he-IL", "hi-IN", "th-TH", "ko-KR"):
        assert book.lookup("Learn more", locale), locale


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Short and good", "Short and good"),
        ("Stay refreshed, stay connected. Whether you choose pure hydration or classic taste, we have your perfect moment covered.", "Stay refreshed, stay connected."),
        ("Gear up for your next adventure with our premium outdoor collection - engineered for climbers and for hikers who demand it", "Gear up for your next adventure with our premium outdoor collection"),
        ("夏を冷やす、新しい一本。" * 6, "夏を冷やす、新しい一本。"),
        ("x" * 200, "x" * 200),
    ],
)
def test_long_headlines_are_parted_at_a_thought(text: str, head: str) -> None:
    first, rest = split_headline(text)
    assert first == head
    assert not rest or width(first) <= MAX_WIDTH


def test_two_pictures_are_labelled_in_the_locales_language_and_one_alone_is_not() -> None:
    pair = Product(id="wax", name="Wax", before=PictureRef(path="dull.jpg"))
    assert words("de-DE", pair)["label1"] == ("Vorher", "de-DE", "phrasebook")
    assert words("ar-SA", pair)["label2"][0] == "بعد"
    assert "label1" not in words("de-DE")
