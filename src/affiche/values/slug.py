"""Slugs: names become safe parts of file names before they become paths."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_UNSAFE = re.compile(r"[^a-z0-9]+")
#: Dashes outside ASCII part words too (`Oslo–Kiel`).
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fb\u00b7]")
#: Names that Windows reserves; a file called `con.png` cannot be unpacked there.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))})
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
MAX_LENGTH = 48


def slug(name: str, *, fallback: str = "") -> str:
    """Lower-case letters, digits and dashes, at most 48, never a reserved name.

    A name without any Latin letter or digit (`午後`) becomes `fallback` + `-` + six hex digits of its digest, or nothing
    when no fallback is given, so that different names never meet in one file.
    """
    folded = unicodedata.normalize("NFKD", _DASHES.sub("-", name[:1000].lower()).translate(_LETTERS))
    text = _UNSAFE.sub("-", folded.encode("ascii", "ignore").decode()).strip("-")
    if not text:
        return f"{fallback}-{_mark(name)}" if fallback else ""
    if len(text) > MAX_LENGTH:
        text = f"{text[: MAX_LENGTH - 7].strip('-')}-{_mark(name)}"
    return f"{text}-x" if text in _RESERVED else text


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
