"""Pictures that were accepted: for one wish of one campaign somebody took a picture that exists, instead of buying another.

Whose it is and who took it stands here; the picture itself lies in the ledger. Next: `runs/proposed.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from affiche.errors import Conflict
from affiche.registry import events
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, found, now
from affiche.registry.tables.work import accepted_pictures as table
from affiche.registry.tables.work import runs


def accept(connection: sa.Connection, scope: Scope, campaign: Row, taken: Mapping[str, str]) -> Row:
    """Writes down what was taken. `taken`: wish, picture, product, purpose, bought_for, bought_brand."""
    row = {
        "id": new_id("acp"), "tenant": scope.tenant, "brand": campaign["brand"], "campaign": campaign["id"],
        "person": scope.actor, "created_at": now(), "withdrawn_at": None, "withdrawn_by": "", **taken,
    }  # fmt: skip
    before = sa.update(table).where(table.c.wish == row["wish"], *_standing(campaign["id"]))
    connection.execute(before.values(withdrawn_at=row["created_at"], withdrawn_by=scope.actor))
    connection.execute(sa.insert(table).values(**row))
    _tell(connection, scope, row, "picture.accepted")
    return row


def withdraw(connection: sa.Connection, scope: Scope, id: str, *, campaign: str) -> Row:
    """Takes it back. Raises NotFound, Conflict when it was taken back already, or when a run may have used it."""
    query = sa.select(table).where(table.c.id == id, table.c.campaign == campaign, scope.on(table))
    row = found(connection.execute(query).first(), "accepted picture", id)
    if row["withdrawn_at"] is not None:
        raise Conflict("this picture was given back already")
    if used(connection, row):
        hint = "ask for another picture in the brief: a higher `take`"
        raise Conflict("a run has begun since this picture was accepted", hint=hint)
    gone = {"withdrawn_at": now(), "withdrawn_by": scope.actor}
    connection.execute(sa.update(table).where(table.c.id == id).values(**gone))
    _tell(connection, scope, row, "picture.withdrawn")
    return {**row, **gone}


def accepted(connection: sa.Connection, campaign: str) -> list[Row]:
    """What stands for a campaign, oldest first."""
    query = sa.select(table).where(*_standing(campaign)).order_by(table.c.created_at, table.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]


def is_accepted(connection: sa.Connection, scope: Scope, picture: str) -> bool:
    """Whether a picture stands for a campaign within reach: then it may be looked at by those who see the campaign."""
    where = (table.c.picture == picture, table.c.withdrawn_at.is_(None), scope.on(table))
    query = sa.select(table.c.id).where(*where).limit(1)
    return connection.execute(query).first() is not None


def used(connection: sa.Connection, row: Row) -> bool:
    """Whether a run of the campaign has begun since the picture was taken."""
    since = (runs.c.campaign == row["campaign"], runs.c.started_at >= row["created_at"])
    return connection.execute(sa.select(runs.c.id).where(*since).limit(1)).first() is not None


def _standing(campaign: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.campaign == campaign, table.c.withdrawn_at.is_(None))


def _tell(connection: sa.Connection, scope: Scope, row: Row, kind: str) -> None:
    who = {"brand": row["brand"], "campaign": row["campaign"], "actor": scope.actor}
    data = {name: row[name] for name in ("id", "product", "picture", "bought_for")}
    events.append(connection, scope.tenant, kind, **who, data=data)
