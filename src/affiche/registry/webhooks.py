"""Whom to tell of events, and the log of telling. A delivery is an event for one webhook; every try is written down.

`spread` turns new events into deliveries, `due` hands out those whose time has come (each to one taker), `tried` writes down
how it went: delivered, again later (pauses grow), or given up after `MAX_TRIES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import sqlalchemy as sa

from affiche.errors import Conflict
from affiche.registry import events as happened
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now, one
from affiche.registry.tables.flow import deliveries, events, webhooks

#: The event of a try: told to the webhook that is tried, and to no other.
TEST = "webhook.test"
#: Pauses after tries, s: a day in all. After the last one it is given up.
PAUSES = (5, 30, 120, 600, 1800, 7200, 21600, 43200)
MAX_TRIES = len(PAUSES) + 1
#: How long a delivery that is being tried belongs to its taker, s: longer than a try may take.
_HOLD_S = 60
_SPREAD = 500


def add(connection: sa.Connection, scope: Scope, values: dict[str, Any]) -> Row:
    """A new webhook (`values` with its id); it hears of what happens from now on."""
    moment = now()
    seen = connection.execute(sa.select(sa.func.max(events.c.seq))).scalar() or 0
    row = {"tenant": scope.tenant, "seen": seen, "created_by": scope.actor, "created_at": moment, "updated_at": moment}
    connection.execute(sa.insert(webhooks).values(**row, **values))
    return one(connection, _all(scope), webhooks, id=values["id"], what="webhook")


def _all(scope: Scope) -> Scope:
    """Webhooks say for which brand they are by id or `*`; who may manage them sees them all."""
    return Scope(tenant=scope.tenant, actor=scope.actor)


def spread(connection: sa.Connection) -> int:
    """New deliveries for what happened since each webhook last looked; how many."""
    made = 0
    query = sa.select(webhooks).where(webhooks.c.active.is_(True)).with_for_update(skip_locked=True)
    for hook in connection.execute(query).all():
        wanted = sa.select(events).where(events.c.tenant == hook.tenant, events.c.seq > hook.seen)
        found = connection.execute(wanted.order_by(events.c.seq).limit(_SPREAD)).all()
        rows = [_delivery(hook.tenant, hook.id, event.seq) for event in found if _concerns(hook, event)]
        if rows:
            connection.execute(sa.insert(deliveries), rows)
        if found:
            connection.execute(sa.update(webhooks).where(webhooks.c.id == hook.id).values(seen=found[-1].seq))
        made += len(rows)
    return made


def _concerns(hook: Any, event: Any) -> bool:
    about = hook.brand in ("*", event.brand) and event.kind != TEST
    return about and (not hook.kinds or any(fnmatchcase(event.kind, kind) for kind in hook.kinds))


def _delivery(tenant: str, hook: str, event: int, replay: int = 0) -> dict[str, Any]:
    moment = now()
    return {
        "id": new_id("dlv"), "tenant": tenant, "webhook": hook, "event": event, "state": "waiting", "tries": 0, "log": [],
        "replay": replay, "next_at": moment, "created_at": moment, "done_at": None,
    }  # fmt: skip


def due(connection: sa.Connection, *, limit: int = 20) -> list[tuple[Row, Row, Row]]:
    """(delivery, webhook, event) of those whose time has come; nobody else gets them for a while."""
    moment = now()
    waiting = (deliveries.c.state == "waiting", deliveries.c.next_at <= moment)
    query = sa.select(deliveries.c.id).where(*waiting).order_by(deliveries.c.next_at).limit(limit)
    chosen = [row.id for row in connection.execute(query.with_for_update(skip_locked=True))]
    if not chosen:
        return []
    held = {"next_at": moment + timedelta(seconds=_HOLD_S), "tries": deliveries.c.tries + 1}
    connection.execute(sa.update(deliveries).where(deliveries.c.id.in_(chosen)).values(**held))
    found: list[tuple[Row, Row, Row]] = []
    for row in connection.execute(sa.select(deliveries).where(deliveries.c.id.in_(chosen))).all():
        hook = connection.execute(sa.select(webhooks).where(webhooks.c.id == row.webhook)).first()
        event = connection.execute(sa.select(events).where(events.c.seq == row.event)).first()
        if hook is None or event is None:
            connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(state="failed", done_at=moment))
        else:
            found.append((dict(row._mapping), dict(hook._mapping), dict(event._mapping)))
    return found


def tried(connection: sa.Connection, delivery: Row, *, status: int, error: str, final: bool = False) -> None:
    """Writes a try down. `status`: of the answer, 0 for none; `final`: trying again would not help."""
    moment, tries = now(), delivery["tries"]
    log = [*delivery["log"], {"at": moment.isoformat(), "status": status, "error": error[:300]}]
    good = 200 <= status < 300 or (not error and not status)
    if good:
        values: dict[str, Any] = {"state": "delivered", "done_at": moment, "next_at": None}
    elif final or tries >= MAX_TRIES:
        values = {"state": "failed", "done_at": moment, "next_at": None}
    else:
        values = {"next_at": moment + timedelta(seconds=PAUSES[tries - 1])}
    connection.execute(sa.update(deliveries).where(deliveries.c.id == delivery["id"]).values(log=log, **values))


def replay(connection: sa.Connection, scope: Scope, id: str) -> Row:
    """Another delivery of the same event. Raises NotFound."""
    row = one(connection, scope, deliveries, id=id, what="delivery")
    same = (deliveries.c.webhook == row["webhook"], deliveries.c.event == row["event"])
    last = connection.execute(sa.select(sa.func.max(deliveries.c.replay)).where(*same)).scalar_one()
    made = _delivery(scope.tenant, row["webhook"], row["event"], last + 1)
    connection.execute(sa.insert(deliveries).values(**made))
    return made


def test(connection: sa.Connection, scope: Scope, id: str) -> Row:
    """A delivery to this webhook alone, of something that did not happen. Raises NotFound, Conflict."""
    hook = one(connection, _all(scope), webhooks, id=id, what="webhook")
    if not hook["active"]:
        raise Conflict("this webhook is switched off", hint="switch it on first")
    happened.append(connection, scope.tenant, TEST, actor=scope.actor, data={"webhook": id})
    mine = sa.select(sa.func.max(events.c.seq)).where(events.c.tenant == scope.tenant, events.c.kind == TEST)
    seq = connection.execute(mine).scalar_one()
    made = _delivery(scope.tenant, id, seq)
    connection.execute(sa.insert(deliveries).values(**made))
    return made


def change(connection: sa.Connection, scope: Scope, id: str, values: dict[str, Any]) -> Row:
    """Changes a webhook. Raises NotFound."""
    one(connection, _all(scope), webhooks, id=id, what="webhook")
    connection.execute(sa.update(webhooks).where(webhooks.c.id == id).values(**values, updated_at=now()))
    return one(connection, _all(scope), webhooks, id=id, what="webhook")


def remove(connection: sa.Connection, scope: Scope, ids: Sequence[str]) -> None:
    """Removes webhooks with their deliveries."""
    for id in ids:
        one(connection, _all(scope), webhooks, id=id, what="webhook")
    connection.execute(sa.delete(deliveries).where(deliveries.c.webhook.in_(ids)))
    connection.execute(sa.delete(webhooks).where(webhooks.c.id.in_(ids)))
