"""Runs: the state machine of an execution, as a table, and the verbs that move it.

A run is written with its outbox row in one transaction (`submit`): accepted is accepted. Its worker moves it (`move`), with
the fence it got when it took the run over (`own`): a worker that was thought dead and comes back has an old fence, and changes
nothing.
People only wish (`wish`): cancel, pause, resume; the engine hears of it by the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from affiche import tracing
from affiche.errors import Conflict
from affiche.registry import events, outbox
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, found, now, one
from affiche.registry.tables.flow import events as log
from affiche.registry.tables.work import campaigns, runs

State = Literal[
    "queued", "planning", "waiting-money", "waiting-copy", "waiting-picture", "rendering", "checking", "paused",
    "needs-review", "approved", "delivered", "partial", "failed", "cancelled",
]  # fmt: skip
Wish = Literal["cancel", "pause", "resume", "retry"]
STATES: tuple[State, ...] = get_args(State)

_WAITING: tuple[State, ...] = ("waiting-money", "waiting-copy", "waiting-picture")
_STOPPED: tuple[State, ...] = ("failed", "cancelled")


def _to(*states: State) -> frozenset[State]:
    return frozenset(states)


#: From -> to. What is not here cannot happen. Going back to `queued` is a retry, to `planning` a recovery after a crash.
MOVES: Mapping[State, frozenset[State]] = {
    "queued": _to("planning", "paused", *_STOPPED),
    "planning": _to("planning", "rendering", "checking", "paused", "queued", *_WAITING, *_STOPPED),
    "waiting-money": _to("planning", "rendering", "paused", *_STOPPED),
    "waiting-copy": _to("planning", "rendering", "paused", *_STOPPED),
    "waiting-picture": _to("planning", "rendering", "paused", *_STOPPED),
    "rendering": _to("planning", "checking", "needs-review", "partial", "paused", "queued", *_WAITING, *_STOPPED),
    "checking": _to("planning", "rendering", "needs-review", "partial", "paused", "queued", *_STOPPED),
    "paused": _to("queued", "planning", *_STOPPED),
    "needs-review": _to("approved", "needs-review"),
    "partial": _to("queued", "approved", "needs-review"),
    "approved": _to("delivered", "needs-review"),
    "delivered": _to("approved", "needs-review"),
    "failed": _to("queued"),
    "cancelled": _to("queued"),
}
#: Why a run failed whose deadline passed.
TOO_LATE = "its deadline passed before it was done"
#: Nothing more happens by itself.
RESTING: frozenset[State] = _to("needs-review", "approved", "delivered", "partial", *_STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a run is wanted. `chosen`: name -> values, as `--only` (`{}` = everything). Lower `priority` goes first."""

    priority: int = 5
    chosen: Mapping[str, list[str]] = field(default_factory=dict)
    start_after: datetime | None = None
    deadline: datetime | None = None
    batch: str | None = None
    parent: str | None = None
    trigger: str = "request"
    trace: str = ""


def submit(connection: sa.Connection, scope: Scope, campaign: Row, order: Order) -> Row:
    """A new run of the campaign's newest revision, and its outbox row. The caller commits both."""
    moment, trace = now(), order.trace or tracing.carried()
    row = {
        "id": new_id("run"), "tenant": scope.tenant, "brand": campaign["brand"], "campaign": campaign["id"],
        "revision": campaign["revision"], "state": "queued", "wish": "", "reason": "", "trigger": order.trigger,
        "priority": order.priority, "batch": order.batch, "parent": order.parent,
        "chosen": dict(order.chosen), "trace": trace,
        "start_after": order.start_after, "deadline": order.deadline, "created_by": scope.actor,
        "created_at": moment, "updated_at": moment,
    }  # fmt: skip
    connection.execute(sa.insert(runs).values(**row))
    newest = {"run": row["id"], "state": "queued", "updated_at": moment}
    connection.execute(sa.update(campaigns).where(campaigns.c.id == campaign["id"]).values(**newest))
    data = {"trace": trace} if trace else {}
    outbox.put(connection, scope.tenant, "run.submit", row["id"], data=data, priority=order.priority, at=order.start_after)
    _tell(connection, row, actor=scope.actor)
    return one(connection, scope, runs, id=row["id"], what="run")


def get(connection: sa.Connection, run: str) -> Row:
    """The run, whosever it is: for the engine. Raises NotFound."""
    return found(connection.execute(sa.select(runs).where(runs.c.id == run)).first(), "run", run)


def own(connection: sa.Connection, run: str, owner: str) -> Row:
    """Takes a run over for `owner`: its fence grows by one, older owners can no longer write. Raises NotFound."""
    taken = {"owner": owner, "fence": runs.c.fence + 1, "updated_at": now()}
    connection.execute(sa.update(runs).where(runs.c.id == run).values(**taken))
    return found(connection.execute(sa.select(runs).where(runs.c.id == run)).first(), "run", run)


def move(connection: sa.Connection, run: str, to: State, *, fence: int | None = None, actor: str = "", **also: Any) -> bool:
    """Moves a run to state `to`, with `also` written to its row, and says so in an event.

    False when the fence is old or the run stands there already. Raises NotFound, Conflict for a move that cannot happen.
    """
    query = sa.select(runs).where(runs.c.id == run).with_for_update()
    row = found(connection.execute(query).first(), "run", run)
    if fence is not None and row["fence"] != fence:
        return False
    if row["state"] == to and to not in MOVES[to]:
        return False
    if to not in MOVES[row["state"]]:
        raise Conflict(f"a run that is {row['state']} cannot become {to}")
    values: dict[str, Any] = {"state": to, "updated_at": now(), **also}
    if to in RESTING:
        values = {"finished_at": values["updated_at"], "wish": "", **values}
    elif to == "planning":
        values = {"started_at": row["started_at"] or values["updated_at"], **values}
    connection.execute(sa.update(runs).where(runs.c.id == run).values(**values))
    newest = (campaigns.c.id == row["campaign"], campaigns.c.run == run)
    connection.execute(sa.update(campaigns).where(*newest).values(state=to, updated_at=values["updated_at"]))
    _tell(connection, {**row, **values}, actor=actor)
    return True


def progress(connection: sa.Connection, run: Row, counts: Mapping[str, Any]) -> str:
    """Says how far a run is; gives what somebody wishes of it meanwhile (`cancel`, `pause`), `lost` when its fence is old."""
    mine = (runs.c.id == run["id"], runs.c.fence == run["fence"])
    if not connection.execute(sa.update(runs).where(*mine).values(progress=dict(counts), updated_at=now())).rowcount:
        return "lost"
    wanted = connection.execute(sa.select(runs.c.wish).where(runs.c.id == run["id"])).scalar_one()
    note(connection, run, "run.progress", counts)
    return wanted if wanted in {"cancel", "pause"} else ""


def note(connection: sa.Connection, run: Row, kind: str, data: Mapping[str, Any]) -> None:
    """An event of a run that does not change its state: `run.progress`, `creative.made`."""
    who = {"brand": run["brand"], "campaign": run["campaign"], "run": run["id"]}
    events.append(connection, run["tenant"], kind, **who, actor=run["owner"], data=data)


def waiting_for(connection: sa.Connection, run: Row) -> str:
    """What a run that is under way waits for, for people; empty when it goes on. A try that was in vain leaves it waiting."""
    if run["state"] in RESTING:
        return ""
    told = sa.select(log).where(log.c.tenant == run["tenant"], log.c.run == run["id"])
    newest = told.where(log.c.kind.not_in(("run.state", "run.wish"))).order_by(log.c.seq.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    if last is None or last.kind != "run.waiting" or last.data.get("state") != run["state"]:
        return ""
    since = connection.execute(told.where(log.c.kind == "run.state", log.c.seq > last.seq))
    return "" if any(row.data.get("state") != run["state"] for row in since) else str(last.data["reason"])


def wish(connection: sa.Connection, scope: Scope, run: str, wanted: Wish) -> Row:
    """Somebody wishes that a run be cancelled, paused, resumed or tried again. Raises NotFound, Conflict."""
    row = one(connection, scope, runs, id=run, what="run")
    if not _may_wish(row["state"], wanted):
        raise Conflict(f"a run that is {row['state']} cannot be told to {wanted}")
    if wanted in ("retry", "resume") and is_late(row):
        told = f"the deadline of this run has passed: it would fail again, so it cannot be told to {wanted}"
        raise Conflict(told, hint="start another run of the campaign: what was made is reused")
    connection.execute(sa.update(runs).where(runs.c.id == run).values(wish=wanted, updated_at=now()))
    outbox.put(connection, scope.tenant, "run.wish", run, data={"wish": wanted}, priority=0)
    who = {"brand": row["brand"], "campaign": row["campaign"], "run": run}
    events.append(connection, scope.tenant, "run.wish", **who, actor=scope.actor, data={"wish": wanted})
    return one(connection, scope, runs, id=run, what="run")


def is_late(run: Mapping[str, Any]) -> bool:
    """Whether the deadline of a run has passed: what is not done by then fails."""
    return run["deadline"] is not None and bool(run["deadline"] < now())


def _may_wish(state: State, wanted: Wish) -> bool:
    if wanted == "retry":
        return state in {"failed", "cancelled", "partial"}
    if wanted == "resume":
        return state == "paused"
    return state not in RESTING and not (wanted == "pause" and state == "paused")


def _tell(connection: sa.Connection, row: Mapping[str, Any], *, actor: str) -> None:
    data = {"state": row["state"], "reason": row["reason"], "totals": dict(row.get("totals") or {})}
    who = {"brand": row["brand"], "campaign": row["campaign"], "run": row["id"]}
    events.append(connection, row["tenant"], "run.state", **who, actor=actor, data=data)
