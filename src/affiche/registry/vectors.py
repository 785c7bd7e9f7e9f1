"""What pictures mean, as vectors of a model, and which lie nearest to one: exact on both databases.

A vector is stamped with the digest of its model: those of two models are never compared, and an asset has one at most. On
PostgreSQL with pgvector (`prepare`) the database compares; else rows are read in blocks and compared here, with bounded memory.
Neither uses an index that may miss something: figures in docs/performance.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from affiche.registry.scope import Row, Scope
from affiche.registry.tables.material import asset_vectors as table
from affiche.registry.tables.material import assets
from affiche.values.vector import Vector

#: Rows that are compared at once: 4 MB of vectors with 512 dimensions.
_BLOCK = 2048
_PUT = sa.text(
    "INSERT INTO asset_vectors (asset, model, tenant, vector) VALUES (:asset, :model, :tenant, :vector) "
    "ON CONFLICT (asset, model) DO UPDATE SET vector = excluded.vector"
)
_NEAR = sa.text("UPDATE asset_vectors SET near = CAST(:near AS vector) WHERE asset = :asset AND model = :model")


def put(connection: sa.Connection, row: Row, model: str, vector: Vector) -> None:
    """The vector of an asset (a row with id and tenant), instead of any that it had of whatever model."""
    connection.execute(sa.delete(table).where(table.c.asset == row["id"], table.c.model != model))
    values = {"asset": row["id"], "model": model, "tenant": row["tenant"], "vector": vector.astype("<f4").tobytes()}
    connection.execute(_PUT, values)
    if _compares(connection):
        connection.execute(_NEAR, {"asset": row["id"], "model": model, "near": _as_text(vector)})


def remove(connection: sa.Connection, asset: str) -> None:
    """What is deleted is not found any more."""
    connection.execute(sa.delete(table).where(table.c.asset == asset))


def nearest(
    connection: sa.Connection, scope: Scope, conditions: Sequence[sa.ColumnElement[bool]], model: str, *, to: Vector, limit: int
) -> list[tuple[str, float]]:
    """The assets that meet `conditions` and lie nearest to a unit vector of `model`: ids with the cosine, the best first."""
    inside = (table.c.asset == assets.c.id, table.c.tenant == scope.tenant, table.c.model == model, *conditions)
    found = _in_database if _compares(connection) else _here
    return [(id, round(score, 6)) for id, score in found(connection, inside, to, limit)]


def missing(connection: sa.Connection, model: str, *, after: str, limit: int) -> list[Row]:
    """Pictures of all tenants without a vector of `model`, by id from `after` on."""
    have = sa.select(table.c.asset).where(table.c.asset == assets.c.id, table.c.model == model)
    wanted = sa.select(assets.c.id, assets.c.tenant, assets.c.name, assets.c.thumbnail)
    rows = connection.execute(wanted.where(*_pictures(), assets.c.id > after, ~have.exists()).order_by(assets.c.id).limit(limit))
    return [dict(row._mapping) for row in rows]


def counts(connection: sa.Connection, model: str) -> tuple[int, int]:
    """How many pictures of all tenants have a vector of `model`, and how many there are."""
    have = sa.select(table.c.asset).where(table.c.asset == assets.c.id, table.c.model == model).exists()
    done, every = (sa.select(sa.func.count()).select_from(assets).where(*_pictures(), *more) for more in ([have], []))
    return connection.execute(done).scalar_one(), connection.execute(every).scalar_one()


def _pictures() -> list[sa.ColumnElement[bool]]:
    return [assets.c.kind == "picture", assets.c.state != "deleted", assets.c.thumbnail != ""]


# -- pgvector -------------------------------------------------------------------------------------------------------------


def prepare(connection: sa.Connection) -> bool:
    """Lets PostgreSQL compare, where pgvector is there and we may use it; whether it does. For a writing transaction."""
    if connection.dialect.name == "sqlite" or not _can(connection):
        return False
    connection.execute(sa.text("ALTER TABLE asset_vectors ADD COLUMN IF NOT EXISTS near vector"))
    stale = sa.text("SELECT asset, model, vector FROM asset_vectors WHERE near IS NULL LIMIT 1000")
    while rows := connection.execute(stale).all():
        connection.execute(_NEAR, [{"asset": row.asset, "model": row.model, "near": _as_text(_read(row.vector))} for row in rows])
    return True


def _can(connection: sa.Connection) -> bool:
    known = connection.execute(sa.text("SELECT installed_version FROM pg_available_extensions WHERE name = 'vector'")).first()
    if known is None or known.installed_version:
        return known is not None
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS vector"))
    except DBAPIError:  # only its owner may: numbers are compared here until they have
        return False
    return True


def _compares(connection: sa.Connection) -> bool:
    """Whether the database compares vectors."""
    if connection.dialect.name == "sqlite":
        return False
    there = "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('asset_vectors') AND attname = 'near' AND NOT attisdropped"
    return connection.execute(sa.text(there)).first() is not None


def _in_database(
    connection: sa.Connection, inside: Sequence[sa.ColumnElement[bool]], to: Vector, limit: int
) -> Iterator[tuple[str, float]]:
    away = sa.literal_column("asset_vectors.near").op("<=>", return_type=sa.Float())(sa.cast(sa.literal(_as_text(to)), _Near()))
    there = sa.literal_column("asset_vectors.near").is_not(None)  # one that came while the column was added has none yet
    query = sa.select(table.c.asset, (1 - away).label("score")).where(there, *inside).order_by(away, table.c.asset).limit(limit)
    yield from ((row.asset, float(row.score)) for row in connection.execute(query))


def _as_text(vector: Vector) -> str:
    return "[" + ",".join(map(repr, vector.tolist())) + "]"


class _Near(sa.types.UserDefinedType[str]):
    """The type of pgvector."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "vector"


# -- here -----------------------------------------------------------------------------------------------------------------


def _here(
    connection: sa.Connection, inside: Sequence[sa.ColumnElement[bool]], to: Vector, limit: int
) -> Iterator[tuple[str, float]]:
    import numpy as np

    best: list[tuple[float, str]] = []
    query = sa.select(table.c.asset, table.c.vector).where(*inside)
    for rows in connection.execute(query, execution_options={"yield_per": _BLOCK}).partitions():
        scores = _read(b"".join(row.vector for row in rows)).reshape(len(rows), -1) @ to
        least = np.partition(scores, -limit)[-limit] if len(rows) > limit else -2.0
        best += [(-float(scores[at]), rows[at].asset) for at in np.flatnonzero(scores >= least).tolist()]
        best = sorted(best)[:limit]
    yield from ((id, -score) for score, id in best)


def _read(data: bytes) -> Vector:
    import numpy as np

    return np.frombuffer(data, "<f4")
