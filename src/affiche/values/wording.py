"""Finding words in copy of any language: normalised, case folded, at word boundaries where the script has them.

May live here: how two strings are compared. What is looked for is data of brands, briefs and profiles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from affiche.values.locale import Locale

#: Dashes are written as blanks, so that “eco-friendly” finds “eco friendly”; quotes are evened out.
_EVEN = str.maketrans({**dict.fromkeys("-‐‑‒–—―\u00a0\u202f_", " "), **dict.fromkeys("’‘ʼ´`", "'")})
#: Scripts written without blanks between words (and Korean, whose particles follow a word at once): anywhere counts.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_TURKIC = frozenset({"tr", "az"})


@lru_cache(maxsize=8192)
def folded(text: str, language: str) -> str:
    """`text` as it is compared: NFKC, case folded (Turkish with its own i), nothing invisible, single blanks."""
    text = unicodedata.normalize("NFKC", text)
    if language in _TURKIC:
        text = text.replace("İ", "i").replace("I", "ı")
    text = unicodedata.normalize("NFKC", text.casefold()).translate(_EVEN)
    # Invisible joiners and hyphens (Cf), the Arabic stretch mark and vowel signs would hide a word.
    kept = (
        c for c in text if unicodedata.category(c) != "Cf" and c != "\u0640" and not "\u064b" <= c <= "\u0652"
    )
    return " ".join("".join(kept).split())


def contains(text: str, word: str, locale: Locale) -> bool:
    """Whether `word` stands in `text`, both written in the language of `locale`. An empty word is in no text."""
    haystack, needle = folded(text, locale.language), folded(word, locale.language)
    return bool(needle) and any(_bounded(haystack, at, needle) for at in _places(haystack, needle))


def _places(haystack: str, needle: str) -> Iterator[int]:
    at = haystack.find(needle)
    while at >= 0:
        yield at
        at = haystack.find(needle, at + 1)


def _bounded(haystack: str, at: int, needle: str) -> bool:
    end = at + len(needle)
    open_before = at == 0 or not _joined(haystack[at - 1], needle[0])
    return open_before and (end == len(haystack) or not _joined(needle[-1], haystack[end]))


def _joined(one: str, other: str) -> bool:
    """Whether two neighbouring characters belong to one word."""
    if _UNSPACED.match(one) or _UNSPACED.match(other):
        return False
    return _of_word(one) and _of_word(other)


def _of_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def words_for(tables: Iterable[Mapping[str, tuple[str, ...]]], locale: Locale) -> tuple[str, ...]:
    """The words of all `tables` (language or locale tag -> words, `*` = all) that count in `locale`, once each."""
    tags = {tag.lower() for tag in (*locale.fallbacks, "*")}
    found = (
        word
        for table in tables
        for tag, words in table.items()
        if tag.replace("_", "-").lower() in tags
        for word in words
    )
    return tuple(dict.fromkeys(found))
