"""Finding by meaning in the registry: the same on SQLite, on PostgreSQL that compares itself (pgvector), and on one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from affiche.registry import assets, library, vectors
from affiche.registry.library import Filter
from affiche.registry.open import Registry
from affiche.registry.scope import Row, Scope
from affiche.registry.tables import material
from tests.contract.kit_registry import emptied, ready
from tests.postgres import database as new_database

ANN, BOB = Scope(tenant="ten_a", actor="per_ann"), Scope(tenant="ten_b")
MODEL, OTHER = "m" * 64, "o" * 64
DIMENSIONS = 32


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "pgvector"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    home = tmp_path_factory.mktemp("vectors")
    if request.param == "sqlite":
        registry = ready("", home)
        with registry.write() as c:
            assert not vectors.prepare(c)
        yield registry
        registry.close()
        return
    registry = ready(new_database(), home)
    if request.param == "pgvector":
        with registry.write() as c:
            assert vectors.prepare(c)
    yield registry
    registry.close()


@pytest.fixture
def registry(database: Registry) -> Registry:
    return emptied(database)


def unit(*values: float) -> np.ndarray:
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(values)] = values
    return vector / np.linalg.norm(vector)


def picture(registry: Registry, name: str, vector: np.ndarray | None = None, *, scope: Scope = ANN, brand: str = "", model: str = MODEL, **facts: object) -> Row:
    whole = {"kind": "picture", "media_type": "image/png", "thumbnail": f"t-{name}", "phash": "", "palette": [], "metadata": {}, **facts}
    with registry.write() as c:
        row = assets.add(c, scope, brand=brand, name=name, blob=name, facts=whole)
        if vector is not None:
            vectors.put(c, row, model, vector)
    return row


def found(registry: Registry, to: np.ndarray, *, scope: Scope = ANN, model: str = MODEL, limit: int = 9, **wanted: str) -> list[str]:
    with registry.read() as c:
        return [row["name"] for row, _ in library.by_meaning(c, scope, Filter(**wanted), model, to=to, limit=limit)]


def test_the_nearest_come_first_with_their_cosine(registry: Registry) -> None:
    picture(registry, "same", unit(1))
    picture(registry, "near", unit(1, 1))
    picture(registry, "far", unit(0, 1))
    picture(registry, "opposite", unit(-1))
    picture(registry, "without")
    with registry.read() as c:
        rows = library.by_meaning(c, ANN, Filter(), MODEL, to=unit(1), limit=9)
    assert [row["name"] for row, _ in rows] == ["same", "near", "far", "opposite"]
    assert [score for _, score in rows] == pytest.approx([1, 0.5**0.5, 0, -1], abs=1e-6)
    assert found(registry, unit(1), limit=2) == ["same", "near"]


def test_tenants_brands_and_filters_hold(registry: Registry) -> None:
    picture(registry, "mine", unit(1), brand="brd_1", tags=["hero"])
    picture(registry, "sister", unit(1, 0.1), brand="brd_2")
    picture(registry, "theirs", unit(1), scope=BOB, brand="brd_1")
    assert found(registry, unit(1)) == ["mine", "sister"]
    assert found(registry, unit(1), scope=BOB) == ["theirs"]
    assert found(registry, unit(1), scope=Scope(tenant="ten_a", brands=frozenset({"brd_2"}))) == ["sister"]
    assert found(registry, unit(1), scope=Scope(tenant="ten_a", brands=frozenset())) == []
    assert found(registry, unit(1), tag="hero") == ["mine"] == found(registry, unit(1), brand="brd_1") == found(registry, unit(1), text="mine")


def test_spaces_of_two_models_never_mix_and_an_asset_has_one_vector(registry: Registry) -> None:
    row = picture(registry, "can", unit(1))
    picture(registry, "box", unit(1), model=OTHER)
    assert (found(registry, unit(1)), found(registry, unit(1), model=OTHER)) == (["can"], ["box"])
    with registry.write() as c:
        vectors.put(c, row, OTHER, unit(0, 1)[:4])  # of another size too
        vectors.put(c, row, OTHER, unit(0, 1))
    assert found(registry, unit(1)) == []
    assert found(registry, unit(1), model=OTHER) == ["box", "can"]
    with registry.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(material.asset_vectors)).scalar() == 2


def test_what_is_missing_is_known_and_what_is_deleted_is_gone(registry: Registry) -> None:
    first, second = picture(registry, "first"), picture(registry, "second")
    done = picture(registry, "done", unit(1))
    picture(registry, "stale", unit(1), model=OTHER, scope=BOB)
    picture(registry, "font", kind="font", thumbnail="")
    with registry.read() as c:
        assert [row["name"] for row in vectors.missing(c, MODEL, after="", limit=9)] == ["first", "second", "stale"]
        assert [row["name"] for row in vectors.missing(c, MODEL, after=first["id"], limit=1)] == ["second"]
        assert vectors.counts(c, MODEL) == (1, 4)
    with registry.write() as c:
        assets.remove(c, ANN, done["id"])
        assets.remove(c, ANN, second["id"])
    assert found(registry, unit(1)) == []
    with registry.read() as c:
        assert [row["name"] for row in vectors.missing(c, MODEL, after="", limit=9)] == ["first", "stale"]
        assert c.execute(sa.select(material.asset_vectors.c.asset).where(material.asset_vectors.c.asset == done["id"])).first() is None


def test_all_ways_agree_with_plain_arithmetic_over_many_blocks(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_BLOCK", 7)
    chance = np.random.default_rng(5)
    space = chance.normal(size=(60, DIMENSIONS)).astype(np.float32)
    space /= np.linalg.norm(space, axis=1, keepdims=True)
    space[40] = space[3]  # a tie: the older one first
    for n, vector in enumerate(space):
        picture(registry, f"p{n:02}", vector)
    for _ in range(5):
        to = unit(*chance.normal(size=DIMENSIONS))
        scores = space.astype(np.float64) @ to.astype(np.float64)
        assert found(registry, to, limit=20) == [f"p{n:02}" for n in sorted(range(60), key=lambda n: (-round(scores[n], 7), n))[:20]]
    assert found(registry, space[3], limit=2) == ["p03", "p40"]


def test_postgresql_that_learns_to_compare_later_fills_in_what_is_there(tmp_path: Path) -> None:
    registry = ready(new_database(), tmp_path)
    for n in range(5):
        picture(registry, f"p{n}", unit(1, n))
    before = found(registry, unit(1, 2.2))
    with registry.write() as c:
        assert vectors.prepare(c)
    with registry.write() as c:
        assert vectors.prepare(c)
        assert c.execute(sa.text("SELECT count(near) FROM asset_vectors")).scalar() == 5
        c.execute(sa.text("UPDATE asset_vectors SET vector = ''"))  # it is the database that compares now
    assert found(registry, unit(1, 2.2)) == before == ["p2", "p3", "p4", "p1", "p0"]
    with registry.write() as c:  # one that was written while the column was added
        c.execute(sa.text("UPDATE asset_vectors SET near = NULL, vector = :v WHERE asset = (SELECT id FROM assets WHERE name = 'p3')"), {"v": unit(1, 3).tobytes()})
    assert found(registry, unit(1, 2.2)) == ["p2", "p4", "p1", "p0"]
    with registry.write() as c:
        assert vectors.prepare(c)
    assert found(registry, unit(1, 2.2)) == before
    registry.close()
