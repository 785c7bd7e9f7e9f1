"""Creatives as runs made them. Of each creative of a campaign the newest is `current`: what people look at and approve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from affiche.registry.ids import new_id
from affiche.registry.scope import Row, now
from affiche.registry.tables.work import creatives
from affiche.registry.wall import searchable

#: What a creative *is*.
IDENTITY = ("product", "locale", "placement", "variant")


def put(connection: sa.Connection, run: Row, made: Sequence[dict[str, Any]]) -> None:
    """Stores the creatives of a run (`IDENTITY` and the other columns); those of earlier runs are no longer current.

    Doing it again for the same run replaces what was there and keeps ids, so that comments stay where they are.
    """
    before = {tuple(row[:4]): row.id for row in connection.execute(_of_run(run["id"]))}
    whose = {"tenant": run["tenant"], "brand": run["brand"], "campaign": run["campaign"], "run": run["id"], "created_at": now()}
    ids = (before.get(tuple(row[name] for name in IDENTITY)) or new_id("cre") for row in made)
    rows = [{"id": id, **whose, "current": True, "search": searchable(row), **row} for id, row in zip(ids, made, strict=True)]
    connection.execute(sa.delete(creatives).where(creatives.c.run == run["id"]))
    if not rows:
        return
    older = (creatives.c.campaign == run["campaign"], creatives.c.current.is_(True))
    if not run["chosen"]:  # a whole run: what the brief no longer asks for is no longer current
        connection.execute(sa.update(creatives).where(*older).values(current=False))
    named = sa.tuple_(*(creatives.c[name] for name in IDENTITY))
    for at in range(0, len(rows), 200):
        part = rows[at : at + 200]
        same = named.in_([tuple(row[name] for name in IDENTITY) for row in part])
        connection.execute(sa.update(creatives).where(*older, same).values(current=False))
        connection.execute(sa.insert(creatives), part)


def _of_run(run: str) -> sa.Select[Any]:
    return sa.select(*(creatives.c[name] for name in IDENTITY), creatives.c.id).where(creatives.c.run == run)
