"""What a render process does: takes the id of a run (or of a part of one) and finds everything else itself.

Small runs are carried out whole: planned, drawn, checked and published by one process, so that nothing but ids crosses a border.
Large ones are planned, their creatives drawn in batches by whoever is free, and published by the process that finds them all in
the ledger. In both cases the end is the same `produce.build` as on the command line: what a batch lost is simply made then.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from affiche import outfit, tracing, wire
from affiche.engine.verbs import START, Fork, Order, Part
from affiche.errors import AfficheError, Superseded
from affiche.gather import gather
from affiche.plan.expand import part_of
from affiche.plan.model import Plan
from affiche.plan.quote import step_keys, to_run
from affiche.ports import Ledger
from affiche.procure import Bought, Trade, shelf_of
from affiche.produce import Built, build
from affiche.publish.model import PublishedRun
from affiche.registry import creatives, runs, workers
from affiche.registry.open import Registry, open_registry
from affiche.registry.scope import Row
from affiche.render.jobs import Made
from affiche.runs.folder import Material, laid_out, material_of
from affiche.runs.looks import looks
from affiche.runs.planned import Fill, filled, planned, trade_of, work_root
from affiche.runs.record import divided_of, landed, paid_of, record
from affiche.settings import Settings
from affiche.steps import Begun, Crew, Event, StepFailed, StepReused, run_steps, sheet_key, stored
from affiche.versions import own_version
from affiche.work.watch import OPEN, Watch
from affiche.work.words import copy_of

#: Creatives of a run that one process carries out whole, and creatives per part of a larger run.
WHOLE, BATCH = 40, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a task is done: by which worker, with which settings. `careful` after a crash: each creative may break alone."""

    settings: Settings
    worker: str
    careful: bool = False


def stage(place: Place, order: Order, stage: str) -> Fork | None:
    """A stage of a run; the batches it asks for, or None at its end. Raises Superseded, and what is worth another try."""
    tracing.begin(place.settings.traces, own_version())
    registry, _ = _kept(place.settings)
    run = _taken(registry, order, place.worker)
    try:
        with tracing.span("run", _said(run, stage), parent=run["trace"]) as told:
            forked = _carried_out(place, stage, run)
            told["affiche.parts"] = len(forked.parts) if forked else 0
            return forked
    finally:
        tracing.flush()


def _said(run: Row, stage: str) -> dict[str, tracing.Fact]:
    facts = {"affiche.run": run["id"], "affiche.campaign": run["campaign"], "affiche.tenant": run["tenant"]}
    return {**facts, "affiche.stage": stage, "affiche.attempt": run["attempt"], "affiche.worker": run["owner"]}


def _carried_out(place: Place, stage: str, run: Row) -> Fork | None:
    registry, ledger = _kept(place.settings)
    words = copy_of(run, registry, ledger, place.settings)
    try:
        # Only at the start: a question that failed then would change a large run's plan between its parts and its end.
        with _planned(registry, place.settings, run, words.fill if stage == START else None) as (plan, trade):
            run = {**run, "progress": {**divided_of(run), **paid_of(run), **({"words": words.told} if words.told else {})}}
            _go(registry, run, "rendering")
            missing = _to_make(plan, ledger, place) if stage == START and trade is None else (0, 0)
            if missing[0] > WHOLE:
                with registry.write() as connection:
                    counts = {"steps": len(plan.creatives), "done": 0, "failed": 0, "phases": {}}
                    runs.progress(connection, run, {**run["progress"], **counts, "divided": {"steps": missing[1]}})
                _ready(plan, place, ledger, registry)
                return Fork(parts=[Part(id=f"{number:05}") for number in range(-(-len(plan.creatives) // BATCH))])
            built = _built(plan, run, place, trade=trade, registry=registry, ledger=ledger)
    except AfficheError as error:
        if error.retry != "never" or isinstance(error, Superseded):
            raise
        _failed(registry, run, error)
        return None
    seen = _looks(registry, place, run, built.run)
    with registry.write() as connection:
        if not record(connection, run, built, fence=run["fence"], looks=seen):
            raise Superseded
        workers.ran(connection, place.worker, built.run.steps["ran"])
    return None


def part(place: Place, order: Order, number: int) -> None:
    """One batch of a run's creatives drawn and checked, results in the ledger. Raises Superseded."""
    registry, ledger = _kept(place.settings)
    with registry.read() as connection:
        run = runs.get(connection, order.run)
    if run["state"] not in OPEN or run["wish"] in ("cancel", "pause"):
        raise Superseded
    tracing.begin(place.settings.traces, own_version())
    try:
        with tracing.span("part", {**_said(run, "part"), "affiche.part": number}, parent=run["trace"]) as told:
            batches = _batches(place.settings, run["id"], run["campaign"], run["revision"], str(_today()))
            batch, total = batches[number], sum(len(each.creatives) for each in batches)
            told["affiche.creatives"] = len(batch.creatives)
            with _crew(place) as crew:
                # What fails is tried again, and told, when all of it is published.
                made = _made(run_steps(batch, crew, ledger=ledger, blobs=wire.blobs(place.settings), today=_today()))
            gathered = gather(batch, made, {}, seconds=0.0)
            seen = looks(wire.blobs(place.settings), (creative.thumbnail or "" for creative in gathered.creatives))
            with registry.write() as connection:
                workers.ran(connection, place.worker, made.ran)
                told["affiche.landed"] = landed(connection, run, gathered, of=total, open_states=OPEN, looks=seen)
    finally:
        tracing.flush()


def _looks(registry: Registry, place: Place, run: Row, published: PublishedRun) -> dict[str, str]:
    """What thumbnails of a run look like. Worked out where they are made, a part at a time: no page waits for it."""
    with registry.read() as connection:
        known = creatives.looks(connection, run)
    new = (creative.thumbnail for creative in published.creatives if creative.thumbnail and creative.thumbnail not in known)
    return known | looks(wire.blobs(place.settings), new)


def _made(steps: Generator[Event, None, Made]) -> Made:
    """What steps made, once all of them are done."""
    while True:
        try:
            next(steps)
        except StopIteration as over:
            return cast(Made, over.value)


def _taken(registry: Registry, order: Order, worker: str) -> Row:
    """The run, owned by `worker` from now on. Raises Superseded when nothing is to be done for it."""
    with registry.write() as connection:
        run = runs.own(connection, order.run, worker)
        if run["state"] not in ("queued", *OPEN) or run["wish"] in ("cancel", "pause"):
            raise Superseded
        late = runs.is_late(run)
        why = runs.TOO_LATE if late else ""
        runs.move(connection, run["id"], "failed" if late else "planning", fence=run["fence"], reason=why)
    if late:  # said once it is written: an exception inside would take it back
        raise Superseded
    return run


def _go(registry: Registry, run: Row, state: runs.State) -> None:
    """Moves the run. Raises Superseded when another worker has it."""
    with registry.write() as connection:
        if not runs.move(connection, run["id"], state, fence=run["fence"]):
            raise Superseded


def _to_make(plan: Plan, ledger: Ledger, place: Place) -> tuple[int, int]:
    """How many creatives, and how many steps, have to be made: a change in a large campaign is soon done by one process."""
    if len(plan.creatives) <= WHOLE:
        return len(plan.creatives), 0
    have = stored(plan, ledger, wire.blobs(place.settings))
    return len(to_run(plan, have)), sum(key not in have for keys in step_keys(plan).values() for key in keys)


def _ready(plan: Plan, place: Place, ledger: Ledger, registry: Registry) -> None:
    """The pictures of a large run prepared before it is divided: once, and while its files are laid out."""
    pictures, blobs = replace(plan, creatives=()), wire.blobs(place.settings)
    with _crew(place) as crew:
        # What fails is tried again, and told, at the end.
        made = _made(run_steps(pictures, crew, ledger=ledger, blobs=blobs, today=_today()))
    with registry.write() as connection:
        workers.ran(connection, place.worker, made.ran)


def _built(plan: Plan, run: Row, place: Place, *, trade: Trade | None, registry: Registry, ledger: Ledger) -> Built:
    watch, out, seen = Watch(run, registry, plan, ledger), out_root(place.settings, run), tracing.Stretches()
    with _crew(place) as crew:
        blobs = wire.blobs(place.settings)
        shelf = shelf_of(run["tenant"], run["brand"])
        for event in build(plan, crew, ledger=ledger, blobs=blobs, out_dir=out, today=_today(), trade=trade, shelf=shelf):
            if isinstance(event, Built):
                seen.passed("publish", {"affiche.creatives": len(plan.creatives)})
                seen.close()
                return event
            _seen(seen, event)
            watch.take(event)
    raise AssertionError("a build ends with what was built")


def _seen(seen: tracing.Stretches, event: Event | Bought) -> None:
    """What has just passed, as a stretch of the run's trace."""
    if isinstance(event, Bought):
        seen.passed("buy", {"affiche.calls": 1, "affiche.failed": int(event.failure is not None)})
    elif not isinstance(event, Begun):
        name = {"imagine": "prepare"}.get(event.kind, "draw")
        reused, failed = isinstance(event, StepReused), isinstance(event, StepFailed)
        seen.passed(name, {"affiche.steps": 1, "affiche.reused": int(reused), "affiche.failed": int(failed)})


def _failed(registry: Registry, run: Row, error: AfficheError) -> None:
    problems = [problem.as_dict() for problem in getattr(error, "problems", ())]
    with registry.write() as connection:
        reason = error.public[:1000]
        runs.move(connection, run["id"], "failed", fence=run["fence"], reason=reason, totals={"problems": problems})


def out_root(settings: Settings, run: Row) -> Path:
    """Where the campaign of a run is published; one folder for each campaign, whatever it calls itself."""
    return settings.home / "service" / "out" / str(run["tenant"]) / str(run["campaign"])


# -- plans ------------------------------------------------------------------------------------------------------------------


@contextmanager
def _planned(
    registry: Registry, settings: Settings, run: Row, fill: Fill | None = None
) -> Iterator[tuple[Plan, Trade | None]]:
    """The plan of a run, its words filled in by `fill`, and who buys the pictures it wishes for; files exist inside `with`."""
    material = material_of(registry, campaign=run["campaign"], revision=run["revision"], brand=run["brand"])
    with laid_out(material, wire.blobs(settings), work_root(settings)) as brief:
        plan, trade = _plan_of(brief, settings, run, material, fill)
        yield plan, trade


def _plan_of(
    brief: Path, settings: Settings, run: Row, material: Material, fill: Fill | None
) -> tuple[Plan, Trade | None]:
    with tracing.span("plan") as told:
        narrowed = {
            "brand_file": material.brand_name, "chosen": run["chosen"], "today": _today(), "accepted": material.accepted
        }  # fmt: skip
        plan = planned(brief, settings, **narrowed)
        if fill is not None:
            plan = filled(plan, brief, settings, fill, **narrowed)
        told |= {"affiche.creatives": len(plan.creatives), "affiche.pictures": len(plan.pictures)}
        return plan, trade_of(plan, brief, settings, **narrowed)


@lru_cache(maxsize=2)
def _batches(settings: Settings, run: str, campaign: str, revision: int, day: str) -> tuple[Plan, ...]:  # noqa: ARG001
    """A large run in pieces: creatives that share a base stay together. Kept, for a process gets several of them.

    Their files are gone afterwards: the pictures that they show lie ready in the ledger.
    """
    registry, _ = _kept(settings)
    with registry.read() as connection:
        row = runs.get(connection, run)
    with _planned(registry, settings, row) as (plan, _):
        together = sorted(plan.creatives, key=sheet_key)
    return tuple(part_of(plan, together[at : at + BATCH]) for at in range(0, len(together), BATCH))


def _today() -> date:
    return datetime.now(UTC).date()


# -- what a process keeps between tasks -----------------------------------------------------------------------------------


@cache
def _kept(settings: Settings) -> tuple[Registry, Ledger]:
    """The registry and the ledger of this process; they open a broken connection again by themselves."""
    return open_registry(settings.database_url, settings.home, seals=wire.seals(settings)), outfit.shared_ledger(settings)


@contextmanager
def _crew(place: Place) -> Iterator[Crew]:
    """This process does the work itself, or, after a crash, lets one of its own break."""
    with wire.crew(place.settings, 1, alone=not place.careful) as crew:
        yield crew
