"""Alike: pictures that were bought for nearly the same words, proposed before another one is paid for. Pure.

What is compared is what a brief and a brand say (the quoted words and the colours of the prompts), never the sentences that all
prompts share; and the shape, because a picture of another shape would be cropped hard. It is a hint: likeness of words is not
likeness of pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import log
from typing import Any

from affiche.values.digest import Digest
from affiche.values.geometry import Size

#: From this likeness (0..1, shared words of all words) a picture is proposed. Chosen by hand: two flavours of a drink stay below.
ALIKE = 0.75
#: How far shapes may differ: the natural logarithm of the quotient of their ratios.
_SHAPE = 0.25
#: So many are remembered, the latest.
_KEPT = 300
_SAID = re.compile(r"“([^”]*)”|(#[0-9A-Fa-f]{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A picture that was bought: the key of its request, whose it was, and with which words it was asked for."""

    key: Digest
    product: str
    purpose: str
    prompt: str
    width: int
    height: int


def remembered(data: Mapping[str, Any]) -> tuple[Shelved, ...]:
    """What `with_one` made."""
    return tuple(Shelved(**{**row, "key": Digest(row["key"])}) for row in data.get("pictures", ()))


def with_one(data: Mapping[str, Any], bought: Shelved) -> dict[str, Any]:
    """The memory with one more picture, as plain JSON data."""
    others = [row for row in data.get("pictures", ()) if row["key"] != bought.key]
    return {"pictures": [*others, asdict(bought)][-_KEPT:]}


def nearest(prompt: str, purpose: str, size: Size, shelf: Iterable[Shelved]) -> tuple[Shelved, float] | None:
    """The picture asked for in the most similar words, with the likeness 0..1; None when none is alike enough."""
    shaped = [one for one in shelf if one.purpose == purpose and abs(log(size.ratio * one.height / one.width)) <= _SHAPE]
    rated = [(one, likeness(prompt, one.prompt)) for one in shaped]
    best = max(rated, key=lambda pair: pair[1], default=None)
    return best if best is not None and best[1] >= ALIKE else None


def likeness(one: str, other: str) -> float:
    """Shared words of all words that are said in two prompts, 0..1."""
    a, b = _words(one), _words(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def _words(prompt: str) -> frozenset[str]:
    said = " ".join(text or color for text, color in _SAID.findall(prompt))
    return frozenset(re.findall(r"#?\w+", said.casefold()))
