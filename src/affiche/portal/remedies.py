"""Remedies: what the layout says of a text that did not simply fit, in the language of the page. Pure.

The layout speaks English, in sentences with numbers and names; each is known here by its words, and said by the tables. What
is not known stays as it is. `tests/unit/portal/test_remedies.py` holds the list against what layouts say.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SENTENCES = (
    "set without a button: the label is too long for one",
    "another break: lines end inside phrases",
    "another break: words are hyphenated",
    "the shorter approved wording",
    "another layout: {layout}",
    "there are too many texts for the room that they share",
    "about {count} of {length} characters too many",
)
#: What the sizes beside it say already.
_SAID = re.compile(r"(needs [\d.]+ px|does not fit at any size), min [\d.]+|no glyph for .+")


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence)))


_KNOWN = tuple((sentence, _pattern(sentence)) for sentence in _SENTENCES)


def spoken(remedy: str, t: Callable[..., str]) -> str:
    """`remedy` by `t`; empty when all of it is in the sizes."""
    parts = (part for part in remedy.split("; ") if part and not _SAID.fullmatch(part))
    return "; ".join(_part(part, t) for part in parts)


def _part(part: str, t: Callable[..., str]) -> str:
    found = ((sentence, pattern.fullmatch(part)) for sentence, pattern in _KNOWN)
    return next((t(sentence, **match.groupdict()) for sentence, match in found if match), part)
