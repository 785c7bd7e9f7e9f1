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
    query = sa.select(table).where(*where).order_by(*_order(by)).offset(offset).limit(limit)
    return [dict(row._mapping) for row in connection.execute(query)]


def _order(by: By) -> list[sa.ColumnElement[Any]]:
    """Group after group, as `groups` lists them; within a group product, placement, locale, variant."""
    ranks = {name: rank for rank, name in enumerate(_STATUSES)}
    first = {"status": sa.case(ranks, value=table.c.status, else_=len(ranks))}
    within = [table.c[WITHIN[by]]] if WITHIN[by] else []
    return [first.get(by, table.c[by]), *within, *_ORDER]


def beside(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], id: str) -> dict[str, Any]:
    """Neighbours of a creative on the wall: ids before and after it (empty: none), its place from 1, and how many there are."""
    ids = [row.id for row in connection.execute(sa.select(table.c.id).where(*where).order_by(*_ORDER))]
    at = ids.index(id) if id in ids else -1
    return {
        "previous": ids[at - 1] if at > 0 else "", "following": ids[at + 1] if at + 1 < len(ids) else "",
        "at": at + 1, "of": len(ids),
    }  # fmt: skip


def facets(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> dict[str, dict[str, int]]:
    """Of each facet, how many creatives have each value."""
    found: dict[str, dict[str, int]] = {}
    for name in FACETS:
        column = table.c[name]
        query = sa.select(column, sa.func.count()).where(*where).group_by(column).order_by(column)
        found[name] = {row[0]: row[1] for row in connection.execute(query)}
    return found


def groups(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], by: By) -> list[dict[str, Any]]:
    """Groups in two levels, in the order of the wall: `outer`, `inner`, `count`, and runs of equal `sizes` (px, count)."""
    within = WITHIN[by]
    named = tuple(dict.fromkeys(name for name in (by, within, "product", "placement") if name))
    columns = [table.c[name] for name in named]
    query = sa.select(*columns, sa.func.max(table.c.width), sa.func.max(table.c.height), sa.func.count()).where(*where)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(query.group_by(*columns).order_by(*columns)):
        values, (width, height, count) = dict(zip(named, row, strict=False)), row[len(named) :]
        outer, inner = values[by], values[within] if within else ""
        group = found.setdefault((outer, inner), {"outer": outer, "inner": inner, "count": 0, "sizes": []})
        group["count"] += count
        group["sizes"].append({"width": width, "height": height, "count": count})
    return sorted(found.values(), key=lambda group: _STATUSES.index(group["outer"])) if by == "status" else [*found.values()]
