"""Creatives as runs made them. Of each creative of a campaign the newest is `current`: what people look at and approve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from affiche.registry.ids import new_id
from affiche.registry.scope import Row, now
from affiche.registry.tables.work import creatives

#: What a creative *is*.
IDENTITY = ("product", "locale", "placement", "variant")


def put(connection: sa.Connection, run: Row, made: Sequence[dict[str, Any]]) -> None:
    """Stores the creatives of a run (`IDENTITY` and the other columns); those of earlier runs are no longer current.

    Doing it again for the same run replaces what was there and keeps ids, so that comments stay where they are.
    """
    before = {tuple(row[:4]): row.id for row in connection.execute(_of_run(run["id"]))}
    whose = {"tenant": run["tenant"], "brand": run["brand"], "campaign": run["campaign"], "run": run["id"], "created_at": now()}
    rows = [{"id": before.get(tuple(row[n] for n in IDENTITY)) or new_id("cre"), **whose, "current": True, **row} for row in made]
    connection.execute(sa.delete(creatives).where(creatives.c.run == run["id"]))
    if not rows:
        return
    older = (creatives.c.campaign == run["campaign"], creatives.c.current.is_(True))
    named = sa.tuple_(*(creatives.c[name] for name in IDENTITY))
    for at in range(0, len(rows), 200):
        part = rows[at : at + 200]
        same = named.in_([tuple(row[name] for name in IDENTITY) for row in part])
        connection.execute(sa.update(creatives).where(*older, same).values(current=False))
        connection.execute(sa.insert(creatives), part)


def _of_run(run: str) -> sa.Select[Any]:
    return sa.select(*(creatives.c[name] for name in IDENTITY), creatives.c.id).where(creatives.c.run == run)
