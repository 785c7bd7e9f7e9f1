"""Watches a build: counts steps, says so from time to time and shows what is finished; stops when somebody wishes it or another
worker has the run."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from affiche.errors import Superseded
from affiche.gather import gather
from affiche.plan.expand import part_of
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.procure import Bought
from affiche.publish.model import PublishedRun
from affiche.registry import runs
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.render.jobs import Made
from affiche.runs.record import paid_of, shown
from affiche.steps import Begun, Event, StepDone, StepFailed
from affiche.values.digest import Digest

#: Progress is said, and wishes are heard, at most so often, s. What takes less says nothing.
_SAY_S = 1.0
#: The states in which a run is worked on.
OPEN = ("planning", "waiting-copy", "rendering", "checking")


class Watch:
    """The events of one build of `plan`, for those who wait for it. `ledger` holds what its steps made."""

    def __init__(self, run: Row, registry: Registry, plan: Plan, ledger: Ledger) -> None:
        self._run, self._registry = run, registry
        self._plan, self._ledger = plan, ledger
        #: Checks that ran since ads were last shown: an ad is finished with its check.
        self._checked: set[Digest] = set()
        self._failed = 0
        #: Kind of step -> done and all; provider -> what was bought there.
        self._phases: dict[str, list[int]] = {}
        #: With what earlier attempts of the run bought.
        self._spend: dict[str, dict[str, Any]] = {name: dict(row) for name, row in paid_of(run).get("spend", {}).items()}
        self._said = time.monotonic()

    def take(self, event: Event | Bought) -> None:
        """Counts. Raises Superseded when the work is not wanted any more."""
        if isinstance(event, Begun):
            self._phases = {kind: [0, total] for kind, total in event.total.items() if total}
        elif isinstance(event, Bought):
            self._paid(event)
        else:
            self._phases.setdefault(event.kind, [0, 0])[0] += 1
            self._failed += isinstance(event, StepFailed)
            if isinstance(event, StepDone) and event.kind == "check":
                self._checked.add(event.key)
        if time.monotonic() - self._said >= _SAY_S:
            self._said = time.monotonic()
            self._say()

    def _paid(self, event: Bought) -> None:
        """Adds the calls for a picture to what their providers were asked and paid, with the router's reasons; said at once."""
        failure = event.failure
        for call in event.calls:
            row = self._row(call.intent.provider, call.counts.currency)
            row["calls"] += 1
            row["failed"] += call.failed
            row["cost"] = str(Decimal(row["cost"]) + call.counts.amount)
            row["why"] = failure.message if failure else call.note if call.failed else ""
        if failure and not event.calls:  # nobody could be asked: the reason has no other place
            self._row("none", "")["why"] = failure.message
        elif not failure and event.calls:
            self._row(str(event.data["provider"]), "")["why"] = " · ".join(map(str, event.data.get("told", ())))[:400]
        self._said = 0.0

    def _row(self, provider: str, currency: str) -> dict[str, Any]:
        return self._spend.setdefault(provider, {"calls": 0, "failed": 0, "cost": "0", "currency": currency, "why": ""})

    def _say(self) -> None:
        with self._registry.write() as connection:
            done, steps = (sum(pair[at] for pair in self._phases.values()) for at in (0, 1))
            counts = {"steps": steps, "done": done, "failed": self._failed, "phases": self._phases, "spend": self._spend}
            counts |= {name: told for name, told in self._run["progress"].items() if name == "words"}
            wanted = runs.progress(connection, self._run, counts)
            if self._checked and not wanted:
                shown(connection, self._run, self._finished(), open_states=OPEN)
        if wanted:
            raise Superseded

    def _finished(self) -> PublishedRun:
        """The ads whose checks ran since the last time."""
        part = part_of(self._plan, [c for c in self._plan.creatives if c.check_key in self._checked])
        self._checked.clear()
        made = self._ledger.find(key for creative in part.creatives for key in creative.keys)
        return gather(part, Made(outcomes=made, failed={}, reused=frozenset(), ran=0), {}, seconds=0.0)
