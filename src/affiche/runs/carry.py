"""A run carried out in this process, start to end: taken over, laid out, planned, built, written back.

Kill it anywhere and carry it again: what was made lies in the ledger, the registry moves on when the results are there.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from affiche import wire
from affiche.errors import AfficheError
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.procure import Bought, Trade
from affiche.produce import Built, build
from affiche.registry import runs
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.runs.folder import laid_out, material_of
from affiche.runs.planned import planned, trade_of, work_root
from affiche.runs.record import record
from affiche.settings import Settings
from affiche.steps import Begun, Crew, Event, StepDone, StepFailed, StepReused

#: Progress is said at most so often, s.
_SAY_S = 0.5


class Stopped(AfficheError):
    """The run was cancelled or paused while it was carried out, or another worker has it."""

    code = "stopped"


def carry(run_id: str, *, owner: str, registry: Registry, settings: Settings, crew: Crew, ledger: Ledger, today: date) -> None:
    """Carries a run out. What is wrong with its brief ends it as `failed`; other errors are the caller's to try again."""
    with registry.write() as c:
        run = runs.own(c, run_id, owner)
        if run["state"] in runs.RESTING or run["state"] == "paused":
            return
        runs.move(c, run_id, "planning", fence=run["fence"], attempt=run["attempt"] + 1)
    material = material_of(registry, campaign=run["campaign"], revision=run["revision"], brand=run["brand"])
    try:
        with laid_out(material, wire.blobs(settings), work_root(settings)) as brief:
            plan = planned(brief, settings, brand_file=material.brand_name, chosen=run["chosen"], today=today)
            trade = trade_of(plan, brief, settings, brand_file=material.brand_name, chosen=run["chosen"], today=today)
            built = _built(plan, run, trade, registry=registry, settings=settings, crew=crew, ledger=ledger, today=today)
    except Stopped:
        return
    except AfficheError as error:
        if error.retry != "never":
            raise
        _fail(registry, run, error)
        return
    with registry.write() as c:
        record(c, run, built, fence=run["fence"])


def _built(
    plan: Plan, run: Row, trade: Trade | None, *, registry: Registry, settings: Settings, crew: Crew, ledger: Ledger, today: date
) -> Built:
    with registry.write() as c:
        if not runs.move(c, run["id"], "rendering", fence=run["fence"]):
            raise Stopped
    watch = _Watch(run, registry)
    out = out_root(settings, run)
    for event in build(plan, crew, ledger=ledger, blobs=wire.blobs(settings), out_dir=out, today=today, trade=trade):
        if isinstance(event, Built):
            return event
        if not isinstance(event, Bought):
            watch.take(event)
    raise AssertionError("a build ends with what was built")


def out_root(settings: Settings, run: Row) -> Path:
    """Where the campaign of a run is published; one folder for each campaign, whatever it calls itself."""
    return settings.home / "service" / "out" / str(run["tenant"]) / str(run["campaign"])


def _fail(registry: Registry, run: Row, error: AfficheError) -> None:
    problems = [problem.as_dict() for problem in getattr(error, "problems", ())]
    with registry.write() as c:
        runs.move(c, run["id"], "failed", fence=run["fence"], reason=error.public[:1000], totals={"problems": problems})


class _Watch:
    """Counts steps, says so from time to time, and stops when somebody wishes it or another worker has the run."""

    def __init__(self, run: Row, registry: Registry) -> None:
        self._run, self._registry = run, registry
        self._total = self._done = self._failed = 0
        self._said = 0.0

    def take(self, event: Event) -> None:
        if isinstance(event, Begun):
            self._total = sum(event.total.values())
        elif isinstance(event, StepDone | StepReused | StepFailed):
            self._done += 1
            self._failed += isinstance(event, StepFailed)
        if time.monotonic() - self._said >= _SAY_S:
            self._said = time.monotonic()
            self._say()

    def _say(self) -> None:
        with self._registry.write() as c:
            wanted = runs.progress(c, self._run, {"steps": self._total, "done": self._done, "failed": self._failed})
            if wanted == "cancel":
                runs.move(c, self._run["id"], "cancelled", fence=self._run["fence"])
            elif wanted == "pause":
                runs.move(c, self._run["id"], "paused", fence=self._run["fence"], wish="")
        if wanted:
            raise Stopped
