"""Quotation marks and apostrophes as a language sets them. Pure; data: `data/quotes.toml`.

Models write straight marks whatever they are told; copy on air has the marks of its language. Only straight double marks in
pairs and apostrophes between letters are touched: what somebody wrote as curly or angled marks is meant.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from affiche.values.locale import Locale

_PAIR = re.compile(r'(?<![\w"])"([^"{}]+)"(?![\w"])')
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")


def marks(tag: str) -> tuple[str, str]:
    """(opening, closing) of a quotation in a locale: its own, else those of its language, else English."""
    known, locale = _marks(), Locale.parse(tag)
    latin_america = ("es-419",) if locale.language == "es" and locale.region not in ("", "ES", "GQ") else ()
    found = next((known[name] for name in (locale.tag, *latin_america, *locale.fallbacks) if name in known), known["en"])
    return found[0], found[1]


def quoted(text: str, tag: str) -> str:
    """`text` in the quotation marks of a locale."""
    opening, closing = marks(tag)
    return f"{opening}{text}{closing}"


def typographic(text: str, tag: str) -> str:
    """`text` with straight double marks in pairs and straight apostrophes as the locale sets them."""
    return _APOSTROPHE.sub("’", _PAIR.sub(lambda match: quoted(match[1], tag), text))


@cache
def _marks() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads(files("affiche.write").joinpath("data", "quotes.toml").read_text("utf-8"))
    return {tag: tuple(pair) for tag, pair in data["marks"].items()}
