"""The outbox: what the engine must hear of, written in the transaction that decided it.

A row is taken for a while, and done; a row whose taker died is given to another when its time is over. So everything in it is
handled at least once, and handling it twice must be harmless (ids are the engine's idempotency keys). After `MAX_TRIES` a row
is a dead letter: it stays, with its error, until it is replayed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.registry.scope import Row, moment_of
from affiche.registry.tables.flow import outbox

MAX_TRIES = 3


def put(
    connection: sa.Connection, tenant: str, kind: str, subject: str, *, data: Mapping[str, Any] | None = None, priority: int = 5,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Writes a row, to be handled from `at` on (now)."""
    moment = moment_of(connection)
    row = {"tenant": tenant, "kind": kind, "subject": subject, "data": dict(data or {}), "priority": priority}
    connection.execute(sa.insert(outbox).values(**row, created_at=moment, available_at=at or moment))


def take(
    connection: sa.Connection, owner: str, *, kinds: Sequence[str] = (), limit: int = 20, hold_s: float = 30
) -> list[Row]:
    """Up to `limit` waiting rows, most urgent first (lower priority number), held for `owner` until `hold_s` are over."""
    moment = moment_of(connection)
    waiting = sa.and_(
        outbox.c.done_at.is_(None), outbox.c.available_at <= moment, outbox.c.tries < MAX_TRIES,
        sa.or_(outbox.c.taken_until.is_(None), outbox.c.taken_until < moment),
    )  # fmt: skip
    query = sa.select(outbox.c.seq).where(waiting).order_by(outbox.c.priority, outbox.c.seq).limit(limit)
    if kinds:
        query = query.where(outbox.c.kind.in_(kinds))
    chosen = [row.seq for row in connection.execute(query.with_for_update(skip_locked=True))]
    if not chosen:
        return []
    held = {"taken_by": owner, "taken_until": moment + timedelta(seconds=hold_s), "tries": outbox.c.tries + 1}
    connection.execute(sa.update(outbox).where(outbox.c.seq.in_(chosen)).values(**held))
    rows = connection.execute(sa.select(outbox).where(outbox.c.seq.in_(chosen)).order_by(outbox.c.priority, outbox.c.seq))
    return [dict(row._mapping) for row in rows]


def done(connection: sa.Connection, seqs: Sequence[int]) -> None:
    """The rows are handled."""
    connection.execute(sa.update(outbox).where(outbox.c.seq.in_(seqs)).values(done_at=moment_of(connection), taken_until=None))


def withdraw(connection: sa.Connection, kind: str, subject: str) -> None:
    """Rows of a subject that wait, or are dead letters, are not wanted any more."""
    mine = (outbox.c.kind == kind, outbox.c.subject == subject, outbox.c.done_at.is_(None))
    connection.execute(sa.update(outbox).where(*mine).values(done_at=moment_of(connection), taken_until=None))


def failed(connection: sa.Connection, seq: int, error: str, *, again_s: float) -> None:
    """Handling a row went wrong: it comes back after `again_s`, unless it was its last try."""
    again = moment_of(connection) + timedelta(seconds=again_s)
    connection.execute(
        sa.update(outbox).where(outbox.c.seq == seq).values(error=error[:1000], taken_until=None, available_at=again)
    )


def dead(connection: sa.Connection, tenant: str) -> list[Row]:
    """The dead letters of a tenant."""
    query = sa.select(outbox).where(outbox.c.tenant == tenant, outbox.c.done_at.is_(None), outbox.c.tries >= MAX_TRIES)
    free = sa.or_(outbox.c.taken_until.is_(None), outbox.c.taken_until < moment_of(connection))
    return [dict(row._mapping) for row in connection.execute(query.where(free).order_by(outbox.c.seq))]


def replay(connection: sa.Connection, tenant: str, seq: int) -> bool:
    """A dead letter gets its tries back; False when there is none of that number."""
    wanted = (outbox.c.seq == seq, outbox.c.tenant == tenant, outbox.c.done_at.is_(None))
    fresh = {"tries": 0, "taken_until": None, "available_at": moment_of(connection)}
    return connection.execute(sa.update(outbox).where(*wanted).values(**fresh)).rowcount == 1


def waiting(connection: sa.Connection) -> tuple[int, float]:
    """(rows that wait, age of the oldest in seconds)."""
    moment = moment_of(connection)
    query = sa.select(sa.func.count(), sa.func.min(outbox.c.available_at)).where(
        outbox.c.done_at.is_(None), outbox.c.tries < MAX_TRIES, outbox.c.available_at <= moment
    )
    count, oldest = connection.execute(query).one()
    return count, 0.0 if oldest is None else max(0.0, (moment - oldest).total_seconds())
