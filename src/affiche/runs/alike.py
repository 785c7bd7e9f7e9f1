"""Alike: creatives that look and read alike stand together, so that a reviewer decides once; what differs stands alone and first.

Theory: within one campaign, product, placement, variant and status, creatives are compared by the look of their thumbnails
(`values/look.py`) and by how much room their words take. Each joins the first cluster whose leader is near, in a fixed order; the
largest cluster is what is usual, and everything small and far from it is an outlier. Pure; the registry hands in plain rows.
A family of the very same values is compared once: a decision takes one away, and only its family is compared anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal
from unicodedata import east_asian_width

from affiche.values.look import Look, distance

#: Two creatives nearer than this look alike. Seen: other words of one layout stay below it, mirrored ones are at 0.5.
NEAR = 0.16
#: Words that take more or less room than this against the leader's make another line count or size likely.
_ROOM = (0.45, 1.8)
#: A cluster up to this share of its family is an outlier.
_FEW = 0.1
#: Families that are remembered: as many as 50 campaigns of 10 products and 4 placements have.
_FAMILIES = 2048
_WORST = {"error": 0, "failed": 1, "flagged": 2, "passed": 3}
Why = Literal["", "look", "words", "status"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """A creative as the comparison sees it. `family`: what must be equal. Equal to itself only: so a family is known again."""

    id: str
    family: tuple[str, ...]
    status: str
    look: Look | None
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """`members` in the order of the wall. `why`: what makes them differ from what is usual; empty when they are usual."""

    family: tuple[str, ...]
    status: str
    members: tuple[str, ...]
    why: Why = ""
    distance: float = 0.0


@dataclass(slots=True)
class _Growing:
    leader: Seen
    members: list[Seen] = field(default_factory=list)


def clusters(creatives: Iterable[Seen], *, near: float = NEAR) -> list[Cluster]:
    """Clusters, what must be looked at first: failed, then odd ones (the farthest first), then the largest."""
    families: dict[tuple[str, ...], list[Seen]] = {}
    for seen in creatives:
        families.setdefault((*seen.family, seen.status), []).append(seen)
    found = [cluster for family in families.values() for cluster in _split(tuple(family), near)]
    return sorted(found, key=lambda c: (_WORST.get(c.status, 0), not c.why, -c.distance, -len(c.members)))


@lru_cache(maxsize=_FAMILIES)
def _split(family: tuple[Seen, ...], near: float) -> list[Cluster]:
    growing: list[_Growing] = []
    for seen in family:
        home = next((g for g in growing if not _apart(g.leader, seen, near)[0]), None)
        if home is None:
            home = _Growing(leader=seen)
            growing.append(home)
        home.members.append(seen)
    usual = max(growing, key=lambda g: len(g.members))
    return [_told(g, usual, len(family), near) for g in growing]


def _told(growing: _Growing, usual: _Growing, size: int, near: float) -> Cluster:
    first = growing.leader
    made = Cluster(family=first.family, status=first.status, members=tuple(seen.id for seen in growing.members))
    if growing is usual or len(growing.members) > max(1, _FEW * size):
        return made
    why, apart = _apart(usual.leader, first, near)
    return replace(made, why=why or "look", distance=apart)


def _apart(one: Seen, two: Seen, near: float) -> tuple[Why, float]:
    """What sets two apart (empty: nothing), and how far they are apart."""
    apart = distance(one.look, two.look) if one.look and two.look else float((one.look is None) != (two.look is None))
    if apart > near:
        return "look", apart
    share = (1 + _room(tuple(two.words.values()))) / (1 + _room(tuple(one.words.values())))
    if not _ROOM[0] <= share <= _ROOM[1] or one.words.keys() != two.words.keys():
        return "words", apart
    return "", apart


@lru_cache(maxsize=30_000)
def _room(texts: tuple[str, ...]) -> int:
    """How much room words take: a wide letter (Han, kana, Hangul) as much as two narrow ones."""
    return sum(1 + (east_asian_width(letter) in "WF") for text in texts for letter in text)
