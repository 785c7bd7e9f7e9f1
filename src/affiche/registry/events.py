"""Events: what happened, append-only, in one order that every reader sees without gaps.

Numbers must become visible in ascending order, or a reader that remembers the last one would miss those that commit late.
SQLite has one writer at a time; on PostgreSQL events of a tenant are written one transaction after the other (an advisory lock
until commit), so append them last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import sqlalchemy as sa

from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.flow import events

#: First half of the lock's name; the second is the tenant.
_LOCK = 0x4576


def append(
    connection: sa.Connection, tenant: str, kind: str, *, brand: str = "", campaign: str | None = None, run: str | None = None,
    actor: str = "", data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Says that something happened. Call it at the end of a transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK, _number(tenant))))
    row = {"tenant": tenant, "brand": brand, "campaign": campaign, "run": run, "kind": kind, "actor": actor}
    connection.execute(sa.insert(events).values(**row, data=dict(data or {}), at=now()))


def _number(tenant: str) -> int:
    """A signed 32-bit number for a tenant."""
    number = crc32(tenant.encode())
    return number - (1 << 32) if number >= 1 << 31 else number


def after(
    connection: sa.Connection,
    scope: Scope,
    seq: int,
    *,
    run: str = "",
    campaign: str = "",
    kinds: Sequence[str] = (),
    limit: int = 200,
) -> list[Row]:
    """Events after number `seq`, oldest first."""
    query = sa.select(events).where(scope.on(events), events.c.seq > seq).order_by(events.c.seq).limit(limit)
    if run:
        query = query.where(events.c.run == run)
    if campaign:
        query = query.where(events.c.campaign == campaign)
    if kinds:
        query = query.where(events.c.kind.in_(kinds))
    return [dict(row._mapping) for row in connection.execute(query)]


def newest(connection: sa.Connection, scope: Scope, *, limit: int, without: Sequence[str] = ()) -> list[Row]:
    """The newest events, oldest first; those of the kinds `without` are left out."""
    query = sa.select(events).where(scope.on(events), events.c.kind.not_in(without)).order_by(events.c.seq.desc()).limit(limit)
    rows: list[Row] = [dict(row._mapping) for row in connection.execute(query)]
    return rows[::-1]


def last(connection: sa.Connection, tenant: str) -> int:
    """The newest number of a tenant, 0 when nothing happened yet."""
    return connection.execute(sa.select(sa.func.max(events.c.seq)).where(events.c.tenant == tenant)).scalar() or 0
