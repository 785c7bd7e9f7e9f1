"""Creatives as runs made them. Of each creative of a campaign the newest is `current`: what people look at and approve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from affiche.registry.ids import new_id
from affiche.registry.scope import Row, now
from affiche.registry.tables.work import creatives, runs
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


def land(connection: sa.Connection, run: Row, made: Sequence[dict[str, Any]], *, open_states: Sequence[str]) -> int:
    """Stores creatives of a run that is still under way: to be looked at, and not current before the run is over.

    How many of the run are there then. Doing it again replaces them and keeps ids; so does `put` in the end. 0, and nothing is
    stored, when the run is in none of `open_states` any more: somebody else has finished it.
    """
    state = connection.execute(sa.select(runs.c.state).where(runs.c.id == run["id"]).with_for_update()).scalar()
    if state not in open_states or not made:
        return 0
    before = {tuple(row[:4]): row.id for row in connection.execute(_of_run(run["id"]))}
    whose = {"tenant": run["tenant"], "brand": run["brand"], "campaign": run["campaign"], "run": run["id"], "created_at": now()}
    rows = []
    for row in made:
        id = before.get(tuple(row[name] for name in IDENTITY)) or new_id("cre")
        rows.append({"id": id, **whose, "current": False, "search": searchable(row), **row})
    connection.execute(sa.delete(creatives).where(creatives.c.id.in_([row["id"] for row in rows])))
    connection.execute(sa.insert(creatives), rows)
    return len(before.keys() | {tuple(row[name] for name in IDENTITY) for row in made})


def looks(connection: sa.Connection, run: Row) -> dict[str, str]:
    """Thumbnail -> look, as far as creatives of this run, or current ones of its campaign, have it."""
    of = (creatives.c.campaign == run["campaign"], sa.or_(creatives.c.current.is_(True), creatives.c.run == run["id"]))
    query = sa.select(creatives.c.thumbnail, creatives.c.look).where(*of, creatives.c.look != "")
    return {row.thumbnail: row.look for row in connection.execute(query)}


def _of_run(run: str) -> sa.Select[Any]:
    return sa.select(*(creatives.c[name] for name in IDENTITY), creatives.c.id).where(creatives.c.run == run)
