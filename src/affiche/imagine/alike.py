"""Alike: pictures that were bought for nearly the same, proposed before another one is paid for. Pure.

What is compared is what a brief and a brand say (the quoted words and the colours of the prompts), never the sentences that all
prompts share; and the shape, because a picture of another shape would be cropped hard. Where there is a picture to compare with
(what the product showed last, the pictures of the brand's style), the pictures are compared as well, and one that looks like it
is proposed on fewer common words. It is a hint: somebody has to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import log
from typing import Any

from affiche.values.digest import Digest
from affiche.values.geometry import Size
from affiche.values.likeness import pictures_alike

#: From this likeness (0..1, shared words of all words) a picture is proposed. Chosen by hand: two flavours of a drink stay below.
ALIKE = 0.75
#: From this likeness of pictures (0..1) fewer common words are enough. Unlike pictures in one palette stay at half of it.
LOOKS_ALIKE, FEWER_WORDS = 0.8, 0.45
#: How far shapes may differ: the natural logarithm of the quotient of their ratios.
_SHAPE = 0.25
#: So many are remembered, the latest.
_KEPT = 300
_SAID = re.compile(r"“([^”]*)”|(#[0-9A-Fa-f]{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a picture looks like: its fingerprint (`imagine/fingerprint.py`) and its main colours."""

    fingerprint: str
    palette: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A picture that might do: likeness of the `words`, and of the `picture` to the most alike reference; None without any."""

    shelved: Shelved
    words: float
    picture: float | None = None

    @property
    def does(self) -> bool:
        """Whether it is alike enough to be proposed."""
        return self.words >= ALIKE or (self.words >= FEWER_WORDS and (self.picture or 0.0) >= LOOKS_ALIKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A picture that was bought: the key of its request, whose it was, with which words it was asked for, what it looks like."""

    key: Digest
    product: str
    purpose: str
    prompt: str
    width: int
    height: int
    fingerprint: str = ""
    palette: tuple[str, ...] = ()

    @property
    def seen(self) -> Seen | None:
        """What it looks like, when that is known."""
        return Seen(fingerprint=self.fingerprint, palette=self.palette) if self.fingerprint else None


def remembered(data: Mapping[str, Any]) -> tuple[Shelved, ...]:
    """What `with_one` made."""
    rows = data.get("pictures", ())
    return tuple(Shelved(**{**row, "key": Digest(row["key"]), "palette": tuple(row.get("palette", ()))}) for row in rows)


def with_one(data: Mapping[str, Any], bought: Shelved) -> dict[str, Any]:
    """The memory with one more picture, as plain JSON data."""
    others = [row for row in data.get("pictures", ()) if row["key"] != bought.key]
    return {"pictures": [*others, asdict(bought)][-_KEPT:]}


def nearest(
    prompt: str, purpose: str, size: Size, shelf: Iterable[Shelved], *, references: Iterable[Seen] = ()
) -> Near | None:
    """The picture asked for in the most similar words that looks most like a reference; None when none is alike enough."""
    shaped = [one for one in shelf if one.purpose == purpose and abs(log(size.ratio * one.height / one.width)) <= _SHAPE]
    shown = tuple(references)
    rated = [Near(shelved=one, words=likeness(prompt, one.prompt), picture=looks_like(one.seen, shown)) for one in shaped]
    return max((near for near in rated if near.does), key=lambda near: near.words + (near.picture or 0.0), default=None)


def looks_like(one: Seen | None, references: Iterable[Seen]) -> float | None:
    """0..1 to the most alike of `references`; None when there is nothing to compare."""
    if one is None:
        return None
    rated = (pictures_alike((one.fingerprint, one.palette), (other.fingerprint, other.palette)) for other in references)
    return max(rated, default=None)


def last_shown(product: str, purpose: str, shelf: Iterable[Shelved]) -> tuple[Seen, ...]:
    """What was bought last for `product`: a reference, or nothing."""
    own = [one.seen for one in shelf if one.product == product and one.purpose == purpose and one.seen is not None]
    return tuple(own[-1:])


def likeness(one: str, other: str) -> float:
    """Shared words of all words that are said in two prompts, 0..1."""
    a, b = _words(one), _words(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def _words(prompt: str) -> frozenset[str]:
    said = " ".join(text or color for text, color in _SAID.findall(prompt))
    return frozenset(re.findall(r"#?\w+", said.casefold()))
