"""Workers in the list: a real one comes, works, is killed, and another ends in order; by API, client, command and page."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from affiche.cli.main import run as command
from affiche.client import Affiche
from affiche.client.shapes import Worker
from affiche.engine.verbs import FINISH, Order
from affiche.registry.workers import STATES, Sign, all_of, say, states
from affiche.settings import Settings
from affiche.versions import own_version
from affiche.work import perform
from tests.contract.kit_registry import ready
from tests.flow.kit_service import Service, service
from tests.flow.kit_workers import SCOPE
from tests.flow.kit_workers import Service as Home

#: As `kit_workers` sets it for its workers.
LEASE_S = 2


@contextmanager
def at_home(home: Path) -> Iterator[tuple[Service, Home]]:
    """The API with its portal, and beside it what starts workers as processes of their own."""
    with service(home, portal=True) as at:
        workers = Home(home)
        try:
            yield at, workers
        finally:
            workers.stop()


def listed(at: Service) -> list[Worker]:
    async def asked() -> list[Worker]:
        async with Affiche(at.url) as affiche:
            return await affiche.workers()

    return asyncio.run(asked())


def until(true: Callable[[], Any], timeout_s: float = 60) -> Any:
    end = time.monotonic() + timeout_s
    while not (found := true()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
    return found


def frozen(worker: int) -> None:
    """Stops the render processes of a worker, so that what it has in hand stays there."""
    for child in psutil.Process(worker).children(recursive=True):
        child.send_signal(signal.SIGSTOP)


def said(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert command(["workers", *more]) == 0
    return capsys.readouterr().out


def page_of(at: Service) -> str:
    return httpx2.get(f"{at.url}/system", timeout=60).text


@pytest.mark.slow
def test_a_worker_comes_works_and_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path))
    monkeypatch.setattr("affiche.runs.golden.drawn", lambda *_: "ok")  # the page draws one, which takes seconds
    with at_home(tmp_path) as (at, home):
        assert listed(at) == [] and said(capsys).startswith("No worker is there")
        assert "No worker is there" in page_of(at)
        process = home.work()
        (worker,) = until(lambda: listed(at))
        assert (worker.pid, worker.state, worker.version, worker.processes) == (process.pid, "idle", own_version(), 1)
        assert (worker.lease_s, worker.steps, worker.work) == (LEASE_S, 0, []) and worker.id in home.log(0)
        first = home.submit("first")
        home.wait([first])
        steps = home.row(first)["totals"]["steps"]["ran"]
        assert listed(at)[0].steps == steps > 0
        frozen(process.pid)
        second = home.submit("second")
        (busy,) = until(lambda: [one for one in listed(at) if one.work and one.work[0].run == second])
        assert (busy.id, busy.state, [(task.name, task.stage) for task in busy.work]) == (worker.id, "busy", [("second", "start")])
        assert json.loads(said(capsys, "--json"))[0]["work"][0]["run"] == second
        os.killpg(process.pid, signal.SIGKILL)
        killed = time.monotonic()
        (dead,) = until(lambda: [one for one in listed(at) if one.state == "silent"])
        assert time.monotonic() - killed < LEASE_S + 1 and dead.work
        page = page_of(at)
        assert ">silent<" in page and f"/campaigns/{dead.work[0].campaign}" in page
        lines = said(capsys).splitlines()
        assert lines[0].startswith(f"{worker.id}  silent") and f"{second}  second  start" in lines[1]


def test_a_worker_that_ends_in_order_leaves_the_list_and_the_only_one_clears_it(tmp_path: Path) -> None:
    registry = ready("", tmp_path)
    with registry.write() as c:
        say(c, Sign(id="gone", host="gone", pid=1, version="0", processes=1, lease_s=60, age_s=0.0, draining=False))
    with service(tmp_path, work=True) as at:
        (worker,) = until(lambda: [one for one in listed(at) if one.id != "gone"])
        assert [one.id for one in listed(at)] == [worker.id], "who holds the home is the only one there can be"
    with registry.read() as c:
        assert states(c) == dict.fromkeys(STATES, 0)
    registry.close()


def test_steps_of_a_divided_run_count_for_whoever_ran_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perform, "WHOLE", 1)
    monkeypatch.setattr(perform, "BATCH", 1)
    home = Home(tmp_path)
    run = home.submit("large", placements=("300x250", "320x50"))
    order = Order(run=run)
    with home.registry.write() as c:
        for name in "abc":
            say(c, Sign(id=name, host="h", pid=1, version="1", processes=1, lease_s=60, age_s=0.0, draining=False))
    place = {name: perform.Place(settings=Settings(home=tmp_path, jobs=1), worker=name) for name in "abc"}
    forked = perform.stage(place["a"], order, "start")
    assert forked is not None and len(forked.parts) == 2
    for worker, part in zip("bc", forked.parts, strict=True):
        perform.part(place[worker], order, int(part.id))
    assert perform.stage(place["a"], order, FINISH) is None
    with home.registry.read() as c:
        steps = {row["id"]: row["steps"] for row in all_of(c, SCOPE)}
    assert home.row(run)["totals"]["steps"]["ran"] == sum(steps.values()), "what lay there at the end was made by its parts"
    assert steps["a"] > 0 and steps["b"] == steps["c"] > 0
    home.stop()
