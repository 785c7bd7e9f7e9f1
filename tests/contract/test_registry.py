"""The registry on both databases: migrations, scopes, the outbox, the state machine, the order of events."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from affiche.engine import mover
from affiche.errors import Conflict, NotFound
from affiche.registry import brands, campaigns, creatives, events, migrate, outbox, runs, scope
from affiche.registry.brands import Document
from affiche.registry.open import Registry, open_registry
from affiche.registry.scope import Row, Scope, now, one, page
from affiche.registry.tables import METADATA, flow, work
from tests.contract.kit_registry import fresh_database, postgresql, ready

BRIEF = Document(data=b"affiche: 1", digest="sha256:1", media_type="application/yaml")
ANN = Scope(tenant="ten_a", actor="per_ann")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    url = "" if request.param == "sqlite" else fresh_database(request.getfixturevalue("server"), "contract")
    registry = ready(url, tmp_path_factory.mktemp("registry"))
    yield registry
    registry.close()


@pytest.fixture
def registry(database: Registry) -> Registry:
    with database.write() as c:
        for table in METADATA.tables.values():
            c.execute(sa.delete(table))
    return database


def campaign(registry: Registry, scope: Scope = ANN, brand: str = "") -> Row:
    with registry.write() as c:
        return campaigns.add(c, scope, slug="summer", name="Summer", brand=brand, brief=BRIEF, assets=[])


def submitted(registry: Registry, **order: object) -> Row:
    row = campaign(registry)
    with registry.write() as c:
        return runs.submit(c, ANN, row, runs.Order(**order))


# ---------------------------------------------------------------------------------------------------------- migrations


def _ours(_thing: object, name: str | None, *_: object) -> bool:
    """The full-text index is another thing on each database: its own tests look whether it works."""
    return not (name or "").startswith("search_fts")


def test_the_migrations_make_what_the_tables_say(registry: Registry) -> None:
    with registry.read() as c:
        assert compare_metadata(MigrationContext.configure(c, opts={"compare_type": True, "include_object": _ours}), METADATA) == []
        assert migrate.revision(c) == migrate.newest()


def test_an_upgrade_that_is_done_twice_changes_nothing(registry: Registry) -> None:
    campaign(registry)
    assert migrate.upgrade(registry) == migrate.newest()
    with registry.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(work.campaigns)).scalar() == 1


def test_processes_that_start_together_upgrade_one_after_the_other(server: str, tmp_path: Path) -> None:
    for url in ("", fresh_database(server, "together")):
        opened = [open_registry(url, tmp_path) for _ in range(4)]
        results: list[str] = []
        threads = [threading.Thread(target=lambda r=r, to=results: to.append(migrate.upgrade(r))) for r in opened]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert results == [migrate.newest()] * 4
        [r.close() for r in opened]


# -------------------------------------------------------------------------------------------------------------- scopes


def test_another_tenant_sees_nothing(registry: Registry) -> None:
    row = campaign(registry)
    bob = Scope(tenant="ten_b", actor="per_bob")
    with registry.read() as c, pytest.raises(NotFound):
        one(c, bob, work.campaigns, id=row["id"], what="campaign")
    with registry.read() as c:
        assert page(c, work.campaigns, [bob.on(work.campaigns)], before="", limit=9) == ([], "")
        assert events.after(c, bob, 0) == []


def test_somebody_with_one_brand_does_not_see_the_others(registry: Registry) -> None:
    mine, other = campaign(registry, brand="brd_x"), campaign(registry, brand="brd_y")
    limited = Scope(tenant="ten_a", brands=frozenset({"brd_x"}))
    with registry.read() as c:
        rows, _ = page(c, work.campaigns, [limited.on(work.campaigns)], before="", limit=9)
        assert [row["id"] for row in rows] == [mine["id"]]
        assert {event["campaign"] for event in events.after(c, limited, 0)} == {mine["id"]}
        with pytest.raises(NotFound):
            campaigns.revision(c, limited, other["id"], 1)


def test_pages_follow_each_other_without_gap_or_repeat(registry: Registry) -> None:
    made = [campaign(registry)["id"] for _ in range(7)]
    seen: list[str] = []
    cursor = ""
    with registry.read() as c:
        while True:
            rows, cursor = page(c, work.campaigns, [ANN.on(work.campaigns)], before=cursor, limit=3)
            seen += [row["id"] for row in rows]
            if not cursor:
                break
    assert sorted(seen) == sorted(made)
    assert seen == sorted(seen, reverse=True)


# ----------------------------------------------------------------------------------------------------------- revisions


def test_a_revision_on_an_old_one_is_refused(registry: Registry) -> None:
    row = campaign(registry)
    with registry.write() as c:
        assert campaigns.revise(c, ANN, row["id"], expected=1, name="", brief=BRIEF, assets=["ast_1"])["revision"] == 2
    with pytest.raises(Conflict), registry.write() as c:
        campaigns.revise(c, ANN, row["id"], expected=1, name="", brief=BRIEF, assets=[])
    with registry.read() as c:
        assert campaigns.revision(c, ANN, row["id"], 2)["assets"] == ["ast_1"]


def test_a_slug_belongs_to_one_brand_of_a_tenant(registry: Registry) -> None:
    with registry.write() as c:
        first = brands.add(c, ANN, slug="aurora", name="Aurora", document=BRIEF)
    with pytest.raises(Conflict), registry.write() as c:
        brands.add(c, ANN, slug="aurora", name="Other", document=BRIEF)
    with registry.write() as c:
        brands.add(c, Scope(tenant="ten_b"), slug="aurora", name="Theirs", document=BRIEF)
        assert brands.named(c, ANN, "aurora")["id"] == first["id"]


# -------------------------------------------------------------------------------------------------------------- outbox


def test_a_run_and_its_outbox_row_come_together_or_not_at_all(registry: Registry) -> None:
    row = campaign(registry)
    with pytest.raises(RuntimeError), registry.write() as c:
        runs.submit(c, ANN, row, runs.Order())
        raise RuntimeError("the power fails here")
    with registry.read() as c:
        assert c.execute(sa.select(work.runs)).all() == []
        assert c.execute(sa.select(flow.outbox)).all() == []
    run = submitted(registry)
    with registry.write() as c:
        assert [r["subject"] for r in outbox.take(c, "w1")] == [run["id"]]


def test_a_taken_row_comes_back_when_its_taker_dies_and_stops_after_three_tries(registry: Registry) -> None:
    run = submitted(registry)
    for turn in range(outbox.MAX_TRIES):
        with registry.write() as c:
            assert len(outbox.take(c, f"w{turn}", hold_s=-1)) == 1
    with registry.write() as c:
        assert outbox.take(c, "w9") == []
        (letter,) = outbox.dead(c, "ten_a")
        assert letter["subject"] == run["id"]
        assert outbox.replay(c, "ten_b", letter["seq"]) is False
        assert outbox.replay(c, "ten_a", letter["seq"]) is True
        assert len(outbox.take(c, "w9")) == 1


def test_rows_that_a_wrong_clock_took_or_put_back_wait_no_longer_than_they_should(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    if registry.is_sqlite:
        pytest.skip("SQLite is of one machine, whose clock it is")

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=40)

    monkeypatch.setattr(scope, "datetime", Ahead)
    run = submitted(registry)
    with registry.write() as c:
        (taken,) = outbox.take(c, "ahead", hold_s=0.1)
    monkeypatch.undo()
    time.sleep(0.2)
    with registry.write() as c:
        assert [row["seq"] for row in outbox.take(c, "w1")] == [taken["seq"]]
        outbox.failed(c, taken["seq"], "away", again_s=0)
        assert outbox.waiting(c)[0] == 1
    with registry.write() as c:
        assert [row["subject"] for row in outbox.take(c, "w1")] == [run["id"]]


@pytest.mark.logs
def test_a_run_that_was_lost_is_found_whatever_clock_touched_it_last(registry: Registry, caplog: pytest.LogCaptureFixture) -> None:
    run = submitted(registry)
    with registry.write() as c:
        outbox.done(c, [row["seq"] for row in outbox.take(c, "w1")])
    nothing = SimpleNamespace(holding=set)
    for moment, lost in ((now(), 0), (now() + timedelta(days=2), 1)):
        with registry.write() as c:
            c.execute(sa.update(work.runs).where(work.runs.c.id == run["id"]).values(updated_at=moment))
        assert mover.sweep(registry, nothing, older_s=20) == lost  # type: ignore[arg-type]
        assert ("was lost" in caplog.text) is bool(lost)


def test_urgent_rows_go_first_and_future_ones_wait(registry: Registry) -> None:
    slow, later = submitted(registry), submitted(registry, start_after=now() + timedelta(hours=1))
    urgent = submitted(registry, priority=1)
    with registry.write() as c:
        taken = [row["subject"] for row in outbox.take(c, "w")]
    assert taken == [urgent["id"], slow["id"]]
    assert later["id"] not in taken


def test_two_takers_never_get_the_same_row(registry: Registry) -> None:
    wanted = {submitted(registry)["id"] for _ in range(12)}
    got: list[str] = []

    def take(owner: str) -> None:
        for _ in range(6):
            with registry.write() as c:
                got.extend(row["subject"] for row in outbox.take(c, owner, limit=2))

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(3)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(got) == sorted(wanted)


# ------------------------------------------------------------------------------------------------------- state machine


def test_a_run_moves_by_the_table_only(registry: Registry) -> None:
    run = submitted(registry)
    with registry.write() as c:
        assert runs.move(c, run["id"], "planning")
        assert runs.move(c, run["id"], "rendering")
    with pytest.raises(Conflict), registry.write() as c:
        runs.move(c, run["id"], "delivered")
    with registry.write() as c:
        assert runs.move(c, run["id"], "needs-review", totals={"passed": 3})
    with registry.read() as c:
        row = one(c, ANN, work.runs, id=run["id"], what="run")
        parent = one(c, ANN, work.campaigns, id=run["campaign"], what="campaign")
        told = [e["data"]["state"] for e in events.after(c, ANN, 0, run=run["id"])]
    assert (row["state"], row["totals"], parent["state"]) == ("needs-review", {"passed": 3}, "needs-review")
    assert row["started_at"] and row["finished_at"] >= row["started_at"]
    assert told == ["queued", "planning", "rendering", "needs-review"]


def test_an_old_owner_changes_nothing(registry: Registry) -> None:
    run = submitted(registry)
    with registry.write() as c:
        old = runs.own(c, run["id"], "w1")["fence"]
        new = runs.own(c, run["id"], "w2")["fence"]
        assert not runs.move(c, run["id"], "planning", fence=old)
        assert runs.move(c, run["id"], "planning", fence=new)


def test_every_state_can_be_reached_and_left_or_rests() -> None:
    reached, waiting = {"queued"}, ["queued"]
    while waiting:
        for state in runs.MOVES[waiting.pop()] - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == set(runs.STATES) == set(runs.MOVES)
    assert all(runs.MOVES[state] for state in runs.STATES)


def test_wishes_are_refused_where_they_make_no_sense(registry: Registry) -> None:
    run = submitted(registry)
    with registry.write() as c:
        assert runs.wish(c, ANN, run["id"], "cancel")["wish"] == "cancel"
        assert [r["kind"] for r in outbox.take(c, "w")] == ["run.wish", "run.submit"]
        runs.move(c, run["id"], "cancelled")
    with pytest.raises(Conflict), registry.write() as c:
        runs.wish(c, ANN, run["id"], "pause")
    with registry.write() as c:
        runs.wish(c, ANN, run["id"], "retry")


# -------------------------------------------------------------------------------------------------------------- events


def test_a_reader_that_remembers_the_last_number_misses_nothing(registry: Registry) -> None:
    """Writers commit at odd moments; numbers must still become visible in order."""
    stop, seen = threading.Event(), []

    def write(name: str) -> None:
        for turn in range(15):
            with registry.write() as c:
                events.append(c, "ten_a", "test", data={"who": f"{name}{turn}"})
                stop.wait(0.002)

    def read() -> None:
        last = 0
        while not stop.is_set() or events_left(last):
            last = collect(last)

    def collect(last: int) -> int:
        with registry.read() as c:
            rows = events.after(c, ANN, last)
        seen.extend(row["data"]["who"] for row in rows)
        return rows[-1]["seq"] if rows else last

    def events_left(last: int) -> bool:
        with registry.read() as c:
            return bool(events.after(c, ANN, last, limit=1))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    reader = threading.Thread(target=read)
    [t.start() for t in (reader, *writers)]
    [t.join() for t in writers]
    stop.set()
    reader.join()
    assert sorted(seen) == sorted(f"{name}{turn}" for name in "abc" for turn in range(15))


def test_creatives_land_while_a_run_is_open_keep_their_ids_and_come_too_late_when_it_is_over(registry: Registry) -> None:
    run = submitted(registry)
    one = {
        "product": "p", "locale": "en-US", "placement": "x", "variant": "a", "channel": "iab", "ratio": "1x1", "status": "passed",
        "file_digest": "f", "copy_digest": "c", "rules_digest": "r", "blob": "", "thumbnail": "", "format": "png", "path": "",
        "width": 1, "height": 1, "bytes": 1, "document": {},
    }  # fmt: skip
    with registry.write() as c:
        assert creatives.land(c, run, [one], open_states=("queued",))
        first = c.execute(sa.select(work.creatives.c.id)).scalar()
        assert creatives.land(c, run, [one], open_states=("queued",))
        assert not creatives.land(c, run, [{**one, "locale": "de-DE"}], open_states=("rendering",))
        assert c.execute(sa.select(work.creatives.c.current)).scalars().all() == [False]
        creatives.put(c, run, [one])
        assert c.execute(sa.select(work.creatives.c.id, work.creatives.c.current)).all() == [(first, True)]
