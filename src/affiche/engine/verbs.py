"""What is asked of an engine, and what an engine asks of those who do the work.

A run goes through *stages* (`start`, ..., `finish`). A stage may ask for *parts*: batches of creatives, or paid calls of one
provider, each on a queue of its own, spread over all workers. When the last part is done the next stage begins. Everything is
named by ids, `<run>.<attempt>/<stage>[/<part>]`, and an id is run once however often it is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

#: The queues that every engine has: stages of runs, batches of creatives. Providers of pictures and words have one each.
RUNS, BATCHES = "runs", "batches"
#: Lower goes first. 0 would overtake rows that DBOS holds without a priority.
URGENT, USUAL, LATER = 1, 5, 9
#: The first stage, and the last.
START, FINISH = "start", "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A run to work on. A retry, a resumption or a replay is another `attempt` of it (1, 2, ...)."""

    run: str
    attempt: int = 1
    priority: int = USUAL

    @property
    def id(self) -> str:
        return f"{self.run}.{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a stage that any worker may do. `id` is unique in the stage, `[A-Za-z0-9._-]+`."""

    id: str
    queue: str = BATCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A stage asks for `parts`, and for stage `then` after the last one."""

    parts: Sequence[Part]
    then: str = FINISH


class Hands(Protocol):
    """Those who do the work. Every call may come again after a crash, here or on another worker; equal calls have equal results.

    AfficheErrors that say `retry` are tried again (three times in all), so is any other exception. `Superseded` ends the
    work quietly: the run was cancelled, or somebody else has taken it over.
    """

    def holding(self, order: Order, stage: str, part: str = "") -> AbstractContextManager[None]:
        """Open as long as a stage or part is theirs: while it is done, and while it waits for what is away or for another try."""
        ...

    def stage(self, order: Order, stage: str) -> Fork | None:
        """Does a stage. None: there is nothing more to do for this run, now."""
        ...

    def part(self, order: Order, stage: str, part: str) -> None: ...

    def waits(self, order: Order, reason: str) -> None:
        """The work waits for something that is away; said once, and when it is for something else. Must not raise."""
        ...

    def give_up(self, order: Order, reason: str, tries: int) -> None:
        """The work cannot be done: a dead letter, for people to read and replay."""
        ...


class Engine(Protocol):
    """Who runs what when."""

    def submit(self, order: Order) -> None:
        """Queues a run. Submitting an order again changes nothing."""
        ...

    def cancel(self, run: str) -> None:
        """Takes every attempt of a run from the queues, parts included; what is at work stops at its next step."""
        ...

    def wait(self, order: Order, timeout_s: float) -> bool:
        """Whether the engine is done with an order (however it ended) before `timeout_s` are over."""
        ...

    def schedule(self, calls: Mapping[str, Call]) -> None:
        """Makes `calls` (by name) the recurring ones: others of before end."""
        ...

    def recover(self) -> Recovered:
        """Makes work of dead workers continue, and says what nobody can continue."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something that recurs: `cron` (five fields, in `zone`), and the id that is handed out each time."""

    cron: str
    id: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """`workers` that were found dead, `orders` that continue elsewhere, and `stranded` ones: of a version nobody runs."""

    workers: tuple[str, ...] = ()
    orders: int = 0
    stranded: tuple[Order, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a queue may do: `at_once` per worker, `everywhere` over all workers, at most `starts` each `seconds`. 0 = no limit."""

    at_once: int = 0
    everywhere: int = 0
    starts: int = 0
    seconds: float = 1.0
