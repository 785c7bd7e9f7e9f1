"""What came in by itself, from where, and what became of it: so nothing is taken twice, and refusals can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa

from affiche.registry import events
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.search import arrivals as table

#: `taken`; `known`: the same bytes are here already; `refused`: it is no use as it is; `failed`: is tried again.
State = Literal["taken", "known", "refused", "failed"]
FINAL = ("taken", "known", "refused")
#: So often what failed is tried.
MAX_TRIES = 5


def find(connection: sa.Connection, scope: Scope, place: str, name: str) -> Row | None:
    """What is known of a file."""
    same = (table.c.tenant == scope.tenant, table.c.place == place[:500], table.c.name == name[:1000])
    row = connection.execute(sa.select(table).where(*same)).first()
    return None if row is None else dict(row._mapping)


def is_settled(row: Row | None, tag: str) -> bool:
    """Whether this state of a file needs no more work."""
    return row is not None and row["tag"] == tag and (row["state"] in FINAL or row["tries"] >= MAX_TRIES)


def put(
    connection: sa.Connection, scope: Scope, *, place: str, name: str, tag: str, brand: str, state: State, **said: Any
) -> Row:
    """Says what became of a file. `said`: digest, reason, hint, asset, campaign."""
    before, moment = find(connection, scope, place, name), now()
    cut = {"reason": 1000, "hint": 500}
    values = {key: str(value)[: cut.get(key, 80)] for key, value in said.items()}
    again = before is not None and before["tag"] == tag
    row = {
        "place": place[:500], "name": name[:1000], "tag": tag, "brand": brand, "state": state, "digest": "", "reason": "",
        "hint": "", "asset": before["asset"] if before else "", "campaign": before["campaign"] if before else "", **values,
        "tries": before["tries"] + 1 if before is not None and again else 1, "updated_at": moment,
    }  # fmt: skip
    if before is None:
        row |= {"id": new_id("arr"), "tenant": scope.tenant, "created_at": moment}
        connection.execute(sa.insert(table).values(**row))
    else:
        row = {**before, **row}
        connection.execute(sa.update(table).where(table.c.id == before["id"]).values(**row))
    if state == "refused":
        data = {"place": row["place"], "name": row["name"], "reason": row["reason"]}
        events.append(connection, scope.tenant, "arrival.refused", brand=brand, actor=scope.actor, data=data)
    return row


def counts(connection: sa.Connection, scope: Scope) -> dict[str, int]:
    """How many files are in each state."""
    query = sa.select(table.c.state, sa.func.count()).where(scope.on(table)).group_by(table.c.state)
    return {str(state): int(count) for state, count in connection.execute(query)}


def listed(connection: sa.Connection, scope: Scope, states: Sequence[str]) -> list[Row]:
    """What came in and is in one of these states, oldest first."""
    query = sa.select(table).where(scope.on(table), table.c.state.in_(states)).order_by(table.c.updated_at, table.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]
