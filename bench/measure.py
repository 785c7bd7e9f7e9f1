"""Measuring: CPU seconds of this process and of the children it waited for, subject and floor in turn.

CPU time and not wall time, because the machine is shared; alternation, because clocks and caches drift; the median of the
rounds, because single rounds are hit by others. A ratio is taken within each round before the median.
"""

from __future__ import annotations

import gc
import resource
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

#: Fewest rounds that count.
ROUNDS = 5

Work = Callable[[int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. `value`, `floor` and `budget` in `unit`; `ratio` is value to floor (0 = there is no floor).

    `budget_is` says what the budget bounds; `ok` is None when the row cannot be measured yet, and `note` says why.
    """

    name: str
    what: str
    unit: str
    value: float | None = None
    floor: float | None = None
    ratio: float | None = None
    budget: float
    budget_is: str = "value"
    ok: bool | None = None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The stable JSON form."""
        data = asdict(self)
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in data.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Medians over the rounds, CPU ms per creative."""

    value_ms: float
    floor_ms: float
    ratio: float


def cpu_s() -> float:
    """User and system seconds of this process and of every child it has waited for."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def spent_ms(work: Work, round_number: int, creatives: int) -> float:
    """CPU ms per creative of one round."""
    gc.collect()
    before = cpu_s()
    work(round_number)
    return (cpu_s() - before) * 1000 / creatives


def alternate(subject: Work, floor: Work, *, creatives: int, rounds: int = ROUNDS) -> Pair:
    """Subject and floor in turn, after one round of each that does not count (that is what *warm* means)."""
    subject(0)
    floor(0)
    rows = [(spent_ms(subject, n, creatives), spent_ms(floor, n, creatives)) for n in range(1, rounds + 1)]
    return Pair(
        value_ms=statistics.median(value for value, _ in rows),
        floor_ms=statistics.median(floor_ms for _, floor_ms in rows),
        ratio=statistics.median(value / floor_ms for value, floor_ms in rows),
    )


def median_ms(subject: Work, *, creatives: int, rounds: int = ROUNDS) -> float:
    """The median CPU ms per creative of a subject without floor, after one round that does not count."""
    subject(0)
    return statistics.median(spent_ms(subject, n, creatives) for n in range(1, rounds + 1))
