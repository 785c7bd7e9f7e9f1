"""Whose rows a verb may see: one tenant, and of it all brands or some. Every query of a request goes through a `Scope`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from affiche.errors import NotFound

#: An open connection, for those who hand it on and know nothing of SQL.
Writing = sa.Connection
#: A row as plain data by column name.
Row = Mapping[str, Any]
#: The tenant of a laptop and of a house that has only one.
HOME_TENANT = "ten_00000000000000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A tenant; `brands`: ids of those that may be seen, None = all, rows without a brand included."""

    tenant: str
    brands: frozenset[str] | None = None
    #: Who acts, for events and `created_by`.
    actor: str = ""

    def on(self, table: sa.Table, brand: str = "brand") -> sa.ColumnElement[bool]:
        """The condition that keeps a query of `table` inside."""
        inside = table.c.tenant == self.tenant
        if self.brands is None or brand not in table.c:
            return inside
        return sa.and_(inside, table.c[brand].in_(self.brands))

    def covers(self, brand: str) -> bool:
        """Whether rows of `brand` are inside."""
        return self.brands is None or brand in self.brands


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def moment_of(connection: sa.Connection) -> datetime:
    """This moment by the clock that all who use the registry share: the database's; with SQLite they share this machine's."""
    if connection.dialect.name == "postgresql":
        told: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return told
    return now()


def found(row: sa.Row[Any] | None, what: str, id: str) -> Row:
    """The row as plain data. Raises NotFound for None: what is not there and what is not yours look the same."""
    if row is None:
        raise NotFound(f"there is no {what} {id[:80]!r}")
    return dict(row._mapping)


def one(connection: sa.Connection, scope: Scope, table: sa.Table, *, id: str, what: str) -> Row:
    """The row of `table` with this id. Raises NotFound."""
    query = sa.select(table).where(table.c.id == id, scope.on(table, "id" if table.name == "brands" else "brand"))
    return found(connection.execute(query).first(), what, id)


def page(
    connection: sa.Connection, table: sa.Table, where: Sequence[sa.ColumnElement[bool]], *, before: str, limit: int
) -> tuple[list[Row], str]:
    """Up to `limit` rows, newest first, older than the id `before`; and the id to go on with, empty at the end."""
    query = sa.select(table).where(*where).order_by(table.c.id.desc()).limit(limit + 1)
    if before:
        query = query.where(table.c.id < before)
    rows: list[Row] = [dict(row._mapping) for row in connection.execute(query)]
    return rows[:limit], str(rows[limit - 1]["id"]) if len(rows) > limit else ""
