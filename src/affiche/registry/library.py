"""Looking through assets: by words, kind, tag, brand, colour, rights, and by what looks alike.

Fingerprints and main colours are compared here, in Python, row by row (figures in docs/performance.md). What pictures mean is
compared by the vectors of a model (`vectors.py`), where the operator has brought one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.registry import search, vectors
from affiche.registry.scope import Row, Scope
from affiche.registry.tables.material import assets
from affiche.values.likeness import NEAR_BITS, bits_apart, color_apart, pictures_alike
from affiche.values.vector import Vector

#: OKLab: colours nearer than this pass for the one that was asked for.
COLOR_NEAR = 0.16
#: From this likeness (0..1) two pictures are shown as alike.
ALIKE = 0.45
#: Of so many pictures with the nearest fingerprints the colours are compared too.
_NEAREST = 1500
#: Rights that end within this time are told before.
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is wanted; empty = everything. `rights`: expired, soon, none (nothing is said), valid."""

    text: str = ""
    kind: str = ""
    tag: str = ""
    brand: str = ""
    rights: str = ""
    at: datetime | None = field(default=None)


def where(connection: sa.Connection, scope: Scope, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """The conditions of a filter."""
    found = [scope.on(assets), assets.c.state != "deleted", search.condition(connection, assets.c.id, wanted.text)]
    found += [assets.c.kind == wanted.kind] if wanted.kind else []
    found += [assets.c.brand == wanted.brand] if wanted.brand else []
    found += [sa.cast(assets.c.tags, sa.Text).contains(_quoted(connection, wanted.tag), autoescape=True)] if wanted.tag else []
    return found + _rights(wanted)


def _quoted(connection: sa.Connection, tag: str) -> str:
    """As a tag stands in a JSON list: SQLite's text holds ASCII, PostgreSQL's what it stands for."""
    return json.dumps(tag, ensure_ascii=connection.dialect.name == "sqlite")


def _rights(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    end, at = assets.c.rights_expire_at, wanted.at
    if not wanted.rights or at is None:
        return []
    found: dict[str, list[sa.ColumnElement[bool]]] = {
        "expired": [end <= at], "soon": [end > at, end <= at + SOON], "valid": [sa.or_(end.is_(None), end > at)],
        "none": [end.is_(None), sa.cast(assets.c.rights, sa.Text).in_(["{}", "null"])],
    }  # fmt: skip
    return found.get(wanted.rights, [sa.false()])


def of_color(connection: sa.Connection, conditions: Sequence[sa.ColumnElement[bool]], color: str, limit: int) -> list[Row]:
    """Pictures with a main colour near `color` (hex), nearest first. ValueError when it is none."""
    looks = connection.execute(sa.select(assets.c.id, assets.c.palette).where(*conditions))
    rated = [(color_apart(row.palette, color), row.id) for row in looks if row.palette]
    best = [id for away, id in sorted(rated) if away <= COLOR_NEAR][:limit]
    return _in_order(connection, best)


def by_meaning(
    connection: sa.Connection, scope: Scope, wanted: Filter, model: str, *, to: Vector, limit: int
) -> list[tuple[Row, float]]:
    """What passes the filter and means nearly what a vector of `model` means: rows with the cosine, the nearest first."""
    found = dict(vectors.nearest(connection, scope, where(connection, scope, wanted), model, to=to, limit=limit))
    return [(row, found[row["id"]]) for row in _in_order(connection, list(found))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """An asset that looks like another one. `how`: same (equal bytes), copy (another size or format), alike."""

    row: Row
    how: str
    likeness: float


def alike(connection: sa.Connection, scope: Scope, row: Row, limit: int) -> list[Likeness]:
    """What looks like an asset: equal bytes first, then copies, then what is composed and coloured alike."""
    inside = (scope.on(assets), assets.c.state != "deleted", assets.c.id != row["id"])
    rated: list[tuple[float, str, str]] = []
    for other in _nearest(connection, inside, row):
        how = "same" if other.blob == row["blob"] else "copy" if bits_apart(other.phash, row["phash"]) <= NEAR_BITS else "alike"
        score = 1.0 if how == "same" else pictures_alike((row["phash"], row["palette"]), (other.phash, other.palette))
        if how != "alike" or (row["phash"] and score >= ALIKE):
            rated.append((score, other.id, how))
    best = sorted(rated, key=lambda found: (("same", "copy", "alike").index(found[2]), -found[0], found[1]))[:limit]
    rows = {found["id"]: found for found in _in_order(connection, [id for _, id, _ in best])}
    return [Likeness(row=rows[id], how=how, likeness=score) for score, id, how in best]


def near(connection: sa.Connection, scope: Scope, phash: str, blob: str) -> list[str]:
    """The ids of living assets that are the same picture in another file."""
    if not phash:
        return []
    inside = (scope.on(assets), assets.c.state != "deleted", assets.c.phash != "", assets.c.blob != blob)
    rows = connection.execute(sa.select(assets.c.id, assets.c.phash).where(*inside))
    return sorted(id for id, other in rows if bits_apart(other, phash) <= NEAR_BITS)


def _nearest(connection: sa.Connection, conditions: Sequence[sa.ColumnElement[bool]], row: Row) -> Sequence[Any]:
    """Id, blob, fingerprint and colours of equal files and of those with the nearest fingerprints."""
    every = connection.execute(sa.select(assets.c.id, assets.c.blob, assets.c.phash).where(*conditions))
    rated = sorted((bits_apart(phash, row["phash"]) if blob != row["blob"] else -1, id) for id, blob, phash in every)
    columns = (assets.c.id, assets.c.blob, assets.c.phash, assets.c.palette)
    return connection.execute(sa.select(*columns).where(assets.c.id.in_([id for _, id in rated[:_NEAREST]]))).all()


def _in_order(connection: sa.Connection, ids: Sequence[str]) -> list[Row]:
    rows = {row.id: dict(row._mapping) for row in connection.execute(sa.select(assets).where(assets.c.id.in_(ids)))}
    return [rows[id] for id in ids if id in rows]
