"""Marks and joints: quotation marks and French spaces of each language; compounds divided where their words meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.compose.typeset import breaks, marks


@pytest.mark.parametrize(
    ("language", "region", "text", "expected"),
    [
        ("en", "US", 'A "cold" one', "A “cold” one"),
        ("de", "DE", 'Das "beste" Eis', "Das „beste“ Eis"),
        ("de", "CH", 'Das "beste" Eis', "Das «beste» Eis"),
        ("pl", "PL", '"Lato"', "„Lato”"),
        ("sv", "SE", '"Hej!"', "”Hej!”"),
        ("en", "US", 'a 27" screen', 'a 27" screen'),
        ("en", "GB", "it's ours", "it’s ours"),
        ("ja", "JP", '"夏"', '"夏"'),
        ("he", "IL", 'צה"ל', 'צה"ל'),
    ],
)
def test_quotation_marks(language, region, text, expected):
    assert marks.quoted(text, language, region) == expected


@pytest.mark.parametrize(
    ("region", "text", "expected"),
    [
        ("FR", "Goûtez! Oui?", "Goûtez~! Oui~?"), ("CA", "Goûtez! Oui ?", "Goûtez! Oui~?"), ("FR", "«bon»", "«~bon~»"),
        ("FR", "à 10:30, https://a.fr/?b=1", "à 10:30, https://a.fr/?b=1"), ("FR", "Frais: oui", "Frais~: oui"), ("FR", "Non ?!", "Non~?!"),
    ],
)  # fmt: skip
def test_french_spaces(region, text, expected):
    assert marks.french(text, region).replace("\u00a0", "~") == expected


@given(st.text(st.sampled_from("aé1 \"'!?:;«»/."), max_size=20))
def test_preparing_twice_changes_nothing_more(text):
    once = breaks.prepare(text, "fr", "Latn", "none", "FR")
    assert breaks.prepare(once, "fr", "Latn", "none", "FR") == once


@pytest.mark.parametrize(
    ("locale", "word", "joint"),
    [
        ("de-DE", "Geschwindigkeitsbegrenzung", "Geschwindigkeits|begrenzung"),
        ("de-DE", "Erfrischungsgetränkeautomat", "Erfrischungs|getränkeautomat"),
        ("de-DE", "Hautverträglichkeitsgarantie", "Hautverträglichkeits|garantie"),
        ("nl-NL", "arbeidsongeschiktheidsverzekering", "arbeidsongeschiktheids|verzekering"),
        ("da-DK", "speciallægepraksisplanlægning", "speciallægepraksis|planlægning"),
    ],
)
def test_compounds_are_divided_where_their_words_meet(locale, word, joint):
    assert "|".join(s.text for s in breaks.segments(word, locale)) == joint


def test_spanish_marks_stay_with_their_words():
    found = [s.text for s in breaks.segments("Hola ¿listo? ¡Ya!", "es-ES")]
    assert found == ["Hola", "¿listo?", "¡Ya!"]
