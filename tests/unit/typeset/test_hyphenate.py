"""Places to divide words equal those of pyphen, which reads the same dictionaries and parses all of them."""

import pyphen
import pytest

from affiche.compose.typeset.hyphenate import hyphenator

WORDS = {
    "de_DE": ("Geschwindigkeitsbeschränkung", "Donaudampfschifffahrt", "Ausstellungsstücke", "im"),
    "en_US": ("hyphenation", "refreshment", "extraordinarily", "a"),
    "nl_NL": ("lettergrepen", "omaatje", "vervoersmaatschappij"),
    "hu_HU": ("asszonnyal", "megszentségteleníthetetlenségeskedéseitekért"),
    "ru_RU": ("достопримечательность", "освежающий"),
    "el_GR": ("αναψυκτικό", "δροσιστικός"),
}


@pytest.mark.parametrize("language", WORDS)
def test_same_places_as_pyphen(language):
    ours = hyphenator(language, language[:2])
    theirs = pyphen.Pyphen(lang=pyphen.language_fallback(language)).hd
    assert ours is not None
    for word in WORDS[language]:
        assert list(ours.positions(word)) == [int(place) for place in theirs.positions(word)], word


def test_long_german_word_is_divided():
    assert hyphenator("de_DE", "de").positions("Ausstellungsstücke") == (7, 12, 15)


def test_language_without_dictionary():
    assert hyphenator("ja_JP", "ja") is None
