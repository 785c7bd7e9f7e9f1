"""Batches: runs of many campaigns that were asked for at once, and are told together. A batch is what its runs share: an id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from affiche.errors import Conflict, NotFound
from affiche.registry import runs
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, found, one
from affiche.registry.tables.work import campaigns
from affiche.registry.tables.work import runs as table


def start(connection: sa.Connection, scope: Scope, wanted: Sequence[str], order: runs.Order) -> tuple[str, list[Row]]:
    """The id of a new batch and a run for each campaign, all or none of them. Raises NotFound."""
    batch = new_id("bat")
    order = replace(order, batch=batch, trigger="batch")
    chosen = [one(connection, scope, campaigns, id=id, what="campaign") for id in dict.fromkeys(wanted)]
    return batch, [runs.submit(connection, scope, campaign, order) for campaign in chosen]


def states(connection: sa.Connection, scope: Scope, batch: str) -> dict[str, int]:
    """How many runs of a batch are in which state. Raises NotFound."""
    mine = (table.c.batch == batch, scope.on(table))
    query = sa.select(table.c.state, sa.func.count().label("number")).where(*mine).group_by(table.c.state)
    counts = {row.state: row.number for row in connection.execute(query.order_by(table.c.state))}
    if not counts:
        raise NotFound(f"there is no batch {batch[:80]!r}")
    return counts


def tell(connection: sa.Connection, scope: Scope, batch: str, wanted: runs.Wish) -> tuple[int, int]:
    """Wishes something of every run of a batch for which it makes sense: (how many were told, how many not). Raises NotFound."""
    states(connection, scope, batch)
    query = sa.select(table.c.id).where(table.c.batch == batch, scope.on(table)).order_by(table.c.id)
    ids = connection.execute(query).scalars().all()
    told = 0
    for id in ids:
        try:
            runs.wish(connection, scope, id, wanted)
            told += 1
        except Conflict:
            continue  # it is over, or was never stopped
    return told, len(ids) - told


def campaign_of(connection: sa.Connection, scope: Scope, name: str) -> Row:
    """The campaign with this id, or the newest one with this slug. Raises NotFound."""
    named = sa.or_(campaigns.c.id == name, campaigns.c.slug == name)
    query = sa.select(campaigns).where(scope.on(campaigns), named).order_by(campaigns.c.id.desc()).limit(1)
    return found(connection.execute(query).first(), "campaign", name)
