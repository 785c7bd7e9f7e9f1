"""The engine's verbs with DBOS: durable queues on SQLite or PostgreSQL.

Theory of operation. A workflow is a stage of a run or a part of one; its id says which, so that submitting again is harmless.
Its arguments are ids, in JSON. DBOS notes in a step what a stage asked for; what else a workflow does is found again in
ledger and registry, so repeating it is cheap. What everybody needs and is away (a database, the object store, room on a disk) is
waited for, however long: that is no try, and no run fails over it. Parents do not wait: the worker that finishes the last part
queues the next stage.

DBOS restarts the work of a process only when that process comes back; the rest is in `recover`: who is dead (`leases.py`), what
he held, given back to the queues through DBOS's own recovery (its name has an underscore; the version is pinned, the kill tests
are its contract). A workflow that took ten workers with it is a dead letter.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, WorkflowStatus
from dbos import _serialization as serialization
from dbos._error import DBOSException

from affiche.engine.leases import Lease
from affiche.engine.tables import JOINS, EngineDatabase
from affiche.engine.verbs import (
    BATCHES,
    LATER,
    RUNS,
    START,
    URGENT,
    Call,
    Fork,
    Hands,
    Limits,
    Order,
    Recovered,
)
from affiche.errors import (
    AfficheError,
    LedgerBusy,
    RegistryUnavailable,
    StorageAway,
    StorageError,
    Superseded,
)

#: Workers of another version leave each other's work alone. Raise it when an id of a stage or part changes its meaning.
VERSION = "1"
#: How often work is tried before it is a dead letter; pauses between tries, s.
TRIES, PAUSES = 3, (1.0, 8.0)
#: How many workers a piece of work may take with it. More than tries: it is done in render processes, so that a worker's death
#: (a node that goes, a `kill -9`) says little about it.
DEATHS = 10
#: Pauses while something is away that everybody needs (a database, a disk, the object store), s; the last one from then on.
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
#: How long a file that cannot be read or written is waited for before that counts as tries, s: it may be this run's alone.
OUTAGE_S = 180.0
#: What drivers say when a database is away, by name, bases included: render processes hand their classes over.
_AWAY = frozenset({"OperationalError", "InterfaceError", "PoolTimeout", "ConnectionTimeout", "DBOSException"})
#: How long a dequeued workflow may take at most to be seen, s. DBOS starts at most a queue's `at_once` each time.
POLL_S = 0.25
_OPEN = ["ENQUEUED", "PENDING", "DELAYED"]
_KILLED = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"

log = logging.getLogger("affiche.engine")


class DurableEngine:
    """An engine in this process. DBOS allows one for each process; `launch` starts it, `drain` ends it."""

    def __init__(
        self, database: EngineDatabase, hands: Hands, *, worker: str, queues: Mapping[str, Limits], version: str = VERSION,
        ttl_s: float = 6.0, called: Callable[[str, datetime], None] = lambda _id, _at: None,
    ) -> None:  # fmt: skip
        self._database, self._hands, self._queues, self._called = database, hands, dict(queues), called
        self.lease = Lease(database.db, worker, version=version, ttl_s=ttl_s)
        self.version = version
        self._gone = threading.Event()
        config = DBOSConfig(
            name="affiche", application_version=version, executor_id=worker, log_level="ERROR",
            serializer=serialization.DBOSPortableJSON, use_listen_notify=False, scheduler_polling_interval_sec=5.0,
            **database.dbos(),  # type: ignore[typeddict-item]
        )  # fmt: skip
        DBOS.destroy(destroy_registry=True)
        DBOS(config=config)
        self._register()

    def _register(self) -> None:
        """Tells DBOS its workflows; it takes functions, not methods."""

        @DBOS.workflow(name="stage", max_recovery_attempts=DEATHS - 1)
        def stage(*, run: str, attempt: int, priority: int, stage: str) -> str:
            with structlog.contextvars.bound_contextvars(run=run, attempt=attempt, step=stage):
                order = Order(run=run, attempt=attempt, priority=priority)
                with self._hands.holding(order, stage):
                    return self._run_stage(order, stage)

        @DBOS.workflow(name="part", max_recovery_attempts=DEATHS - 1)
        def part(*, run: str, attempt: int, priority: int, stage: str, part: str, of: int, then: str) -> str:
            with structlog.contextvars.bound_contextvars(run=run, attempt=attempt, step=f"{stage}/{part}"):
                order = Order(run=run, attempt=attempt, priority=priority)
                with self._hands.holding(order, stage, part):
                    return self._run_part(order, stage, part, of=of, then=then)

        @DBOS.workflow(name="call")
        def call(at: datetime, id: str) -> None:
            self._called(id, at)

        self._call = call

    def launch(self, *, alone: bool = False) -> None:
        """Begins to take work. Other workers see this one from now on; `alone` when there can be none, but dead ones.

        Raises StorageAway when the database is away, or deleted in this very moment.
        """
        try:
            self.lease.take(alone=alone)
            DBOS.launch()
            self._open_queues()
        except (sa.exc.SQLAlchemyError, DBOSException) as error:
            raise StorageAway(f"the engine's database does not answer ({type(error).__name__})", hint="Does it run?") from error

    def _open_queues(self) -> None:
        for name, limits in self._queues.items():
            DBOS.register_queue(
                name, worker_concurrency=limits.at_once or None, global_concurrency=limits.everywhere or None,
                limiter={"limit": limits.starts, "period": limits.seconds} if limits.starts else None,
                polling_interval_sec=POLL_S, on_conflict="always_update",
            )  # fmt: skip

    def drain(self, timeout_s: float) -> None:
        """Takes nothing more, waits for what is at work, gives the lease back. What did not end in time continues elsewhere."""
        DBOS.destroy(workflow_completion_timeout_sec=max(1, round(timeout_s)))
        self._gone.set()
        self.lease.give_back()

    def leave(self) -> None:
        """Takes its hands off everything at once: others have the work, or will."""
        self._gone.set()

    # -- the verbs ------------------------------------------------------------------------------------------------------

    def submit(self, order: Order) -> None:
        self._queue(order, START)

    def cancel(self, run: str) -> None:
        ids = [work.workflow_id for work in self._known(prefix=f"{run}.", status=_OPEN)]
        if ids:
            DBOS.cancel_workflows(ids)

    def wait(self, order: Order, timeout_s: float) -> bool:
        until = time.monotonic() + timeout_s
        while self.holds(order):
            if time.monotonic() > until:
                return False
            time.sleep(POLL_S)
        return True

    def schedule(self, calls: Mapping[str, Call]) -> None:
        known = {schedule["schedule_name"] for schedule in DBOS.list_schedules()}
        for name in known - set(calls):
            DBOS.delete_schedule(name)
        wanted: list[Any] = [
            {
                "schedule_name": name, "workflow_fn": self._call, "schedule": call.cron, "context": call.id,
                "cron_timezone": call.zone,
            }
            for name, call in calls.items()
        ]  # fmt: skip
        if wanted:
            DBOS.apply_schedules(wanted)

    def recover(self) -> Recovered:
        dead = self.lease.bury()
        living = self.lease.living()
        pending = self._known(status=["PENDING"])
        left = sorted({work.executor_id for work in pending if work.executor_id and work.executor_id not in living})
        count = 0
        for worker in left:
            count += len(DBOS._recover_pending_workflows([worker]))
        self._bury_poison()
        return Recovered(workers=dead, orders=count, stranded=self._stranded(living))

    # -- what else a worker asks ----------------------------------------------------------------------------------------

    def holds(self, order: Order) -> bool:
        """Whether something of `order` is queued or at work."""
        return bool(self._known(prefix=f"{order.id}/", status=_OPEN, limit=1))

    def holding(self) -> set[str]:
        """The ids of all orders of which something is queued or at work."""
        return {work.workflow_id.partition("/")[0] for work in self._known(status=_OPEN)}

    def forget(self, before: datetime) -> int:
        """Deletes what ended before a moment: DBOS itself never does. How many workflows went."""
        over = self._known(before=before, status=["SUCCESS", "ERROR", "CANCELLED", _KILLED], limit=5_000)
        if over:
            DBOS.delete_workflows([work.workflow_id for work in over])
        return len(over)

    # -- workflows ------------------------------------------------------------------------------------------------------

    def _run_stage(self, order: Order, stage: str) -> str:
        asked = DBOS.run_step({"name": "stage"}, lambda: self._tried(order, lambda: _noted(self._hands.stage(order, stage))))
        if isinstance(asked, str):
            return asked
        for part in asked["parts"]:
            DBOS.enqueue_workflow_with_options(
                {
                    "workflow_name": "part", "queue_name": part["queue"], "workflow_id": f"{order.id}/{stage}/{part['id']}",
                    "app_version": self.version, "priority": max(order.priority, URGENT),
                },
                run=order.run, attempt=order.attempt, priority=order.priority, stage=stage, part=part["id"],
                of=len(asked["parts"]), then=asked["then"],
            )  # fmt: skip
        return "forked"

    def _run_part(self, order: Order, stage: str, part: str, *, of: int, then: str) -> str:
        done = self._tried(order, lambda: self._hands.part(order, stage, part))
        if isinstance(done, str):
            return done
        if self._waited_for(order, lambda: self._joined(f"{order.id}/{stage}", part)) >= of:
            self._queue(order, then)
        return "done"

    def _tried(self, order: Order, work: Callable[[], Any]) -> Any:
        """What `work` returns, or why there is nothing: `superseded`, `given up`."""
        number = 0
        while True:
            try:
                return self._waited_for(order, work)
            except Superseded:
                return "superseded"
            except AfficheError as problem:
                why, again = problem.public, problem.retry != "never"
            except Exception as problem:
                log.exception("%s failed (try %d of %d)", order.id, number + 1, TRIES)
                why, again = f"{type(problem).__name__}: {problem}", True
            number += 1
            if not again or number == TRIES:
                return self._given_up(order, why, number)
            if self._gone.wait(PAUSES[number - 1]):
                return "superseded"

    def _given_up(self, order: Order, why: str, tries: int) -> str:
        try:
            self._waited_for(order, lambda: self._hands.give_up(order, why, tries))
        except Superseded:
            return "superseded"
        return "given up"

    def _waited_for(self, order: Order, work: Callable[[], Any]) -> Any:
        """What `work` returns, as soon as everything is there that it needs. Raises what else goes wrong.

        When the engine ends it raises Superseded and fails nothing: what breaks then breaks because its processes are going.
        """
        began, waits, told = time.monotonic(), 0, ""
        while True:
            try:
                return work()
            except Exception as problem:
                if self._gone.is_set():
                    raise Superseded from problem
                if not _passes(problem, time.monotonic() - began):
                    raise
                said = _said(problem)
                log.warning("%s waits: %s", order.id, said)
                if waits and said != told:
                    self._hands.waits(order, said)
                    told = said
            if self._gone.wait(WAITS[min(waits, len(WAITS) - 1)]):
                raise Superseded
            waits += 1

    def _joined(self, stage: str, part: str) -> int:
        """Notes that a part is done; how many are. Counted in a transaction of its own: the last to commit sees all."""
        row = {"stage": stage, "part": part}
        with self._database.db.begin() as db:
            db.execute(sa.delete(JOINS).where(JOINS.c.stage == stage, JOINS.c.part == part))
            db.execute(sa.insert(JOINS).values(**row))
        with self._database.db.connect() as db:
            return db.execute(sa.select(sa.func.count()).where(JOINS.c.stage == stage)).scalar() or 0

    def _queue(self, order: Order, stage: str) -> None:
        # Outside of any bookkeeping of the caller's workflow: the id alone makes it happen once.
        DBOS.enqueue_workflow_with_options(
            {
                "workflow_name": "stage", "queue_name": RUNS, "workflow_id": f"{order.id}/{stage}", "app_version": self.version,
                "priority": max(order.priority, URGENT),
            },
            run=order.run, attempt=order.attempt, priority=order.priority, stage=stage,
        )  # fmt: skip

    # -- finding work nobody will do --------------------------------------------------------------------------------------

    def _bury_poison(self) -> None:
        """Work that killed its worker three times: told once, then forgotten."""
        for work in self._known(status=[_KILLED]):
            order = _order_of(work)
            if order is not None:
                self._hands.give_up(order, "its worker died each time", DEATHS)
            DBOS.delete_workflows([work.workflow_id])

    def _stranded(self, living: Mapping[str, str]) -> tuple[Order, ...]:
        """Orders that wait for workers of a version of which none is left."""
        versions = set(living.values()) | {self.version}
        left = [work for work in self._known(status=_OPEN) if work.app_version and work.app_version not in versions]
        orders = {order.id: order for order in map(_order_of, left) if order is not None}
        if left:
            DBOS.cancel_workflows([work.workflow_id for work in left])
        return tuple(orders.values())

    def _known(
        self, *, status: list[str], prefix: str | None = None, before: datetime | None = None, limit: int | None = None
    ) -> list[WorkflowStatus]:
        return DBOS.list_workflows(
            status=status, workflow_id_prefix=prefix, limit=limit, load_input=False, load_output=False,
            completed_before=before.isoformat() if before else None,
        )  # fmt: skip


def default_queues(at_once: int) -> dict[str, Limits]:
    """The queues of a worker that does `at_once` things: a few more may be under way, so that no process waits for the next."""
    return {RUNS: Limits(at_once=at_once + 2), BATCHES: Limits(at_once=at_once)}


def _noted(asked: Fork | None) -> Any:
    """What a stage asked for, as DBOS keeps it."""
    if asked is None or not asked.parts:
        return "done"
    return {"then": asked.then, "parts": [{"id": part.id, "queue": part.queue} for part in asked.parts]}


def _passes(problem: Exception, waited_s: float) -> bool:
    """Whether something is only away: it is waited for."""
    if isinstance(problem, StorageError) and not isinstance(problem, StorageAway):
        return waited_s < OUTAGE_S
    names = {kind.__name__ for kind in type(problem).__mro__}
    return isinstance(problem, (StorageAway, RegistryUnavailable, LedgerBusy, OSError)) or not names.isdisjoint(_AWAY)


def _said(problem: Exception) -> str:
    """In one line, without statements and addresses."""
    return problem.public if isinstance(problem, AfficheError) else type(problem).__name__


def _order_of(work: WorkflowStatus) -> Order | None:
    """The order that a workflow belongs to; None for others (recurring calls)."""
    order, _, stage = work.workflow_id.partition("/")
    run, _, attempt = order.rpartition(".")
    return Order(run=run, attempt=int(attempt), priority=work.priority or LATER) if stage and run and attempt.isdigit() else None


