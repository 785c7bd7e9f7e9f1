"""The fonts that ship with Affiche, as data: which face is where, and which face continues where another
ends.

A data package: font files in `data/`, `catalog.toml` (written by tools/fonts/build.py, with sha256 of source
and result), `fallbacks.toml` (taste, by hand) and the licence of each upstream in `licences/`. It knows
nothing of the text engine; `affiche.compose.typeset.fonts` loads what is listed here. Every face has an
*alias* ("Manrope 700") and is only ever asked for by it, because the weight written inside font files is not
to be trusted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from pathlib import Path

_ROOT = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font face. `scripts` are ISO 15924 codes it was designed for; `axes` what a variable source was
    pinned to.

    `stem` is the width of its plainer letter of I and l in 1/1000 em, 0 when it has none: blackness that can
    be compared between families.
    """

    alias: str
    file: str
    index: int
    family: str
    weight: int
    style: str
    feel: str
    scripts: tuple[str, ...]
    stem: int
    axes: Mapping[str, float]
    upstream: str
    upstream_sha256: str
    sha256: str
    bytes: int
    licence: str


@cache
def faces() -> Mapping[str, Face]:
    """Every shipped face by alias, in catalog order."""
    rows = tomllib.loads((_ROOT / "catalog.toml").read_text("utf-8"))["face"]
    return {row["alias"]: Face(**{**row, "scripts": tuple(row["scripts"])}) for row in rows}


@cache
def families() -> Mapping[str, tuple[Face, ...]]:
    """Faces by family name, lightest first."""
    grouped: dict[str, list[Face]] = {}
    for face in faces().values():
        grouped.setdefault(face.family, []).append(face)
    return {name: tuple(sorted(group, key=lambda f: f.weight)) for name, group in grouped.items()}


def path(alias: str) -> Path:
    """Where the font file of an alias is. KeyError when no such face ships."""
    return _ROOT / "data" / faces()[alias].file


def nearest(family: str, weight: int) -> Face:
    """The face of a family whose weight is nearest, the bolder of two equally near. KeyError for an unknown
    family."""
    return min(families()[family], key=lambda f: (abs(f.weight - weight), -f.weight))


def matched(family: str, face: Face) -> Face:
    """The face of a family that looks as black as `face`: a Bold of one family is a Medium of another.

    Compared by stems, erring to the bolder side; serif letters have no comparable stem, so there the nominal
    weight counts.
    """
    group = families()[family]
    if not face.stem or "serif" in (face.feel, group[0].feel) or not all(f.stem for f in group):
        return nearest(family, face.weight)
    ratios = {f.alias: log(f.stem / face.stem) for f in group}
    return min(group, key=lambda f: max(ratios[f.alias], -_LIGHTER_IS_WORSE * ratios[f.alias]))


#: A face lighter than asked looks like a mistake sooner than one bolder: by eye.
_LIGHTER_IS_WORSE = 1.5


@lru_cache(maxsize=1024)
def chain(family: str, weight: int, script: str) -> tuple[str, ...]:
    """Aliases in the order they are tried for text of `script` (ISO 15924) asked for in `family` at `weight`.

    The first alias is designed for the script whenever one ships. The asked family comes first where it knows
    the script; elsewhere it follows, so that Latin brand names keep the brand's face. An unknown family
    stands for the default sans.
    """
    known = families().get(family)
    names = continuation(known[0].feel if known else "sans", script)
    if known:
        front = script in known[0].scripts
        names = (family, *names) if front else (*names, family)
    asked = nearest(family, weight) if known else None
    return tuple(dict.fromkeys(_continue(name, weight, asked).alias for name in (*names, *_net())))


@lru_cache(maxsize=256)
def chain_of(feel: str, weight: int, script: str) -> tuple[str, ...]:
    """Aliases that carry `script` in a feel (sans, serif, condensed) at the nearest weight, for a face of somebody else's."""
    names = (*continuation(feel, script), *continuation(feel, "Latn"), *_net())
    return tuple(dict.fromkeys(nearest(name, weight).alias for name in names))


def _net() -> tuple[str, ...]:
    """Families that catch what nothing before them has."""
    return (*continuation("sans", "Latn"), *_tail())


def _continue(name: str, weight: int, asked: Face | None) -> Face:
    return matched(name, asked) if asked and asked.family != name else nearest(name, weight)


def continuation(feel: str, script: str) -> tuple[str, ...]:
    """Families that continue a script in a feel (sans, serif, condensed), best first; empty when nothing
    ships for it."""
    table = _fallbacks()
    own = table.get(feel, {}).get(script)
    return tuple(own or table["sans"].get(script, []))


@cache
def _fallbacks() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((_ROOT / "fallbacks.toml").read_text("utf-8"))


def _tail() -> tuple[str, ...]:
    return tuple(_fallbacks()["tail"]["families"])
