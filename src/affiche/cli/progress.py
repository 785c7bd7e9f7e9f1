"""What a build shows while it runs: a live display on a terminal, plain lines otherwise. Both are fed with events."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TextIO

from affiche.plan.model import STEP_KINDS, StepKind
from affiche.steps import Begun, Event, StepDone, StepFailed

#: Phases in the words of the house.
_LABELS: dict[StepKind, str] = {"imagine": "imagine  pictures", "compose": "compose  creatives", "check": "check    creatives"}
_EVERY_S = 5.0
#: Creatives after which a rate means something; processes take a second to start.
_SURE = 20


class Progress(Protocol):
    """Takes the events of one build after another."""

    def start(self, campaign: str, creatives: int) -> None: ...

    def take(self, event: Event) -> None: ...

    def say(self, text: str) -> None:
        """A line that stays."""
        ...


@contextmanager
def shown(*, quiet: bool = False, stream: TextIO | None = None) -> Iterator[Progress]:
    """The display that fits `stream` (standard error): with `quiet` nothing is shown."""
    out = stream or sys.stderr
    if quiet:
        yield Silent()
    elif out.isatty():
        with _live(out) as progress:
            yield progress
    else:
        yield Lines(out)


class Silent:
    """Shows nothing."""

    def start(self, campaign: str, creatives: int) -> None: ...

    def take(self, event: Event) -> None: ...

    def say(self, text: str) -> None: ...


class Lines:
    """A line every few seconds, for logs and pipes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._done: dict[StepKind, int] = {}
        self._wanted: dict[StepKind, int] = {}
        self._failed = 0
        self._started = self._last = time.monotonic()

    def start(self, campaign: str, creatives: int) -> None:
        self._failed, self._done = 0, dict.fromkeys(STEP_KINDS, 0)
        self._started = self._last = time.monotonic()
        self.say(f"{campaign}: {creatives:,} creatives")

    def take(self, event: Event) -> None:
        if isinstance(event, Begun):
            self._wanted = {kind: event.total[kind] - event.reused[kind] for kind in STEP_KINDS}
            self.say(f"  {sum(event.reused.values()):,} steps reused, {sum(self._wanted.values()):,} to run")
        elif isinstance(event, StepDone | StepFailed):
            self._done[event.kind] += 1
            self._failed += isinstance(event, StepFailed)
            if time.monotonic() - self._last >= _EVERY_S:
                self._last = time.monotonic()
                self.say(f"  {self._state()}")

    def say(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()

    def _state(self) -> str:
        seconds = time.monotonic() - self._started
        counts = ", ".join(f"{kind} {self._done[kind]:,}/{self._wanted[kind]:,}" for kind in STEP_KINDS if self._wanted[kind])
        failed = f", {self._failed} failed" if self._failed else ""
        done = self._done["compose"]
        if done < _SURE:
            return f"{counts}{failed}"
        rate = done / seconds
        return f"{counts}{failed}, {rate:.1f} creatives/s, {(self._wanted['compose'] - done) / rate:.0f} s left"


@contextmanager
def _live(out: TextIO) -> Iterator[Progress]:
    # Only a terminal pays for rich.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps per second."""

        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:6.1f}/s" if speed else "", style="progress.data.speed")

    left = TimeRemainingColumn(compact=True)
    columns = (TextColumn("  {task.description:<20}"), BarColumn(28), MofNCompleteColumn(), Rate(), left)
    with Bars(*columns, console=Console(file=out), transient=True) as bars:
        yield _Live(bars)


class _Live:
    """One bar per phase that has something to do."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._tasks: dict[StepKind, Any] = {}

    def start(self, campaign: str, creatives: int) -> None:
        for task in self._tasks.values():
            self._bars.remove_task(task)
        self._tasks = {}
        self.say(f"{campaign}: {creatives:,} creatives")

    def take(self, event: Event) -> None:
        if isinstance(event, Begun):
            for kind in STEP_KINDS:
                wanted = event.total[kind] - event.reused[kind]
                if wanted:
                    self._tasks[kind] = self._bars.add_task(_LABELS[kind], total=wanted)
        elif isinstance(event, StepDone | StepFailed):
            self._bars.advance(self._tasks[event.kind])

    def say(self, text: str) -> None:
        self._bars.console.print(text, highlight=False, markup=False)
