"""The phrasebook: every button in every language, in its script, short enough for a button, without the English left in."""

from __future__ import annotations

import tomllib
import unicodedata
from importlib.resources import files

import pytest

from affiche.values.locale import Locale
from affiche.write.phrasebook import phrasebook
from affiche.write.valid import _in_script, measured

DATA = tomllib.loads(files("affiche.write").joinpath("data", "phrasebook.toml").read_text("utf-8"))
TAGS = list(DATA["texts"])
#: Words that buttons of these languages share with English ones.
_SHARED = {"Shop", "Store", "Download", "Discover", "Start"}
#: What fits a button: longer ones exist, and are the reason why buttons have a shorter alternative.
_MOST, _USUAL = 34, 26


def test_there_are_sixty_languages_and_variants() -> None:
    assert len(TAGS) >= 60 and len({Locale.parse(tag).language for tag in TAGS}) >= 60


@pytest.mark.parametrize("tag", TAGS)
def test_every_button_is_there_and_looks_like_one(tag: str) -> None:
    row = DATA["texts"][tag]
    assert len(row) == len(DATA["order"])
    for text in row:
        assert text == " ".join(text.split()) and text, f"{tag}: blanks in {text!r}"
        assert unicodedata.is_normalized("NFC", text), f"{tag}: {text!r} is not composed"
        assert text[-1] not in ".!…:;" and "'" not in text and '"' not in text, f"{tag}: {text!r}"
        assert _in_script(text, Locale.parse(tag), ()), f"{tag}: {text!r} is in another script"
        assert measured(text) <= _MOST, f"{tag}: {text!r} has {measured(text)} characters"
        first = next(c for c in text if c.isalpha())
        assert first.upper() == first or unicodedata.name(first).startswith(("GEORGIAN", "ARMENIAN SMALL LIGATURE")), f"{tag}: {text!r}"
    assert sorted(map(measured, row))[len(row) // 2] <= _USUAL, f"{tag}: the usual button is long"


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en"])
def test_no_english_is_left(tag: str) -> None:
    english = set(DATA["texts"]["en"])
    same = [text for text in DATA["texts"][tag] if text in english and text not in _SHARED and text not in _ALSO.get(tag, ())]
    assert not same, f"{tag}: {same}"


#: Words that are both.
_ALSO = {"da": ("Download",), "pt-BR": ("Explore",)}


@pytest.mark.parametrize("tag", TAGS)
def test_every_wording_is_found_from_every_other_language(tag: str) -> None:
    book = phrasebook()
    for phrase, english in zip(DATA["order"], DATA["texts"]["en"], strict=True):
        found = book.lookup(english, tag)
        assert found is not None and found[0] == DATA["texts"][tag][DATA["order"].index(phrase)], f"{tag}: {phrase}"


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("SHOP NOW", "de-DE", "JETZT SHOPPEN"), ("Shop now!", "es-MX", "¡Comprar ahora!"), ("Shop now", "zh-TW", "立即選購"),
        ("Jetzt kaufen", "ja-JP", "今すぐ買う"), ("Shop now", "pt-AO", "Comprar agora"), ("Shop now", "es-CO", "Comprar ahora"),
        ("Pedir ahora", "es-CO", "Ordenar ahora"), ("Shop now", "sr-Latn-RS", "Kupuj odmah"), ("SHOP NOW", "ka-GE", "იყიდე ახლავე"),
    ],
)  # fmt: skip
def test_buttons_are_found_and_dressed(text: str, tag: str, expected: str) -> None:
    found = phrasebook().lookup(text, tag)
    assert found is not None and found[0] == expected
