"""Steps: runs the steps of a plan that are missing, and says what happens as it happens.

The recipe is `run_steps`: what is there is reused, then pictures are made ready, then creatives are drawn and checked sheet
by sheet, each sheet one task for a render process and one commit in the ledger. What fails is a finding of the creatives
that it concerns; only storage that fails stops everything. `produce.py` tells the story around it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from affiche.plan.model import Creative, Plan, StepKind
from affiche.plan.quote import step_keys, to_run
from affiche.ports import Blobs, Done, Ledger, Outcome, Pool
from affiche.render.jobs import DrawJob, Drawn, Made, Prepared, PrepareJob, broken
from affiche.render.record import ready
from affiche.values.digest import Digest
from affiche.values.finding import Finding

#: Creatives per task: fewer waste starts and commits, more leave cores idle at the end and lose more when killed. A task may be
#: half as large again: every task paints its base, so a remainder of five is not worth one of its own.
SHEET_MIN, SHEET_MAX = 8, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A build begins: how many steps of each kind there are, and how many of them are reused."""

    total: Mapping[StepKind, int]
    reused: Mapping[StepKind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReused:
    """The result of a step was there."""

    kind: StepKind
    key: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A step ran; its result is recorded."""

    kind: StepKind
    key: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed:
    """A step could not be done; nothing is recorded, and the next build tries again."""

    kind: StepKind
    key: Digest
    finding: Finding


Event = Begun | StepReused | StepDone | StepFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who does the work: a pool of `jobs` processes, and what they do with a batch."""

    pool: Pool
    prepare: Callable[[Sequence[PrepareJob]], list[Prepared]]
    draw: Callable[[Sequence[DrawJob]], list[Drawn]]
    jobs: int = 1


def stored(plan: Plan, ledger: Ledger, blobs: Blobs) -> frozenset[Digest]:
    """The keys of `plan` whose results are there, blobs included."""
    wanted = [key for keys in step_keys(plan).values() for key in keys]
    return frozenset(key for key, names in ledger.known(wanted).items() if all(map(blobs.has, names.values())))


def run_steps(plan: Plan, crew: Crew, *, ledger: Ledger, blobs: Blobs, today: date) -> Generator[Event, None, Made]:
    """Every step of `plan`, reused or run; returns what was made. Raises StorageError."""
    work = _Work(plan=plan, crew=crew, ledger=ledger, today=today, have=stored(plan, ledger, blobs))
    yield from _reuse(work)
    yield from _imagine(work)
    yield from _draw(work)
    return Made(outcomes=work.outcomes, failed=work.failed, reused=work.have, ran=work.ran)


@dataclass(slots=True, kw_only=True)
class _Work:
    """One run in progress: what is known, what was made, what failed."""

    plan: Plan
    crew: Crew
    ledger: Ledger
    today: date
    have: frozenset[Digest]
    outcomes: dict[Digest, Outcome] = field(default_factory=dict)
    failed: dict[Digest, Finding] = field(default_factory=dict)
    ran: int = 0

    def keep(self, outcomes: Sequence[Outcome], made: Iterable[Creative] = ()) -> None:
        """Records outcomes in one commit, with what `made` were made from."""
        made_from = {self.plan.subject(c): self.plan.inputs_of(c) for c in made}
        self.ledger.record(outcomes, made_from)
        self.outcomes.update({outcome.key: outcome for outcome in outcomes})
        self.ran += len(outcomes)

    def fail(self, kind: StepKind, key: Digest, finding: Finding) -> StepFailed:
        self.failed[key] = finding
        self.ran += 1
        return StepFailed(kind=kind, key=key, finding=finding)


def _reuse(work: _Work) -> Iterator[Event]:
    steps = step_keys(work.plan)
    reused = {kind: [key for key in keys if key in work.have] for kind, keys in steps.items()}
    yield Begun(total={k: len(v) for k, v in steps.items()}, reused={k: len(v) for k, v in reused.items()})
    work.outcomes.update(work.ledger.find(work.have))
    _remember(work)
    for kind, keys in reused.items():
        for key in keys:
            yield StepReused(kind=kind, key=key)


def _remember(work: _Work) -> None:
    """Results of another campaign may be reused here: this campaign's creatives are made from something all the same."""
    reused = [c for c in work.plan.creatives if work.have.issuperset(c.keys)]
    now = {work.plan.subject(c): work.plan.inputs_of(c) for c in reused}
    before = work.ledger.last_made_from(now)
    new = {subject: inputs for subject, inputs in now.items() if before.get(subject) != inputs}
    if new:
        work.ledger.record([], new)


def _imagine(work: _Work) -> Iterator[Event]:
    """Every picture made ready, each in a task of its own."""
    crew = work.crew
    missing = [step for step in work.plan.pictures if step.key not in work.have]
    jobs = [[PrepareJob(step=step)] for step in missing]
    for done in crew.pool.run(crew.prepare, jobs):
        crashed = Prepared(key=done.batch[0].step.key, error=broken("crash", f"{done.batch[0].step.name}: {done.crash}"))
        for result in done.result or [crashed]:
            if result.outcome is not None:
                work.keep([result.outcome])
                yield StepDone(kind="imagine", key=result.key)
            elif result.error is not None:
                yield work.fail("imagine", result.key, result.error)


def _draw(work: _Work) -> Iterator[Event]:
    """Every sheet drawn and checked; one commit per sheet."""
    waiting = to_run(work.plan, work.have)
    by_key: dict[Digest, list[Creative]] = {}
    for creative in waiting:
        lost = [step.key for step in work.plan.pictures_of(creative) if step.key in work.failed]
        if lost:
            yield from _give_up(work, creative, work.failed[lost[0]])
        else:
            by_key.setdefault(creative.compose_key, []).append(creative)
    sheets = _sheets([_job(work, alike) for alike in by_key.values()], work.crew.jobs)
    for done in work.crew.pool.run(work.crew.draw, sheets, _place_of):
        yield from _drawn(work, done, by_key)


def _job(work: _Work, alike: Sequence[Creative]) -> DrawJob:
    """The job of creatives with one compose key."""
    steps = work.plan.pictures_of(alike[0])
    checks = {c.check_key: c for c in alike if c.check_key not in work.have}
    return DrawJob(
        part=work.plan.part,
        creative=alike[0],
        checks=tuple(checks.values()),
        pictures={step.key: ready(work.outcomes[step.key]) for step in steps},
        today=work.today,
        drawn=work.outcomes.get(alike[0].compose_key),
    )


def _sheets(jobs: Sequence[DrawJob], processes: int) -> Iterator[list[DrawJob]]:
    """Jobs that can share a base, in even pieces that keep every process busy.

    A few of the other direction go along: their base is another one, but the pictures and the backdrop in it are the same.
    """
    size = min(SHEET_MAX, max(SHEET_MIN, -(-len(jobs) // (3 * processes))))
    for _, kin in groupby(sorted(jobs, key=_key_of), key=lambda job: _key_of(job)[:-1]):
        runs = [list(run) for _, run in groupby(kin, key=_key_of)]
        if min(map(len, runs)) * 2 < size:
            runs = [[job for run in runs for job in run]]
        for run in runs:
            pieces = max(1, round(len(run) / size))
            each = -(-len(run) // pieces)
            yield from (run[at : at + each] for at in range(0, len(run), each))


def _place_of(sheet: Sequence[DrawJob]) -> str:
    """A process that drew a placement knows what a studio set shows there, whatever the product."""
    return sheet[0].creative.place.placement.id


def _key_of(job: DrawJob) -> tuple[str, ...]:
    return sheet_key(job.creative)


def sheet_key(creative: Creative) -> tuple[str, str, str, str]:
    """What shares a base: a product with its pictures on a placement, and last the direction. Products stay together."""
    return (creative.product.digest, creative.place.placement.id, creative.id.variant, creative.words.locale.direction)


def _drawn(work: _Work, done: Done[DrawJob, list[Drawn]], by_key: Mapping[Digest, Sequence[Creative]]) -> Iterator[Event]:
    results = done.result
    if results is None:
        crash = broken("crash", f"could not be drawn: {done.crash}", "Please report this with the brief.")
        results = [Drawn(key=done.batch[0].creative.compose_key, error=crash)]
    outcomes = [outcome for result in results for outcome in result.outcomes]
    work.keep(outcomes, [c for result in results if result.error is None for c in by_key[result.key]])
    for outcome in outcomes:
        yield StepDone(kind="compose" if outcome.kind == "compose" else "check", key=outcome.key)
    for result in results:
        if result.error is not None:
            for creative in by_key[result.key]:
                yield from _give_up(work, creative, result.error)


def _give_up(work: _Work, creative: Creative, cause: Finding) -> Iterator[Event]:
    """Marks the steps of a creative that cannot be made, each once."""
    steps: tuple[tuple[StepKind, Digest], ...] = (("compose", creative.compose_key), ("check", creative.check_key))
    for kind, key in steps:
        if key not in work.outcomes and key not in work.failed:
            yield work.fail(kind, key, cause)
