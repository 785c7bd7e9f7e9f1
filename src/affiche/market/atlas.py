"""The atlas: countries, groups, places and languages by every name that briefs use for them. Data: `data/*.toml`.

Names are compared folded: no case, accents or punctuation. Look next at `resolve.py`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

_PUNCTUATION = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A country, a group of countries, or a place inside one. `locales`: what a brief gets that names only this area.

    `code` is the ISO 3166 code, the group's id (`DACH`), or for a place its country's code. `countries` are the members
    of a group; `kind` `world` has none and means everywhere; `unknown` keeps a name that the atlas does not have.
    """

    kind: Literal["country", "group", "world", "place", "unknown"]
    code: str
    name: str
    locales: tuple[str, ...] = ()
    #: Further locales in use there, for briefs that ask for the language.
    also: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """Everything by folded name. `codes` are matched only when written in capitals inside prose."""

    countries: Mapping[str, Area]
    groups: Mapping[str, Area]
    names: Mapping[str, Area]
    codes: Mapping[str, Area]
    #: Folded language name -> tag (`german` -> `de`, `brazilian portuguese` -> `pt-BR`).
    languages: Mapping[str, str]
    language_codes: frozenset[str]
    language_names: Mapping[str, str]


def fold(text: str) -> str:
    """Lower case without accents; punctuation becomes single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) or ord(c) > 0x36F)
    return _PUNCTUATION.sub(" ", unicodedata.normalize("NFC", kept)).strip()


@cache
def atlas() -> Atlas:
    """The shipped atlas."""
    countries = {code: _country(code, row) for code, row in _data("countries").items()}
    groups = {code: _group(code, row) for code, row in _data("groups").items()}
    names: dict[str, Area] = {}
    for place, area in _places(countries):
        names[fold(place)] = area
    for table, rows in ((countries, _data("countries")), (groups, _data("groups"))):
        for code, row in rows.items():
            for name in (row["name"], *row["aliases"]):
                names[fold(name)] = table[code]
    codes = dict(countries.items())
    codes |= {row["a3"]: countries[code] for code, row in _data("countries").items()}
    codes |= dict(groups.items())
    codes["NA"] = groups["NORTH-AMERICA"]  # not Namibia: no brief writes its code
    languages, exact = _languages()
    return Atlas(
        countries=countries,
        groups=groups,
        names=names,
        codes=codes,
        languages={fold(n): code for code, given in languages.items() for n in given}
        | {fold(n): t for n, t in exact.items()},
        language_codes=known_languages(),
        language_names={code: given[0] for code, given in languages.items()},
    )


@cache
def known_languages() -> frozenset[str]:
    """The ISO 639 codes of every language the atlas has (reads one small file, not the whole atlas)."""
    return frozenset(_languages()[0]) | {"no", "tl"}


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("affiche.market").joinpath("data", f"{name}.toml").read_text("utf-8"))


def _country(code: str, row: Mapping[str, Any]) -> Area:
    return Area(
        kind="country",
        code=code,
        name=row["name"],
        locales=tuple(row["locales"]),
        also=tuple(row.get("also", ())),
        countries=(code,),
    )


def _group(code: str, row: Mapping[str, Any]) -> Area:
    kind: Literal["world", "group"] = "world" if code == "GLOBAL" else "group"
    return Area(
        kind=kind, code=code, name=row["name"], locales=tuple(row["lead"]), countries=tuple(row["countries"])
    )


def _places(countries: Mapping[str, Area]) -> Iterator[tuple[str, Area]]:
    for code, table in _data("places").items():
        country = countries[code]
        yield from _named(table.get("names", ()), country, country.locales)
        for key, row in table.items():
            if key == "only":
                for tag, given in row.items():
                    yield from _named(given["names"], country, (tag,))
            elif key != "names":
                yield from _named(row["names"], country, tuple(row["locales"]))


def _named(names: list[str], country: Area, locales: tuple[str, ...]) -> Iterator[tuple[str, Area]]:
    for name in names:
        yield (
            name,
            Area(kind="place", code=country.code, name=name, locales=locales, countries=(country.code,)),
        )


def _languages() -> tuple[dict[str, list[str]], dict[str, str]]:
    table = _data("languages")
    exact = {name: tag for tag, names in table.pop("exact").items() for name in names}
    return table, exact
