"""The list of workers, on SQLite and PostgreSQL: what each says of itself, and what becomes of those who say nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from affiche.registry import campaigns, migrate, runs, scope, workers
from affiche.registry.brands import Document
from affiche.registry.open import Registry, open_registry
from affiche.registry.scope import HOME_TENANT, Row, Scope, now
from affiche.registry.tables.flow import workers as table
from affiche.registry.workers import Sign, Task
from affiche.settings import Settings
from affiche.work.board import Board
from tests import postgres
from tests.contract.kit_registry import ready

URLS: dict[str, Callable[[], str]] = {"sqlite": lambda: "", "postgresql": postgres.database}
HERE, THERE = Scope(tenant=HOME_TENANT, actor="per_ann"), Scope(tenant="ten_b")
ONE = Sign(id="host-7-a1b2c3", host="host", pid=7, version="1.2.3", processes=2, lease_s=6, age_s=90.0, draining=False)


@pytest.fixture(scope="module", params=URLS)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    registry = ready(URLS[request.param](), tmp_path_factory.mktemp("registry"))
    yield registry
    registry.close()


@pytest.fixture
def registry(opened: Registry) -> Registry:
    with opened.write() as c:
        c.execute(sa.delete(table))
    return opened


def said(registry: Registry, *signs: Sign) -> None:
    with registry.write() as c:
        for sign in signs:
            workers.say(c, sign)


def silent(registry: Registry, seconds: float, worker: str = ONE.id) -> None:
    """As if a worker had said nothing for so long."""
    with registry.write() as c:
        c.execute(sa.update(table).where(table.c.id == worker).values(seen_at=now() - timedelta(seconds=seconds)))


def listed(registry: Registry, scope: Scope = HERE) -> dict[str, Row]:
    with registry.read() as c:
        return {row["id"]: row for row in workers.all_of(c, scope)}


def run_of(registry: Registry) -> Row:
    with registry.write() as c:
        brief = Document(data=b"affiche: 1", digest="sha256:1", media_type="application/yaml")
        row = campaigns.add(c, HERE, slug=f"summer-{now().timestamp()}", name="Summer", brand="", brief=brief, assets=[])
        run = runs.submit(c, HERE, row, runs.Order())
        runs.move(c, run["id"], "planning")
        runs.progress(c, runs.get(c, run["id"]), {"done": 3, "steps": 12})
        return run


def test_a_worker_is_listed_as_it_says_with_what_it_has_in_hand(registry: Registry) -> None:
    run = run_of(registry)
    said(registry, replace(ONE, work=[Task(run=run["id"], stage="start", part="00003", for_s=4.0)]))
    row = listed(registry)[ONE.id]
    assert (row["host"], row["pid"], row["version"], row["processes"], row["state"]) == ("host", 7, "1.2.3", 2, "busy")
    assert timedelta(seconds=85) < row["seen_at"] - row["since"] < timedelta(seconds=95) and row["silent_s"] < 5
    (task,) = row["work"]
    assert timedelta(seconds=3) < row["seen_at"] - task.pop("since") < timedelta(seconds=5)
    assert task == {
        "run": run["id"], "campaign": run["campaign"], "name": "Summer", "state": "planning", "done": 3, "steps": 12,
        "stage": "start", "part": "00003",
    }  # fmt: skip


def test_saying_it_again_keeps_the_beginning_and_the_steps(registry: Registry) -> None:
    said(registry, ONE)
    before = listed(registry)[ONE.id]
    with registry.write() as c:
        workers.ran(c, ONE.id, 5)
        workers.ran(c, ONE.id, 2)
        workers.ran(c, "nobody", 9)
    said(registry, replace(ONE, age_s=0.0))
    after = listed(registry)[ONE.id]
    assert (after["steps"], after["since"], after["state"]) == (7, before["since"], "idle")
    assert after["seen_at"] > before["seen_at"]


@pytest.mark.parametrize(("silent_s", "draining", "state"), [(0, False, "idle"), (5, False, "idle"), (7, False, "silent"), (0, True, "draining"), (7, True, "silent")])
def test_who_says_nothing_for_a_lease_is_silent(registry: Registry, silent_s: float, draining: bool, state: str) -> None:
    said(registry, replace(ONE, draining=draining))
    silent(registry, silent_s)
    row = listed(registry)[ONE.id]
    assert row["state"] == state and silent_s <= row["silent_s"] < silent_s + 1
    with registry.read() as c:
        assert workers.states(c) == {name: int(name == state) for name in ("busy", "idle", "draining", "silent")}


def test_the_silent_stay_for_a_while_and_those_who_end_go_at_once(registry: Registry) -> None:
    said(registry, ONE, replace(ONE, id="b"), replace(ONE, id="c"))
    silent(registry, 599)
    silent(registry, 601, "b")
    with registry.write() as c:
        assert workers.forget(c) == 1
        workers.leave(c, "c")
    assert set(listed(registry)) == {ONE.id}


def test_another_tenant_sees_the_workers_and_not_what_they_work_on(registry: Registry) -> None:
    said(registry, replace(ONE, work=[Task(run=run_of(registry)["id"], stage="start", part="", for_s=0.0)]))
    row = listed(registry, THERE)[ONE.id]
    assert (row["state"], row["work"]) == ("busy", [])


def test_moments_are_those_of_the_database(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker on another host whose clock is a day late lives all the same; SQLite has one host, and its clock."""
    if registry.is_sqlite:
        return
    monkeypatch.setattr(scope, "now", lambda: datetime(2020, 1, 1, tzinfo=now().tzinfo))
    said(registry, ONE)
    assert abs(listed(registry)[ONE.id]["seen_at"] - now()) < timedelta(seconds=5)


def test_a_board_tells_what_is_in_hand_and_does_not_come_back(registry: Registry, tmp_path: Path) -> None:
    run = run_of(registry)["id"]
    board = Board(registry, Settings(home=tmp_path, jobs=3, lease_s=9), "w")
    with board.holding(run, "start"):
        with board.holding(run, "start", "00001"), pytest.raises(RuntimeError):
            board.tell(draining=False)
            told = listed(registry)["w"]
            raise RuntimeError("the task fails")
        board.tell(draining=True)
    assert (told["processes"], told["lease_s"], [task["part"] for task in told["work"]]) == (3, 9, ["", "00001"])
    row = listed(registry)["w"]
    assert (row["state"], [task["part"] for task in row["work"]]) == ("draining", [""])
    board.leave()
    board.tell(draining=True)
    assert listed(registry) == {}


def test_a_registry_of_the_schema_before_comes_along(tmp_path: Path) -> None:
    for number, url in enumerate(make() for make in URLS.values()):
        old = open_registry(url, tmp_path / str(number))
        migrate.upgrade(old, "0009")
        assert migrate.upgrade(old) == migrate.newest()
        said(old, ONE)
        assert set(listed(old)) == {ONE.id}
        old.close()
