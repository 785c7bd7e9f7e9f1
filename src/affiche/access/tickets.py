"""Tickets: what works once and for a short time. A sign-in that is on its way at a provider, an invitation, the first account.

Kept is a digest of the text that somebody holds; who takes a ticket removes it in the same transaction, so it works once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa

from affiche.registry.scope import Row, now
from affiche.registry.tables.people import tickets

Kind = Literal["login", "invitation", "first"]
#: How long each may lie.
LIFE: Mapping[Kind, timedelta] = {
    "login": timedelta(minutes=10), "invitation": timedelta(days=7), "first": timedelta(hours=24),
}  # fmt: skip


def fresh() -> str:
    """A text that nobody can guess."""
    return secrets.token_urlsafe(32)


def issue(
    connection: sa.Connection, tenant: str, kind: Kind, *, person: str | None = None,
    data: Mapping[str, Any] | None = None, text: str = "",
) -> str:  # fmt: skip
    """The text of a new ticket. `text`: one that was made before (`fresh`)."""
    text, moment = text or fresh(), now()
    connection.execute(sa.delete(tickets).where(tickets.c.expires_at <= moment))
    row = {"id": digest_of(text), "tenant": tenant, "kind": kind, "person": person, "data": dict(data or {})}
    connection.execute(sa.insert(tickets).values(**row, created_at=moment, expires_at=moment + LIFE[kind]))
    return text


def seen(connection: sa.Connection, kind: Kind, text: str) -> Row | None:
    """The ticket, when it is still good; it stays."""
    row = connection.execute(sa.select(tickets).where(tickets.c.id == digest_of(text), tickets.c.kind == kind)).first()
    return dict(row._mapping) if row is not None and row.expires_at > now() else None


def take(connection: sa.Connection, kind: Kind, text: str) -> Row | None:
    """The ticket, which is gone with that; None when it was taken before, is too old, or never was."""
    gone = sa.delete(tickets).where(tickets.c.id == digest_of(text), tickets.c.kind == kind)
    row = connection.execute(gone.returning(*tickets.c)).first()
    return dict(row._mapping) if row is not None and row.expires_at > now() else None


def withdraw(connection: sa.Connection, tenant: str, kind: Kind, *, person: str | None = None) -> None:
    """Tickets of a kind, of one person or of all, work no more."""
    where = [tickets.c.tenant == tenant, tickets.c.kind == kind]
    if person is not None:
        where.append(tickets.c.person == person)
    connection.execute(sa.delete(tickets).where(*where))


def digest_of(text: str) -> str:
    """What is kept of a text that nobody can guess (256 random bits)."""
    return hashlib.sha256(text.encode()).hexdigest()
