"""Words: the interface in four languages. English is written in the pages; a table per language holds the rest.

A sentence that a table lacks is shown in English; a test compares the tables with the pages, so that none is lacking.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

#: Tag -> what the language calls itself.
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "ar": "العربية", "ja": "日本語"}
_RIGHT_TO_LEFT = frozenset({"ar"})


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def chosen(wish: str, accepted: str) -> str:
    """The language of a visitor: the one asked for, else the first of an Accept-Language header that there is."""
    if wish in LANGUAGES:
        return wish
    ranked = sorted((_ranked(part) for part in accepted.split(",") if part.strip()), reverse=True)
    return next((tag for _, tag in ranked if tag in LANGUAGES), "en")


def translator(language: str) -> Callable[..., str]:
    """`t("3 of {count}", count=5)` in `language`."""
    table = {} if language == "en" else _table(language)

    def translate(text: str, **values: object) -> str:
        said = table.get(text, text)
        return said.format(**values) if values else said

    return translate


@cache
def _table(language: str) -> Mapping[str, str]:
    text = files("affiche.portal").joinpath("words", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _ranked(part: str) -> tuple[float, str]:
    tag, _, quality = part.strip().partition(";q=")
    try:
        weight = float(quality or 1)
    except ValueError:
        weight = 0.0
    return weight, tag.split("-")[0].lower()
