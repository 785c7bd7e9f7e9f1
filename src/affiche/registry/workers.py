"""Workers as people see them: who is there, since when, last heard of when, with what in hand.

A worker writes its own row from time to time (`say`), its render processes add the steps they ran (`ran`). The list decides
nothing: who is dead, and whose work continues elsewhere, is found out by the engine's leases, without clocks. Moments are told by
the database, so that a worker whose clock is wrong does not look dead; on SQLite all processes share one clock anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from affiche.registry.scope import Row, Scope, moment_of
from affiche.registry.tables.flow import workers
from affiche.registry.tables.work import campaigns, runs

State = Literal["busy", "idle", "draining", "silent"]
STATES: tuple[State, ...] = get_args(State)
#: How long a worker that fell silent stays in the list, for people to see what was lost.
KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker has in hand: a stage of a run, or one part of it (`""` = no part), for so many seconds."""

    run: str
    stage: str
    part: str
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sign of life. `age_s`: how long the worker lives; `lease_s`: how long it may be silent before it counts as dead."""

    id: str
    host: str
    pid: int
    version: str
    processes: int
    lease_s: int
    age_s: float
    draining: bool
    work: Sequence[Task] = ()


def say(connection: sa.Connection, sign: Sign) -> None:
    """Makes or renews the row of a worker; its steps and its beginning stay."""
    moment = moment_of(connection)
    told = [
        {"run": task.run, "stage": task.stage, "part": task.part, "since": (moment - timedelta(seconds=task.for_s)).isoformat()}
        for task in sign.work
    ]
    new = {"draining": sign.draining, "work": told, "seen_at": moment}
    same = {
        "id": sign.id, "host": sign.host[:255], "pid": sign.pid, "version": sign.version[:80], "processes": sign.processes,
        "lease_s": sign.lease_s, "steps": 0, "since": moment - timedelta(seconds=sign.age_s),
    }  # fmt: skip
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(workers).values(**same, **new).on_conflict_do_update(index_elements=[workers.c.id], set_=new))


def ran(connection: sa.Connection, worker: str, steps: int) -> None:
    """Adds steps that a worker ran; what lay in the ledger already is not among them."""
    if steps:
        connection.execute(sa.update(workers).where(workers.c.id == worker).values(steps=workers.c.steps + steps))


def leave(connection: sa.Connection, worker: str) -> None:
    """A worker has ended, in order."""
    connection.execute(sa.delete(workers).where(workers.c.id == worker))


def forget(connection: sa.Connection) -> int:
    """Lets workers go that have been silent for long; how many."""
    return connection.execute(sa.delete(workers).where(workers.c.seen_at < moment_of(connection) - KEPT)).rowcount


def clear(connection: sa.Connection) -> None:
    """Lets all go: where a worker that begins is the only one, the others are left-overs."""
    connection.execute(sa.delete(workers))


def states(connection: sa.Connection) -> dict[State, int]:
    """How many workers are in each state, zeros included."""
    moment = moment_of(connection)
    found = dict.fromkeys(STATES, 0)
    for row in _rows(connection):
        found[_state(row, moment)] += 1
    return found


def all_of(connection: sa.Connection, scope: Scope) -> list[Row]:
    """Every worker, oldest first: its columns, `state`, `silent_s` since its last sign of life, and `work`, each with its run.

    Workers serve all tenants; of what they have in hand only the tenant's own is told.
    """
    moment = moment_of(connection)
    rows = _rows(connection)
    known = _runs(connection, scope, {task["run"] for row in rows for task in row["work"]})
    return [_shown(row, moment, known) for row in rows]


def _rows(connection: sa.Connection) -> list[Row]:
    rows = connection.execute(sa.select(workers).order_by(workers.c.since, workers.c.id))
    return [dict(row._mapping) for row in rows]


def _shown(row: Row, moment: datetime, known: Mapping[str, Row]) -> Row:
    held = [task for task in row["work"] if task["run"] in known]
    work = [{**known[task["run"]], **task, "since": datetime.fromisoformat(task["since"])} for task in held]
    return {**row, "state": _state(row, moment), "silent_s": _silent_s(row, moment), "work": work}


def _runs(connection: sa.Connection, scope: Scope, ids: Iterable[str]) -> dict[str, Row]:
    """Of each run its campaign, its state, and how many of its steps are done."""
    both = runs.join(campaigns, campaigns.c.id == runs.c.campaign)
    wanted = sa.select(runs.c.id, runs.c.campaign, campaigns.c.name, runs.c.state, runs.c.progress).select_from(both)
    found: dict[str, Row] = {}
    for row in connection.execute(wanted.where(runs.c.id.in_(sorted(ids)), scope.on(runs))):
        progress = row.progress or {}
        counts = {"done": int(progress.get("done", 0)), "steps": int(progress.get("steps", 0))}
        found[row.id] = {"campaign": row.campaign, "name": row.name, "state": row.state, **counts}
    return found


def _state(row: Row, moment: datetime) -> State:
    if _silent_s(row, moment) > row["lease_s"]:
        return "silent"
    return "draining" if row["draining"] else "busy" if row["work"] else "idle"


def _silent_s(row: Row, moment: datetime) -> float:
    silent: timedelta = moment - row["seen_at"]
    return max(0.0, round(silent.total_seconds(), 3))
