"""Moves what the registry decided to the engine: submitted runs, wishes, times that have come.

The registry writes a row into its outbox in the same transaction that accepts a run; this takes such rows and makes the engine's
queue agree. A row is handled at least once, and an order's id makes handling it twice harmless. `sweep` is the other direction: a
run that the registry says is open and the engine knows nothing of gets a new attempt. So the engine's database may be deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.engine.durable import DurableEngine
from affiche.engine.verbs import Call, Order
from affiche.errors import AfficheError, Conflict
from affiche.registry import outbox, runs
from affiche.registry.open import Registry
from affiche.registry.scope import Scope, moment_of, now
from affiche.registry.tables.flow import outbox as outbox_table
from affiche.registry.tables.work import campaigns, schedules
from affiche.registry.tables.work import runs as runs_table

KINDS = ("run.submit", "run.wish")
#: Rows that are taken at once, and how long they are held, s.
_MANY, _HOLD_S = 50, 15.0
#: How far the clocks of machines that work together may be apart without anybody being wrong.
_AHEAD = timedelta(minutes=1)
#: States in which the engine owes a run something. Copy is waited for by the process that asks for it; money and pictures
#: are waited for by people.
OWED = ("queued", "planning", "waiting-copy", "rendering", "checking")

log = logging.getLogger("affiche.engine")


def move(registry: Registry, engine: DurableEngine, owner: str) -> int:
    """Hands waiting rows of the outbox to the engine; how many."""
    with registry.read() as connection:
        if not outbox.waiting(connection)[0]:
            return 0  # asked without a write lock: this happens ten times a second
    with registry.write() as connection:
        rows = outbox.take(connection, owner, kinds=KINDS, limit=_MANY, hold_s=_HOLD_S)
    done = [row["seq"] for row in rows if _handled(registry, engine, row)]
    with registry.write() as connection:
        outbox.done(connection, done)
    return len(done)


def _handled(registry: Registry, engine: DurableEngine, row: Mapping[str, Any]) -> bool:
    """Whether a row is done with; if not it comes back in a while."""
    try:
        if row["kind"] == "run.submit":
            _submit(registry, engine, row["subject"])
        else:
            _WISHES[row["data"]["wish"]](registry, engine, row["subject"])
    except Exception as error:  # noqa: BLE001 - whatever it was: the row comes back, and is a dead letter in the end
        log.warning("outbox row %d (%s %s) failed: %s", row["seq"], row["kind"], row["subject"], error)
        with registry.write() as connection:
            outbox.failed(connection, row["seq"], f"{type(error).__name__}: {error}", again_s=2.0 * row["tries"])
        return False
    return True


def _submit(registry: Registry, engine: DurableEngine, run: str) -> None:
    row = _run(registry, run)
    if row is not None and row["state"] == "queued":
        engine.submit(order_of(row))


def order_of(row: Mapping[str, Any]) -> Order:
    """The order that a run of the registry is, now."""
    return Order(run=row["id"], attempt=row["attempt"] + 1, priority=row["priority"])


def _cancel(registry: Registry, engine: DurableEngine, run: str) -> None:
    _stop(registry, engine, run, "cancelled")


def _pause(registry: Registry, engine: DurableEngine, run: str) -> None:
    _stop(registry, engine, run, "paused")


def _stop(registry: Registry, engine: DurableEngine, run: str, state: runs.State) -> None:
    """The row first: a worker that is at it sees that and stops, and can no longer end it otherwise."""
    with registry.write() as connection:
        runs.own(connection, run, "")
        try:
            runs.move(connection, run, state, wish="")
        except Conflict:
            return  # it ended by itself in the meantime
    engine.cancel(run)


def _again(registry: Registry, engine: DurableEngine, run: str) -> None:
    """Another attempt; what is in the ledger already is not made again, so it makes what failed or was missing."""
    again(registry, run)
    _submit(registry, engine, run)


_WISHES: dict[str, Callable[[Registry, DurableEngine, str], None]] = {
    "cancel": _cancel, "pause": _pause, "resume": _again, "retry": _again,
}  # fmt: skip


def again(registry: Registry, run: str) -> None:
    """Puts a run back into the queue as its next attempt, with an outbox row. A run that stands there already stays."""
    with registry.write() as connection:
        row = connection.execute(sa.select(runs_table).where(runs_table.c.id == run).with_for_update()).mappings().first()
        if row is None:
            return
        runs.own(connection, run, "")
        if row["state"] == "queued":
            connection.execute(sa.update(runs_table).where(runs_table.c.id == run).values(attempt=row["attempt"] + 1, wish=""))
        else:
            runs.move(connection, run, "queued", attempt=row["attempt"] + 1, wish="", reason="", finished_at=None)
        outbox.withdraw(connection, "run.submit", run)  # one that nobody could handle is replaced by this one
        outbox.put(connection, row["tenant"], "run.submit", run, priority=row["priority"])


def sweep(registry: Registry, engine: DurableEngine, *, older_s: float) -> int:
    """Gives runs a new attempt that are open, of which the engine knows nothing and nothing waits in the outbox; how many.

    Wishes that were not heard (the engine was away for longer than the outbox tries) are heard now.
    """
    waits = (outbox_table.c.done_at.is_(None), outbox_table.c.tries < outbox.MAX_TRIES)
    waiting = sa.select(outbox_table.c.subject).where(*waits, outbox_table.c.kind == "run.submit")
    with registry.read() as connection:
        moment = moment_of(connection)
        # What was written in the future was written by a clock that was wrong, and says nothing of its age.
        old = sa.or_(
            runs_table.c.updated_at < moment - timedelta(seconds=older_s), runs_table.c.updated_at > moment + _AHEAD
        )
        owed = sa.select(runs_table.c.id).where(runs_table.c.state.in_(OWED), old, runs_table.c.id.not_in(waiting))
        rows = connection.execute(owed).mappings().all()
        deaf = (runs_table.c.wish.in_(("cancel", "pause")), old)
        unheard = connection.execute(sa.select(runs_table.c.id, runs_table.c.wish).where(*deaf)).all()
    for wished in unheard:
        _WISHES[wished.wish](registry, engine, wished.id)
    held = {order.rpartition(".")[0] for order in engine.holding()} if rows else set()
    lost = [row["id"] for row in rows if row["id"] not in held and row["id"] not in {wished.id for wished in unheard}]
    for run in lost:
        log.warning("run %s was lost by the engine: it gets another attempt", run)
        try:
            again(registry, run)
        except AfficheError as error:
            log.warning("run %s cannot be put back: %s", run, error.public)
    return len(lost)


# -- times that have come -------------------------------------------------------------------------------------------------


def calls(registry: Registry) -> dict[str, Call]:
    """The recurring schedules, as the engine wants them."""
    wanted = sa.select(schedules.c.id, schedules.c.cron).where(schedules.c.active.is_(True), schedules.c.cron != "")
    with registry.read() as connection:
        return {row.id: Call(cron=row.cron, id=row.id) for row in connection.execute(wanted)}


def due(registry: Registry) -> list[str]:
    """Schedules for one time whose time has come; each is handed out once."""
    ready = (schedules.c.active.is_(True), schedules.c.cron == "", schedules.c.next_at <= now())
    with registry.read() as connection:
        found = [row.id for row in connection.execute(sa.select(schedules.c.id).where(*ready))]
    for id in found:
        called(registry, id, now())
    return found


def called(registry: Registry, schedule: str, at: datetime) -> None:
    """Submits the run of a schedule. A schedule that is off, or whose campaign is gone, does nothing."""
    with registry.write() as connection:
        query = sa.select(schedules).where(schedules.c.id == schedule, schedules.c.active.is_(True)).with_for_update()
        row = connection.execute(query).mappings().first()
        if row is None or (row["last_at"] is not None and row["last_at"] >= at):
            return
        campaign = connection.execute(sa.select(campaigns).where(campaigns.c.id == row["campaign"])).mappings().first()
        once = {"active": False} if not row["cron"] else {}
        connection.execute(sa.update(schedules).where(schedules.c.id == schedule).values(last_at=at, **once))
        if campaign is None or campaign["archived_at"] is not None:
            return
        wish = row["run"] or {}
        within = wish.get("within_minutes")
        order = runs.Order(
            priority=wish.get("priority", 5), chosen=wish.get("chosen", {}), trigger="schedule",
            deadline=now() + timedelta(minutes=within) if within else None,
        )  # fmt: skip
        runs.submit(connection, Scope(tenant=row["tenant"], actor=row["created_by"]), dict(campaign), order)


def _run(registry: Registry, run: str) -> Mapping[str, Any] | None:
    with registry.read() as connection:
        row = connection.execute(sa.select(runs_table).where(runs_table.c.id == run)).first()
        return None if row is None else dict(row._mapping)
