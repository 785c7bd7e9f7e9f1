"""The atlas: countries by name, code and alias, and the traps of mapping a country to languages."""

from __future__ import annotations

import pytest

from affiche.market.atlas import atlas, fold
from affiche.market.resolve import resolve_region
from affiche.values.locale import Locale

COUNTRIES = atlas().countries


def test_there_are_enough_countries_and_each_is_found_by_every_name() -> None:
    assert len(COUNTRIES) >= 70
    for code, area in COUNTRIES.items():
        assert resolve_region(area.name).areas[0].code == code, area.name
        assert resolve_region(code).areas[0].code == (code if code != "NA" else "NORTH-AMERICA"), code
    missed = [name for name, area in atlas().names.items() if area.kind == "country" and fold(name) != name]
    assert not missed
    aliases = [(name, area) for name, area in atlas().names.items() if area.kind == "country" and name != fold(area.name)]
    assert len(aliases) > 250
    assert [name for name, area in aliases if resolve_region(name).areas[0].code not in (area.code, "")] == []


@pytest.mark.parametrize(
    ("region", "locales"),
    [
        ("US", ("en-US",)), ("MX", ("es-MX",)), ("CH", ("de-CH", "fr-CH", "it-CH")), ("BE", ("nl-BE", "fr-BE")), ("CA", ("en-CA", "fr-CA")),
        ("TW", ("zh-TW",)), ("CN", ("zh-CN",)), ("HK", ("zh-HK",)), ("SA", ("ar-SA",)), ("IL", ("he-IL",)), ("NO", ("nb-NO",)),
    ],
)  # fmt: skip
def test_traps_of_countries_and_languages(region: str, locales: tuple[str, ...]) -> None:
    assert COUNTRIES[region].locales[: len(locales)] == locales


def test_locales_are_served_where_cldr_says_that_people_speak_them() -> None:
    from babel.languages import get_territory_language_info

    for code, area in COUNTRIES.items():
        spoken = {tag.partition("_")[0] for tag in get_territory_language_info(code)} | {"nb"}
        for tag in area.locales:
            language = {"fil": "fil"}.get(Locale.parse(tag).language, Locale.parse(tag).language)
            assert language in spoken or language == "en", f"{code}: {tag}"


@pytest.mark.parametrize("tag", ["ar-SA", "he-IL", "fa-IR", "ur-PK", "de-DE", "pa-PK", "pa-IN"])
def test_direction_is_cldrs(tag: str) -> None:
    from babel import Locale as Cldr

    names = {"pa-PK": "pa_Arab_PK"}
    assert Locale.parse(tag).direction == Cldr.parse(names.get(tag, tag.replace("-", "_"))).text_direction
