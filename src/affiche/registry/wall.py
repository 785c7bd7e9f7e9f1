"""The wall: the creatives that people look at, in one order that no build changes, counted by what they are, searched by words.

Order: product, placement, locale, variant. May live here: queries over `creatives` for looking; decisions are in `review.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa

from affiche.registry.scope import Row
from affiche.registry.tables.work import creatives as table

By = Literal["product", "placement", "locale", "status"]
#: What can be asked for and counted.
FACETS: tuple[By, ...] = ("product", "placement", "locale", "status")
#: Outer group -> inner group; a locale has few creatives of each product, so nothing is within.
WITHIN: Mapping[By, By | Literal[""]] = {"product": "placement", "placement": "product", "locale": "", "status": "product"}
_ORDER = (table.c.product, table.c.placement, table.c.locale, table.c.variant)
_TOLD = ("warn", "fail", "error")
#: Worst last, as everywhere people look.
_STATUSES = ("passed", "flagged", "failed", "error")


def searchable(row: Mapping[str, Any]) -> str:
    """What a creative says and is and what was found, folded: at most 4,000 letters."""
    document = row.get("document") or {}
    findings = [f"{f['rule']} {f['message']}" for f in document.get("findings", ()) if f.get("status") in _TOLD]
    named = [str(document.get(name, "")) for name in ("product_name", "placement_name")]
    told = [row["product"], row["locale"], row["placement"], *named, *document.get("words", {}).values(), *findings]
    return " ".join(map(str, told)).casefold()[:4000]


def containing(words: str) -> list[sa.ColumnElement[bool]]:
    """Conditions: every word occurs somewhere."""
    return [table.c.search.contains(word, autoescape=True) for word in words.casefold().split()[:12]]


def part(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], *, by: By, offset: int, limit: int) -> list[Row]:
    """Up to `limit` creatives in the order of the wall grouped by `by`, `offset` left out."""
    # Ordered by ids alone: documents of thousands of rows would go through the sorting otherwise.
    ids = sa.select(table.c.id).where(*where).order_by(*_order(by)).offset(offset).limit(limit)
    query = sa.select(table).where(table.c.id.in_(ids)).order_by(*_order(by))
    return [dict(row._mapping) for row in connection.execute(query)]


def _order(by: By) -> list[sa.ColumnElement[Any]]:
    """Group after group, as `groups` lists them; within a group product, placement, locale, variant."""
    ranks = {name: rank for rank, name in enumerate(_STATUSES)}
    first = {"status": sa.case(ranks, value=table.c.status, else_=len(ranks))}
    within = [table.c[WITHIN[by]]] if WITHIN[by] else []
    return [first.get(by, table.c[by]), *within, *_ORDER]


def beside(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], id: str) -> dict[str, Any]:
    """Neighbours of a creative on the wall: ids before and after it (empty: none), its place from 1, and how many there are."""
    total = connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar() or 0
    here = connection.execute(sa.select(*_ORDER).where(*where, table.c.id == id)).first()
    if here is None:
        first = connection.execute(sa.select(table.c.id).where(*where).order_by(*_ORDER).limit(1)).scalar()
        return {"previous": "", "following": first or "", "at": 0, "of": total}
    place, this = sa.tuple_(*_ORDER), sa.tuple_(*here)
    before = connection.execute(sa.select(sa.func.count()).select_from(table).where(*where, place < this)).scalar() or 0
    last = sa.select(table.c.id).where(*where, place < this).order_by(*(column.desc() for column in _ORDER)).limit(1)
    next_one = sa.select(table.c.id).where(*where, place > this).order_by(*_ORDER).limit(1)
    return {
        "previous": connection.execute(last).scalar() or "", "following": connection.execute(next_one).scalar() or "",
        "at": before + 1, "of": total,
    }  # fmt: skip


def statuses(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> dict[str, dict[str, int]]:
    """Campaign -> status -> how many creatives have it."""
    found: dict[str, dict[str, int]] = {}
    query = sa.select(table.c.campaign, table.c.status, sa.func.count()).where(*where).group_by(table.c.campaign, table.c.status)
    for campaign, status, count in connection.execute(query.order_by(table.c.campaign, table.c.status)):
        found.setdefault(campaign, {})[status] = count
    return found


def newest(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], *, limit: int) -> list[Row]:
    """The newest `limit` creatives as tiles: id, size in px, whether there is a picture. Nothing of their documents is read."""
    columns = (table.c.id, table.c.width, table.c.height, table.c.thumbnail)
    query = sa.select(*columns).where(*where).order_by(table.c.id.desc()).limit(limit)
    return [dict(row._mapping) for row in connection.execute(query)]


def facets(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> dict[str, dict[str, int]]:
    """Of each facet, how many creatives have each value."""
    found: dict[str, dict[str, int]] = {}
    for name in FACETS:
        column = table.c[name]
        query = sa.select(column, sa.func.count()).where(*where).group_by(column).order_by(column)
        found[name] = {row[0]: row[1] for row in connection.execute(query)}
    return found


def called(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> dict[str, str]:
    """What each product is called, by its newest creative: id -> name."""
    newest = sa.select(sa.func.max(table.c.id)).where(*where).group_by(table.c.product)
    query = sa.select(table.c.product, table.c.document).where(table.c.id.in_(newest))
    return {product: name_in(document, product) for product, document in connection.execute(query)}


def name_in(document: Mapping[str, Any], product: str) -> str:
    """The name of the product that a creative's document tells; its id when it tells none."""
    return str(document.get("product_name") or product)


def groups(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], by: By) -> list[dict[str, Any]]:
    """Groups in two levels, in the order of the wall: `outer`, `inner`, `count`, and runs of equal `sizes` (px, count)."""
    within = WITHIN[by]
    named = tuple(dict.fromkeys(name for name in (by, within, "product", "placement") if name))
    columns = [table.c[name] for name in named]
    query = sa.select(*columns, sa.func.max(table.c.width), sa.func.max(table.c.height), sa.func.count()).where(*where)
    at_outer, at_inner = named.index(by), named.index(within) if within else None
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(query.group_by(*columns).order_by(*columns)):
        outer, inner = row[at_outer], "" if at_inner is None else row[at_inner]
        width, height, count = row[-3:]
        group = found.setdefault((outer, inner), {"outer": outer, "inner": inner, "count": 0, "sizes": []})
        group["count"] += count
        group["sizes"].append({"width": width, "height": height, "count": count})
    return sorted(found.values(), key=lambda group: _STATUSES.index(group["outer"])) if by == "status" else [*found.values()]
