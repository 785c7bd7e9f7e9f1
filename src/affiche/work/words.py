"""The words that a run lacks, drafted before anything is drawn or bought: the run waits for copy, then goes on.

What is asked, paid for and kept is the same as in a build (`drafting.py`): every question is in the journal before it is sent, so
that a run which is taken over asks only what nobody has asked. What this adds is what the run tells of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from affiche.drafting import Asked, drafted, written_by_models
from affiche.errors import CapabilityError, Superseded, UsageError
from affiche.inputs import Campaign
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.registry import runs
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.settings import Settings

#: Failures that a run tells one by one.
_TOLD = 20


@dataclass(slots=True, kw_only=True)
class Copy:
    """The words of one run. `told`: what came of it, kept in the run's progress and, at its end, in its totals."""

    run: Row
    registry: Registry
    ledger: Ledger
    settings: Settings
    told: dict[str, Any]

    def fill(self, campaign: Campaign, plan: Plan, today: date, replan: Callable[[], Plan]) -> Plan:
        """The plan with what a writer could give. A writer that cannot be asked leaves the source language, and is told.

        Raises Superseded when the run is not wanted any more, StorageError.
        """
        asked = drafted(campaign, plan, self.settings, today, ledger=self.ledger, replan=replan)
        self.told = {**self.told, "failures": []} if self.told else {}
        try:
            while True:
                self._tell(next(asked))
        except StopIteration as end:
            plan = end.value
        except (UsageError, CapabilityError) as error:  # no key, no library: the operator's, and no reason to draw nothing
            self._say({"failures": [_failure("", 0, error)]})
        if self.told:
            models = written_by_models(plan).values()
            self._say({"texts": len(models), "flagged": sum(bool(known.get("flags")) for known in models)})
        return plan

    def _tell(self, event: Asked) -> None:
        with self.registry.write() as connection:
            if event.filled is None:
                moved = runs.move(connection, self.run["id"], "waiting-copy", fence=self.run["fence"])
                if not moved and runs.get(connection, self.run["id"])["fence"] != self.run["fence"]:
                    raise Superseded
        if event.filled is None:
            self._say({"writer": event.writer, "stage": event.stage})
            return
        filled, before = event.filled, self.told
        new = [_failure(failure.locale, failure.texts, failure.error) for failure in filled.failures]
        self._say({
            "written": before.get("written", 0) + filled.written, "rejected": before.get("rejected", 0) + filled.rejected,
            "calls": before.get("calls", 0) + filled.calls, "currency": "USD",
            "cost": str(Decimal(before.get("cost", "0")) + filled.cost),
            "failures": [*before.get("failures", []), *new][:_TOLD],
        })  # fmt: skip
        with self.registry.write() as connection:
            data = {"stage": event.stage, "writer": event.writer, "written": filled.written, "rejected": filled.rejected}
            paid = {"by": sorted(filled.by), "calls": filled.calls, "cost": str(filled.cost), "currency": "USD"}
            runs.note(connection, self.run, "run.words", {**data, **paid, "failures": new[:_TOLD]})

    def _say(self, news: dict[str, Any]) -> None:
        """Keeps what is new in the run's row. Raises Superseded."""
        self.told = {**self.told, **news}
        with self.registry.write() as connection:
            wanted = runs.progress(connection, self.run, {**self.run["progress"], "words": self.told})
        if wanted:
            raise Superseded


def copy_of(run: Row, registry: Registry, ledger: Ledger, settings: Settings) -> Copy:
    """The words of `run`, with what an earlier attempt has told of them."""
    told = dict((run["progress"] or {}).get("words") or {})
    return Copy(run={**run, "progress": run["progress"] or {}}, registry=registry, ledger=ledger, settings=settings, told=told)


def _failure(locale: str, texts: int, error: Any) -> dict[str, Any]:
    return {"locale": locale, "texts": texts, "code": error.code, "message": error.public}
