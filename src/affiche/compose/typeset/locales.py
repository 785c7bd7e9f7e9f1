"""Locales: the list of what typeset covers, with a sample sentence each (`affiche locales`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from affiche.compose.typeset import fonts
from affiche.compose.typeset.measure import writing
from affiche.values.locale import Direction, Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleInfo:
    """A covered locale. `script` is ISO 15924 (`Aran` = Nastaliq); `font` the family that leads in the
    default sans."""

    tag: str
    name: str
    script: str
    direction: Direction
    sample: str
    font: str


@cache
def locales() -> tuple[LocaleInfo, ...]:
    """Every covered locale, grouped by script as in samples.toml. Loads no font."""
    rows = tomllib.loads(files(__package__).joinpath("samples.toml").read_text("utf-8"))["locale"]
    return tuple(_info(row["tag"], row["name"], row["sample"]) for row in rows)


def _info(tag: str, name: str, sample: str) -> LocaleInfo:
    where = Locale.parse(tag)
    script = writing(where)
    lead = fonts.chain("Manrope", 700, script)[0].rsplit(" ", 1)[0]
    return LocaleInfo(tag=tag, name=name, script=script, direction=where.direction, sample=sample, font=lead)
