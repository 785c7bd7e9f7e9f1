"""The engine's verbs, on SQLite and PostgreSQL, with hands that only write down what they were asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from affiche.engine.durable import DurableEngine, default_queues
from affiche.engine.tables import WORKERS, EngineDatabase
from affiche.engine.verbs import BATCHES, LATER, RUNS, URGENT, Call, Fork, Limits, Order, Part
from affiche.errors import InputError, StorageAway, StorageError, Superseded
from tests import postgres

URLS: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder / 'engine.db'}",
    "postgres": lambda _: postgres.database(),
}


class Notes:
    """Hands: three batches for runs called `big`, errors for those that say so."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.letters: dict[str, tuple[str, int]] = {}
        self.waited: list[str] = []
        self.held: list[str] = []
        self.hold = threading.Event()
        #: Set: parts end at once.
        self.parts = threading.Event()
        self.parts.set()
        self.begun = threading.Event()
        self.parts_begun = threading.Event()
        self.hold.set()

    @contextmanager
    def holding(self, order: Order, stage: str, part: str = "") -> Iterator[None]:
        self.held.append(name := f"{order.run} {stage} {part}".strip())
        yield
        self.held.remove(name)

    def stage(self, order: Order, stage: str) -> Fork | None:
        self.calls.append(f"{order.run} {order.attempt} {stage}")
        self.begun.set()
        self.hold.wait(20)
        if "broken" in order.run:
            raise InputError("nothing to be done")
        if "disk" in order.run and sum(call.startswith(order.run) for call in self.calls) < 2:
            raise StorageError("disk full")
        if "away" in order.run and sum(call.startswith(order.run) for call in self.calls) < 7:
            raise StorageAway("the object store does not answer")
        if "lost" in order.run:
            raise Superseded
        if "bug" in order.run:
            raise KeyError("bug")
        return Fork(parts=[Part(id=f"b{n}") for n in range(3)]) if "big" in order.run and stage == "start" else None

    def part(self, order: Order, stage: str, part: str) -> None:
        self.calls.append(f"{order.run} {order.attempt} {stage}/{part}")
        self.parts_begun.set()
        self.hold.wait(20)
        self.parts.wait(20)

    def waits(self, order: Order, reason: str) -> None:
        assert self.held == [f"{order.run} start"]
        self.waited.append(f"{order.run}: {reason}")

    def give_up(self, order: Order, reason: str, tries: int) -> None:
        self.letters[order.id] = (reason, tries)


@pytest.fixture(params=URLS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return URLS[request.param](tmp_path)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def engine(url: str, notes: Notes, monkeypatch: pytest.MonkeyPatch) -> Iterator[DurableEngine]:
    monkeypatch.setattr("affiche.engine.durable.PAUSES", (0.05, 0.05))
    monkeypatch.setattr("affiche.engine.durable.WAITS", (0.03, 0.04, 0.05))
    database = EngineDatabase(url)
    engine = DurableEngine(database, notes, worker="w1", queues={RUNS: Limits(at_once=1), BATCHES: Limits(at_once=2)})
    engine.launch()
    yield engine
    notes.hold.set()
    notes.parts.set()
    engine.drain(5)
    database.close()


@pytest.mark.slow
@pytest.mark.logs
def test_the_verbs(engine: DurableEngine, notes: Notes, caplog: pytest.LogCaptureFixture) -> None:
    # One after another on one engine: starting it costs seconds.
    small, big = Order(run="run_small"), Order(run="run_big", attempt=2)
    for order in (small, small, big, big):
        engine.submit(order)
    assert engine.wait(small, 20)
    assert engine.wait(big, 20)
    engine.submit(big)
    assert engine.wait(big, 20)
    wanted = ["run_small 1 start", "run_big 2 start", *(f"run_big 2 start/b{n}" for n in range(3)), "run_big 2 finish"]
    assert Counter(notes.calls) == Counter(wanted)
    assert notes.calls[-1] == "run_big 2 finish"

    broken, disk, away, bug = (Order(run=f"run_{name}") for name in ("broken", "disk", "away", "bug"))
    for order in (broken, disk, away, bug, Order(run="run_lost")):
        engine.submit(order)
    for order in (broken, disk, away, bug, Order(run="run_lost")):
        assert engine.wait(order, 20)
    assert notes.letters == {"run_broken.1": ("nothing to be done", 1), "run_bug.1": ("KeyError: 'bug'", 3)}
    assert sum(call.startswith("run_disk") for call in notes.calls) == 2
    # What everybody needs and is away is waited for, longer than three tries, and that is said once.
    assert sum(call.startswith("run_away") for call in notes.calls) == 7
    assert notes.waited == ["run_away: the object store does not answer"]

    # Priorities: while one run is at work, three wait; the urgent one overtakes.
    notes.calls.clear()
    notes.begun.clear()
    notes.hold.clear()
    engine.submit(Order(run="run_first"))
    assert notes.begun.wait(10)
    for name, priority in (("late", LATER), ("usual", 5), ("urgent", URGENT), ("dropped", URGENT)):
        engine.submit(Order(run=f"run_{name}", priority=priority))
    engine.cancel("run_dropped")
    notes.hold.set()
    assert engine.wait(Order(run="run_late", priority=LATER), 20)
    assert [call.split()[0] for call in notes.calls] == ["run_first", "run_urgent", "run_usual", "run_late"]

    # A cancelled parent takes its parts along.
    notes.parts_begun.clear()
    notes.parts.clear()
    engine.submit(Order(run="run_big_cancelled"))
    assert notes.parts_begun.wait(10)
    engine.cancel("run_big_cancelled")
    notes.parts.set()
    assert engine.wait(Order(run="run_big_cancelled"), 10)
    assert "run_big_cancelled 1 finish" not in notes.calls
    assert engine.holding() == set()
    assert engine.forget(datetime.now(UTC) + timedelta(seconds=5)) > 8
    assert engine.forget(datetime.now(UTC) + timedelta(seconds=5)) == 0
    assert engine.lease.beat()


@pytest.mark.slow
def test_work_of_a_worker_that_is_gone_continues_here_and_that_of_a_lost_version_is_named(url: str, engine: DurableEngine, notes: Notes) -> None:
    def leave(run: str, worker: str, version: str) -> None:
        """A workflow as a killed worker leaves it."""
        engine.submit(Order(run=run))
        assert engine.wait(Order(run=run), 20)
        rows = sa.text(
            f"UPDATE {schema}workflow_status SET status='PENDING', executor_id=:worker, application_version=:version,"
            " output=NULL, completed_at=NULL WHERE workflow_uuid LIKE :run"
        )
        steps = sa.text(f"DELETE FROM {schema}operation_outputs WHERE workflow_uuid LIKE :run")
        with engine._database.db.begin() as db:
            db.execute(rows, {"worker": worker, "version": version, "run": f"{run}.%"})
            db.execute(steps, {"run": f"{run}.%"})

    schema = "" if url.startswith("sqlite") else "engine."
    leave("run_dead", "w0", engine.version)
    leave("run_old", "w0", "0")
    found = engine.recover()
    assert found.orders == 1
    assert [order.id for order in found.stranded] == ["run_old.1"]
    assert engine.wait(Order(run="run_dead"), 20)
    assert notes.calls.count("run_dead 1 start") == 2
    assert notes.calls.count("run_old 1 start") == 1
    assert engine.recover().orders == 0
    with engine._database.db.begin() as db:
        db.execute(sa.delete(WORKERS))
    assert not engine.lease.beat()


@pytest.mark.slow
def test_recurring_calls_come_by_themselves(tmp_path: Path, notes: Notes) -> None:
    came: list[str] = []
    database = EngineDatabase(f"sqlite:///{tmp_path / 'engine.db'}")
    engine = DurableEngine(database, notes, worker="w1", queues=default_queues(1), called=lambda what, _at: came.append(what))
    engine.launch()
    engine.schedule({"every-second": Call(cron="* * * * * *", id="cmp_1"), "never": Call(cron="0 0 29 2 *", id="cmp_2")})
    until = time.monotonic() + 20
    while not came and time.monotonic() < until:
        time.sleep(0.1)
    engine.schedule({"never": Call(cron="0 0 29 2 *", id="cmp_2")})
    assert set(came) == {"cmp_1"}
    engine.drain(2)
    database.close()


def test_a_database_that_was_deleted_is_noticed(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'engine.db'}", postgres.database()):
        database = EngineDatabase(url)
        assert not database.lost()
        if database.sqlite:
            (tmp_path / "engine.db").unlink()
        else:
            with database.db.begin() as db:
                db.exec_driver_sql("DROP SCHEMA engine CASCADE")
        assert database.lost()
        again = EngineDatabase(url)
        assert database.lost()
        assert not again.lost()
        again.close()
        database.close()


def test_a_database_that_cannot_be_opened_is_named_without_its_password() -> None:
    with pytest.raises(StorageError, match="cannot be opened") as refused:
        EngineDatabase("postgresql://somebody:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(refused.value)
