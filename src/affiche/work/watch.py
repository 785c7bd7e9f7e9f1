"""Watches a build: counts steps, says so from time to time, stops when somebody wishes it or another worker has the run."""

from __future__ import annotations

import time

from affiche.errors import Superseded
from affiche.procure import Bought
from affiche.registry import runs
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.steps import Begun, Event, StepDone, StepFailed, StepReused

#: Progress is said, and wishes are heard, at most so often, s. What takes less says nothing.
_SAY_S = 1.0


class Watch:
    """The events of one build, for those who wait for it."""

    def __init__(self, run: Row, registry: Registry) -> None:
        self._run, self._registry = run, registry
        self._total = self._done = self._failed = 0
        self._said = time.monotonic()

    def take(self, event: Event | Bought) -> None:
        """Counts. Raises Superseded when the work is not wanted any more."""
        if isinstance(event, Begun):
            self._total = sum(event.total.values())
        elif isinstance(event, StepDone | StepReused | StepFailed):
            self._done += 1
            self._failed += isinstance(event, StepFailed)
        if time.monotonic() - self._said >= _SAY_S:
            self._said = time.monotonic()
            self._say()

    def _say(self) -> None:
        with self._registry.write() as connection:
            counts = {"steps": self._total, "done": self._done, "failed": self._failed}
            wanted = runs.progress(connection, self._run, counts)
        if wanted:
            raise Superseded
