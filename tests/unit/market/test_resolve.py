"""Prose about regions -> areas, locales, languages: nothing lost, nothing invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.market.atlas import atlas
from affiche.market.resolve import locale_in, resolve_locale, resolve_region
from affiche.values.locale import Locale


@pytest.mark.parametrize(
    ("text", "codes", "locales"),
    [
        ("Germany", "DE", "de-DE"),
        ("deutschland", "DE", "de-DE"),
        ("日本", "JP", "ja-JP"),
        ("السعودية", "SA", "ar-SA"),
        ("usa", "US", "en-US"),
        ("UK", "GB", "en-GB"),
        ("CA", "CA", "en-CA fr-CA"),
        ("NO", "NO", "nb-NO"),
        ("en_US", "US", "en-US"),
        ("US-SE-PUBLIX", "US", "en-US"),
        ("US - West Coast", "US", "en-US"),
        ("CA-QC", "CA", "fr-CA"),
        ("Quebec", "CA", "fr-CA"),
        ("CH-FR", "CH", "fr-CH"),
        ("DE-BY", "DE", "de-DE"),
        ("DE-AT", "AT", "de-AT"),
        ("Los Angeles", "US", "en-US"),
        ("Bavaria", "DE", "de-DE"),
        ("Barcelona", "ES", "es-ES ca-ES"),
        ("UAE / Saudi Arabia", "AE SA", "ar-AE en-AE ar-SA"),
        ("Western Europe (UK/DE/FR/ES/IT)", "GB DE FR ES IT", "en-GB de-DE fr-FR es-ES it-IT"),
        ("Deutschland, Österreich, Schweiz", "DE AT CH", "de-DE de-AT de-CH fr-CH it-CH"),
        ("DACH", "DACH", "de-DE de-AT de-CH"),
        ("Bosnia and Herzegovina", "BA", "bs-BA"),
        ("the United States and Canada", "US CA", "en-US en-CA fr-CA"),
        ("Urban centers in Germany", "DE", "de-DE"),
        ("Georgia", "GE", "ka-GE"),
        ("Georgia, USA", "US", "en-US"),
        ("Texas, Georgia and Florida, US", "US", "en-US"),
        ("North America & Europe", "NORTH-AMERICA EUROPE", "en-US en-CA fr-CA en-GB de-DE fr-FR es-ES it-IT"),
        ("Worldwide", "GLOBAL", "en"),
        ("German (Germany)", "DE", "de-DE"),
    ],
)
def test_regions(text: str, codes: str, locales: str) -> None:
    found = resolve_region(text)
    assert [area.code for area in found.areas] == codes.split()
    assert [tag for area in found.areas for tag in area.locales] == locales.split()


def test_a_language_beside_a_region_is_kept() -> None:
    found = resolve_region("Global (English)")
    assert (found.areas[0].code, found.languages) == ("GLOBAL", ("en",))
    assert resolve_region("Brazil (Portuguese)").languages == ("pt",)


def test_words_are_no_codes() -> None:
    assert [area.kind for area in resolve_region("people who live in it").areas] == ["unknown"]


@pytest.mark.parametrize(
    ("text", "tag"),
    [("en_US", "en-US"), ("German (Germany)", "de-DE"), ("English (US)", "en-US"), ("Spanish - Mexico", "es-MX"), ("Brazilian Portuguese", "pt-BR"),
     ("zh-hans", "zh-Hans"), ("日本語", "ja"), ("jp", "ja"), ("no", "nb"), ("en-UK", "en-GB"), ("klingon", None), ("xx-YY", None), ("", None)],
)  # fmt: skip
def test_locales(text: str, tag: str | None) -> None:
    assert resolve_locale(text) == tag


def test_languages_find_their_locale_in_an_area() -> None:
    known = atlas()
    assert locale_in("es", known.groups["LATAM"]) == "es-419"
    assert locale_in("fr", known.groups["NORTH-AMERICA"]) == "fr-CA"
    assert locale_in("zh-Hant", known.groups["APAC"]) == "zh-TW"
    assert locale_in("en", known.countries["JP"]) == "en"


def test_the_atlas_is_large_and_sound() -> None:
    known = atlas()
    assert len(known.countries) >= 75
    for area in (*known.countries.values(), *known.groups.values()):
        assert area.locales, area
        assert all(Locale.parse(tag).tag == tag and Locale.parse(tag).language in known.language_codes for tag in (*area.locales, *area.also)), area
        assert all(code in known.countries for code in area.countries), area
    for name in ("EMEA", "APAC", "LATAM", "NORDICS", "BENELUX", "GCC", "MENA", "EU", "SEA"):
        assert name in known.groups


@given(st.text(max_size=120))
def test_any_text_gives_an_answer(text: str) -> None:
    found = resolve_region(text)
    assert found.areas or found.languages or not text.strip(" .:;,-\"'") or not text.split()
    resolve_locale(text)
