"""How assets belong together: `derived-from`, `version-of`, `duplicate-of` another one, `used-in` a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.material import asset_relations as table
from affiche.registry.tables.material import assets
from affiche.registry.tables.work import campaigns

#: Longest chain of versions that is followed.
_CHAIN = 200


def relate(connection: sa.Connection, tenant: str, asset: str, relation: str, others: Iterable[str]) -> None:
    """Says it once, however often it is said."""
    wanted = dict.fromkeys(others)
    there = sa.select(table.c.other).where(table.c.asset == asset, table.c.relation == relation, table.c.other.in_(wanted))
    known = set(connection.execute(there).scalars()) if wanted else set()
    rows = [
        {"id": new_id("rel"), "tenant": tenant, "asset": asset, "relation": relation, "other": other, "created_at": now()}
        for other in wanted
        if other not in known
    ]
    if rows:
        connection.execute(sa.insert(table), rows)


def uses(connection: sa.Connection, tenant: str, campaign: str, names: Sequence[str]) -> None:
    """A campaign's brief names these assets (ids, perhaps with a suffix)."""
    for asset in dict.fromkeys(name.partition(".")[0] for name in names):
        relate(connection, tenant, asset, "used-in", [campaign])


def of(connection: sa.Connection, scope: Scope, asset: str) -> list[Row]:
    """What is said of an asset, from both sides, oldest first."""
    either = sa.or_(table.c.asset == asset, sa.and_(table.c.other == asset, table.c.relation != "used-in"))
    query = sa.select(table).where(table.c.tenant == scope.tenant, either).order_by(table.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]


def used_in(connection: sa.Connection, scope: Scope, asset: str) -> list[Row]:
    """The campaigns within reach whose briefs name an asset, newest first."""
    named = sa.select(table.c.other).where(table.c.asset == asset, table.c.relation == "used-in")
    query = sa.select(campaigns).where(scope.on(campaigns), campaigns.c.id.in_(named)).order_by(campaigns.c.id.desc())
    return [dict(row._mapping) for row in connection.execute(query)]


def versions(connection: sa.Connection, scope: Scope, row: Row) -> list[Row]:
    """The versions before and after an asset, itself among them, oldest first."""
    found = [row]
    while found[0]["previous"] and len(found) < _CHAIN:
        before = connection.execute(sa.select(assets).where(scope.on(assets), assets.c.id == found[0]["previous"])).first()
        if before is None:
            break
        found.insert(0, dict(before._mapping))
    while len(found) < _CHAIN:
        query = sa.select(assets).where(scope.on(assets), assets.c.previous == found[-1]["id"]).order_by(assets.c.id)
        after = connection.execute(query).first()
        if after is None:
            return found
        found.append(dict(after._mapping))
    return found
