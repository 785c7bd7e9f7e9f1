"""Schedules: runs to come, of a campaign's newest brief at that time. At one moment, or again and again by cron (UTC)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from affiche.errors import UsageError
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now, one
from affiche.registry.tables.work import schedules
from affiche.values import cron as crons


def add(
    connection: sa.Connection, scope: Scope, campaign: Row, *, cron: str = "", at: datetime | None = None,
    run: Mapping[str, Any] | None = None,
) -> Row:  # fmt: skip
    """A new schedule. `run`: `priority`, `chosen`, `within_minutes` of each run. Raises UsageError."""
    row = {
        "id": new_id("sch"), "tenant": scope.tenant, "brand": campaign["brand"], "campaign": campaign["id"], "active": True,
        "run": dict(run or {}), "created_by": scope.actor, "created_at": now(), **_times(cron, at),
    }  # fmt: skip
    connection.execute(sa.insert(schedules).values(**row))
    return get(connection, scope, row["id"])


def get(connection: sa.Connection, scope: Scope, id: str) -> Row:
    """Raises NotFound."""
    return one(connection, scope, schedules, id=id, what="schedule")


def change(
    connection: sa.Connection, scope: Scope, id: str, *, active: bool | None = None, cron: str = "", at: datetime | None = None
) -> Row:
    """Turns a schedule on or off, or gives it other times. Raises NotFound, UsageError."""
    get(connection, scope, id)
    values: dict[str, Any] = {} if active is None else {"active": active}
    if cron or at is not None:
        values |= _times(cron, at)
    if values:
        connection.execute(sa.update(schedules).where(schedules.c.id == id).values(**values))
    return get(connection, scope, id)


def remove(connection: sa.Connection, scope: Scope, id: str) -> None:
    """Raises NotFound. Runs that it began stay."""
    get(connection, scope, id)
    connection.execute(sa.delete(schedules).where(schedules.c.id == id))


def upcoming(row: Row) -> datetime | None:
    """When it runs next; None when it does not."""
    if not row["active"]:
        return None
    return crons.read(row["cron"]).after(now()) if row["cron"] else row["next_at"]


def _times(cron: str, at: datetime | None) -> dict[str, Any]:
    if bool(cron) == (at is not None):
        raise UsageError("a schedule has a cron or a moment", hint="give one of `cron` and `at`")
    if not cron:
        return {"cron": "", "next_at": at, "last_at": None}
    try:
        found = crons.read(cron)
    except ValueError as wrong:
        raise UsageError(f"the cron {cron[:60]!r} is none: {wrong}") from None
    if found.after(now()) is None:
        raise UsageError(f"the cron {cron[:60]!r} names no day that exists")
    return {"cron": " ".join(cron.split()), "next_at": None}
