"""Synonyms: what a key of a foreign brief means. The table is `data/synonyms.toml`; there are no spellings in code."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_NOT_A_LETTER = re.compile(r"[\W_]+")
_LOCALIZED = re.compile(
    r"^(?:localized|localised|translated)(?P<after>.+)$|^(?P<before>.+?)(?:localized|localised|translations|translated|bylocale|bylanguage|byregion|bymarket|i18n)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """Folded spelling -> (role, rank); a lower rank is the stronger spelling."""

    brief: Mapping[str, tuple[str, int]]
    product: Mapping[str, tuple[str, int]]
    market: Mapping[str, tuple[str, int]]
    words: Mapping[str, tuple[str, int]]
    wrappers: frozenset[str]
    groups: frozenset[str]
    lists: frozenset[str]
    kept: frozenset[str]
    channels: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4096)
def fold_key(key: str) -> str:
    """`target_region`, `targetRegion`, `Target Region` -> `targetregion`."""
    decomposed = unicodedata.normalize("NFKD", key[:120].casefold())
    plain = "".join(c for c in decomposed if not 0x300 <= ord(c) <= 0x36F)
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFC", plain))


def is_comment(key: str) -> bool:
    """Keys that are remarks of the author: `_comment`, `//`, `$schema`, `_name_comment`."""
    return key.startswith(("_", "//", "#", "$")) or key.lower().endswith("_comment")


@cache
def synonyms() -> Synonyms:
    """The shipped table."""
    data = tomllib.loads(files("affiche.brief.importer").joinpath("data", "synonyms.toml").read_text("utf-8"))
    containers = data["containers"]
    return Synonyms(
        brief=_ranked(data["brief"]),
        product=_ranked(data["product"]),
        market=_ranked(data["market"]),
        words=_ranked(data["words"]),
        wrappers=frozenset(containers["wrappers"]),
        groups=frozenset(containers["groups"]),
        lists=frozenset(containers["lists"]),
        kept=frozenset(data["kept"]["keys"]),
        channels={name: tuple(ratios) for name, ratios in data["channels"].items()},
    )


def _ranked(table: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for role, spellings in table.items():
        for rank, spelling in enumerate(spellings):
            found.setdefault(fold_key(spelling), (role, rank))
    return found


def localized_role(folded: str, table: Mapping[str, tuple[str, int]]) -> str:
    """`disclaimertextlocalized` -> `legal`: the role whose texts by locale stand under this key, or nothing."""
    match = _LOCALIZED.match(folded)
    if match is None:
        return ""
    role, _ = table.get(match.group("after") or match.group("before") or "", ("", 0))
    return role
