"""Scores the recognition of letters: `python -m letters.score [folder of the corpus pictures] [seed]`.

Two figures: how many clean pictures are refused, and how many with words are caught where the words are.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from affiche.compose.shipped_sets import shipped_sets
from affiche.imagine.letters import rows_of_letters
from letters import grounds
from letters.lines import Lettered, lettered


@dataclass
class Tally:
    """Of each kind of picture: how many there were, and in how many letters were seen (where they are)."""

    seen: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)

    def add(self, kind: str, name: str, hit: bool) -> None:
        self.all[kind] += 1
        self.seen[kind] += hit
        if hit:
            self.names.append(name)

    @property
    def share(self) -> float:
        return sum(self.seen.values()) / max(1, sum(self.all.values()))


def refused(pixels: np.ndarray) -> bool:
    """Whether a picture would be refused for its letters."""
    return any(row.sure for row in rows_of_letters(pixels))


def caught(picture: Lettered) -> bool:
    """Whether the words are seen, and where they are."""
    sure = (row.box for row in rows_of_letters(picture.pixels) if row.sure)
    return any(_shared(box, picture.box) > 0.5 * box.width * box.height for box in sure)


def _shared(one, other) -> float:
    wide = min(one.right, other.right) - max(one.x, other.x)
    high = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(0.0, wide) * max(0.0, high)


def clean(corpus: Path | None, *, seed: int = 3) -> Iterator[tuple[str, str, np.ndarray]]:
    """Every picture without letters: kind, name, pixels."""
    yield from (("studio sets", name, pixels) for name, pixels in grounds.sets())
    yield from (("gradients", str(n), grounds.gradient(n + 100 * seed)) for n in range(20))
    if corpus is not None:
        yield from (("photographs", name, pixels) for name, pixels in grounds.photographs(corpus, seed=seed))


def under_words(corpus: Path | None) -> list[tuple[str, np.ndarray]]:
    """What words are set on: of the shapes that are bought."""
    kinds = [(name, kind) for name in shipped_sets() for kind in ("square", "portrait", "tall", "wide")]
    found = [(f"{name} {kind}", grounds.set_view(name, kind, n % 3)) for n, (name, kind) in enumerate(kinds) if n % 2 == 0]
    found += [("gradient", grounds.gradient(n)) for n in range(14)]
    if corpus is not None:
        found += [(name, grounds.fitted(grounds.read(corpus / name))) for name in grounds.CLEAN]
    return found


def tally_clean(pictures: Iterable[tuple[str, str, np.ndarray]], map_=map) -> Tally:
    """False alarms."""
    tally = Tally()
    for some in _some(pictures):
        for (kind, name, _), hit in zip(some, map_(refused, [pixels for *_, pixels in some]), strict=True):
            tally.add(kind, name, hit)
    return tally


def tally_lettered(pictures: Iterable[Lettered], map_=map) -> Tally:
    """What is caught; `names` are those that were missed."""
    tally, missed = Tally(), []
    for some in _some(pictures):
        for picture, hit in zip(some, map_(caught, some), strict=True):
            tally.add(picture.script, picture.name, hit)
            missed += [] if hit else [f"{picture.script}: {picture.name}"]
    tally.names = missed
    return tally


def _some(pictures: Iterable) -> Iterator[list]:
    """A few at a time: they are large."""
    rest = iter(pictures)
    while some := list(islice(rest, 24)):
        yield some


def main(corpus: Path | None, seed: int) -> None:
    with ProcessPoolExecutor(2) as pool:
        for title, tally in (
            ("refused without letters", tally_clean(clean(corpus, seed=seed), pool.map)),
            ("caught", tally_lettered(lettered(under_words(corpus), each=12, seed=seed), pool.map)),
        ):
            print(f"{title}: {sum(tally.seen.values())} of {sum(tally.all.values())} ({tally.share:.1%})")
            print("\n".join(f"  {kind:<12} {tally.seen[kind]} of {tally.all[kind]}" for kind in tally.all))
            print("  " + "; ".join(tally.names))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
