"""Answers to requests with an idempotency key, remembered in the transaction that did the work: done once, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from affiche.errors import InputError
from affiche.registry.scope import Row, now
from affiche.registry.tables.flow import remembered

#: How long a key is remembered.
KEPT = timedelta(days=2)


class KeyReused(InputError):
    """This idempotency key was used for another request. Use a new key for a new request."""

    code = "idempotency-key-reused"


def begin(connection: sa.Connection, tenant: str, name: str, request: str) -> Row | None:
    """The remembered answer to `name`; None when it is new, then do the work and `finish`. `request`: digest of what is asked.

    A second request with the same name waits here until the first one is through. Raises KeyReused when it asks for
    something else.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    moment = now()
    row = {"name": name, "tenant": tenant, "request": request, "headers": {}, "created_at": moment, "expires_at": moment + KEPT}
    connection.execute(sa.delete(remembered).where(remembered.c.name == name, remembered.c.expires_at < moment))
    # RETURNING and not the number of rows: that is not told for an INSERT on PostgreSQL.
    new = insert(remembered).values(**row).on_conflict_do_nothing().returning(remembered.c.name)
    if connection.execute(new).first() is not None:
        return None
    known = connection.execute(sa.select(remembered).where(remembered.c.name == name)).one()
    if known.request != request:
        raise KeyReused
    return dict(known._mapping)


def finish(connection: sa.Connection, name: str, *, status: int, headers: Mapping[str, str], answer: bytes) -> None:
    """Remembers the answer."""
    values = {"status": status, "headers": dict(headers), "answer": answer}
    connection.execute(sa.update(remembered).where(remembered.c.name == name).values(**values))


def forget(connection: sa.Connection) -> int:
    """Removes what is too old; how many."""
    return connection.execute(sa.delete(remembered).where(remembered.c.expires_at < now())).rowcount
