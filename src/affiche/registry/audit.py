"""The audit log: who did what, append-only, each row chained to the one before it in its tenant by a digest.

A changed, removed or inserted row breaks the chain; triggers of the database refuse UPDATE and DELETE. Somebody who owns the
database could drop the triggers and compute a whole new chain, or cut its end: against that, `head` is kept elsewhere and given
to `verify`.
No names and addresses: ids only, so that erasing a person leaves the chain whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import sqlalchemy as sa

from affiche.registry.scope import now
from affiche.registry.tables.people import audit
from affiche.values.digest import digest

#: First half of the lock's name; the second is the tenant.
_LOCK = 0x4175
#: Fields that the digest covers, besides the digest of the row before.
_COVERED = ("tenant", "actor", "actor_kind", "action", "subject", "brand", "request", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What verifying found: `rows` in order, `head` their last digest, `broken` the number of the first wrong row or None."""

    rows: int
    head: str
    broken: int | None = None


def append(
    connection: sa.Connection, tenant: str, action: str, *, actor: str = "", actor_kind: str = "", subject: str = "",
    brand: str = "", request: str = "", data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Says who did what, in the transaction that did it. `data`: text, whole numbers, lists and mappings of them."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK, crc32(tenant.encode()) - (1 << 31))))
    last = sa.select(audit.c.digest).where(audit.c.tenant == tenant).order_by(audit.c.seq.desc()).limit(1)
    row: dict[str, Any] = {
        "tenant": tenant, "actor": actor[:40], "actor_kind": actor_kind[:20], "action": action[:80], "subject": subject[:80],
        "brand": brand[:40], "request": request[:40], "data": json.loads(json.dumps(dict(data or {}))), "at": now(),
        "previous": connection.execute(last).scalar() or "",
    }  # fmt: skip
    connection.execute(sa.insert(audit).values(**row, digest=_digest(row)))


def verify(connection: sa.Connection, tenant: str, *, expected: str = "") -> Chain:
    """Follows the chain of `tenant`. With `expected`, a head that was kept, that row must be there still."""
    previous, rows, seen = "", 0, not expected
    query = sa.select(audit).where(audit.c.tenant == tenant).order_by(audit.c.seq)
    with connection.execution_options(yield_per=1000).execute(query) as found:
        for row in map(dict, found.mappings()):
            if row["previous"] != previous or row["digest"] != _digest(row):
                return Chain(rows=rows, head=previous, broken=row["seq"])
            previous, rows = row["digest"], rows + 1
            seen = seen or previous == expected
    return Chain(rows=rows, head=previous, broken=None if seen else rows + 1)


def newest(connection: sa.Connection, tenant: str, *, before: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    """Rows of `tenant` newest first, those before number `before` when it is given."""
    query = sa.select(audit).where(audit.c.tenant == tenant).order_by(audit.c.seq.desc()).limit(limit)
    if before:
        query = query.where(audit.c.seq < before)
    return [dict(row) for row in connection.execute(query).mappings()]


def tenants(connection: sa.Connection) -> list[str]:
    """Tenants that have a chain."""
    return list(connection.execute(sa.select(audit.c.tenant).distinct().order_by(audit.c.tenant)).scalars())


def _digest(row: Mapping[str, Any]) -> str:
    at = round(row["at"].timestamp() * 1_000_000)
    return digest("audit", row["previous"], at, *(json.dumps(row[name], sort_keys=True) for name in _COVERED))
