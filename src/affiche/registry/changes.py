"""Changes: what a run made otherwise than an earlier one, by comparing digests of files, words and rules."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from affiche.registry.creatives import IDENTITY
from affiche.registry.scope import Row
from affiche.registry.tables.work import creatives as table

#: What a change is, what is seen most first.
KINDS = ("added", "removed", "pixels", "words", "rules")
_COLUMNS = ("id", *IDENTITY, "status", "width", "height", "file_digest", "copy_digest", "rules_digest", "look")


def between(connection: sa.Connection, before: str, after: str) -> tuple[list[dict[str, Any]], int]:
    """Creatives that differ between two runs, by kind and then by place; and how many are the same."""
    old, new = _of(connection, before), _of(connection, after)
    found, same = [], 0
    for identity in sorted(old.keys() | new.keys()):
        one, two = old.get(identity), new.get(identity)
        kind = _kind(one, two)
        if kind:
            named = dict(zip(IDENTITY, identity, strict=True))
            found.append({**named, "kind": kind, "before": one["id"] if one else "", "after": two["id"] if two else ""})
        else:
            same += 1
    return sorted(found, key=lambda change: KINDS.index(change["kind"])), same


def _of(connection: sa.Connection, run: str) -> dict[tuple[str, ...], Row]:
    query = sa.select(*(table.c[name] for name in _COLUMNS)).where(table.c.run == run)
    return {tuple(getattr(row, name) for name in IDENTITY): dict(row._mapping) for row in connection.execute(query)}


def _kind(one: Row | None, two: Row | None) -> str:
    if one is None or two is None:
        return "removed" if two is None else "added"
    digests = {"pixels": "file_digest", "words": "copy_digest", "rules": "rules_digest"}
    return next((kind for kind, digest in digests.items() if one[digest] != two[digest]), "")
