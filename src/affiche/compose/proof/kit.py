"""A brand by itself: its type in every script, its logo on its own grounds. Pure; drawn like any other creative."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from affiche.brand.model import COLOR_ROLES, Brand
from affiche.compose.request import ComposeRequest
from affiche.compose.template.model import Template
from affiche.compose.template.read import read_template
from affiche.compose.typeset.locales import LocaleInfo, locales
from affiche.errors import AfficheError
from affiche.ports import PictureInfo
from affiche.values.geometry import Insets, Size
from affiche.values.locale import Locale
from affiche.values.text import Text

#: Canvas px; shown at half of it.
SPECIMEN, MARK = Size(width=1120, height=420), Size(width=560, height=360)
#: Characters of a sample that make a headline.
_HEADLINE = 26


@cache
def scripts() -> tuple[LocaleInfo, ...]:
    """One covered locale for each script, in the order of the list."""
    found: dict[str, LocaleInfo] = {}
    for info in locales():
        found.setdefault(info.script, info)
    return tuple(found.values())


def specimens(brand: Brand, wanted: Iterable[str]) -> list[tuple[LocaleInfo, ComposeRequest]]:
    """A specimen for each wanted script (ISO 15924; `Aran` = Nastaliq); one that is not covered gives none."""
    asked = frozenset(wanted)
    return [(info, _specimen(brand, info)) for info in scripts() if info.script in asked]


def _specimen(brand: Brand, info: LocaleInfo) -> ComposeRequest:
    locale = Locale.parse(info.tag)
    words = {"headline": _short(info.sample), "body": info.sample}
    return _alone(brand, _template("specimen"), SPECIMEN, locale, words)


def _short(sample: str) -> str:
    """The first sentence of a sample, or its first words."""
    kept = ""
    for word in re.split(r"(?<=[.!?:።։])\s|[、，。၊]", sample)[0].split():
        if kept and len(f"{kept} {word}") > _HEADLINE:
            break
        kept = f"{kept} {word}".strip()
    return kept.rstrip(",;:،.–")


def marks(brand: Brand, logo: PictureInfo | None, on_dark: PictureInfo | None) -> list[tuple[str, ComposeRequest]]:
    """The logo on each of the brand's colours, by role. Without a file the brand's name stands for it."""
    template, locale = _template("mark"), Locale.parse("en-US")
    made = _alone(brand, template, MARK, locale, {})
    made = replace(made, logo=logo, logo_on_dark=on_dark, wordmark="" if logo else brand.name)
    return [(role, replace(made, template=replace(template, ground=(role,)))) for role in COLOR_ROLES]


def _alone(brand: Brand, template: Template, size: Size, locale: Locale, words: dict[str, str]) -> ComposeRequest:
    texts = {role: Text(value=text, locale=locale.tag) for role, text in words.items()}
    return ComposeRequest(
        size=size, safe=Insets(), locale=locale, words=texts, brand=brand, template=template, shown_width=size.width // 2,
        placement="kit",
    )  # fmt: skip


@cache
def _template(name: str) -> Template:
    path = Path(__file__).with_name(f"{name}.yaml")
    found, problems = read_template(path.read_bytes(), file=path.name)
    if found is None:
        raise AfficheError(f"the template {name} of the brand kit is broken: {problems[0].message} at {problems[0].where}")
    return found
