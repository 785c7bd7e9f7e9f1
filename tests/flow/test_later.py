"""Schedules, batches and dead letters over the API and the command line, carried out by the durable worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from affiche.cli.main import run as command
from affiche.registry import audit, outbox
from affiche.registry.scope import HOME_TENANT
from tests.flow.kit_service import BRIEF, Service, give_up, service


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), work=True) as it:
        yield it


@pytest.fixture
def resting(tmp_path: Path) -> Iterator[Service]:
    """Nobody works."""
    with service(tmp_path) as it:
        yield it


def campaign(at: Service, name: str) -> str:
    brief = BRIEF.replace("summer-yuzu", name)
    answer = at.http.post("/v1/campaigns?run=false", content=brief, headers={"content-type": "application/yaml"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["campaign"]["id"])


def until(true: Callable[[], Any], timeout_s: float = 120) -> Any:
    end = time.monotonic() + timeout_s
    while not (found := true()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)
    return found


@pytest.mark.slow
def test_a_batch_and_a_schedule_are_carried_out(served: Service) -> None:
    ids = [campaign(served, f"batch-{n}") for n in range(3)]
    soon = datetime.now(UTC) + timedelta(seconds=1)
    made = served.http.post("/v1/schedules", json={"campaign": ids[0], "at": soon.isoformat(), "within_minutes": 30})
    assert made.status_code == 201, made.text
    batch = served.http.post("/v1/batches", json={"campaigns": [*ids, ids[0]]}).json()
    assert (batch["runs"], batch["states"], batch["done"]) == (3, {"queued": 3}, False)
    done = until(lambda: (b := served.http.get(f"/v1/batches/{batch['id']}").json())["done"] and b)
    assert done["states"] == {"needs-review": 3}
    assert len(served.http.get(batch["runs_url"]).json()["items"]) == 3
    url = f"/v1/schedules/{made.json()['id']}"
    once = until(lambda: (s := served.http.get(url).json())["last_at"] and s)
    assert (once["active"], once["next_at"]) == (False, None)
    later = [row for row in served.http.get(f"/v1/runs?campaign={ids[0]}").json()["items"] if row["batch"] is None]
    assert len(later) == 1
    assert later[0]["deadline"]
    assert served.wait(later[0]["id"])["state"] == "needs-review"


def test_schedules_are_made_changed_and_removed(resting: Service) -> None:
    id = campaign(resting, "monday")
    made = resting.http.post("/v1/schedules", json={"campaign": id, "cron": "0 6 * * 1"}).json()
    assert datetime.fromisoformat(made["next_at"]).weekday() == 0
    assert [row["id"] for row in resting.http.get(f"/v1/schedules?campaign={id}").json()["items"]] == [made["id"]]
    url = f"/v1/schedules/{made['id']}"
    assert resting.http.patch(url, json={"active": False}).json()["next_at"] is None
    assert resting.http.patch(url, json={"cron": "30 7 1 * *", "active": True}).json()["next_at"].endswith("-01T07:30:00Z")
    for wrong in ({"cron": "61 * * * *"}, {"cron": "0 0 30 2 *"}, {}, {"cron": "* * * * *", "at": "2027-01-01T00:00:00Z"}):
        answer = resting.http.post("/v1/schedules", json={"campaign": id, **wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "usage"), answer.text
    assert resting.http.delete(url).status_code == 204
    assert resting.http.get(url).status_code == 404


def test_a_batch_is_all_or_nothing_and_is_told_together(resting: Service) -> None:
    ids = [campaign(resting, f"told-{n}") for n in range(2)]
    answer = resting.http.post("/v1/batches", json={"campaigns": [*ids, "cmp_" + "0" * 26]})
    assert answer.status_code == 404
    assert resting.http.get("/v1/runs").json()["items"] == []
    batch = resting.http.post("/v1/batches", json={"campaigns": ids}).json()["id"]
    assert resting.http.post(f"/v1/batches/{batch}/wish", json={"wish": "resume"}).json() == {"id": batch, "told": 0, "left": 2}
    assert resting.http.post(f"/v1/batches/{batch}/wish", json={"wish": "cancel"}).json() == {"id": batch, "told": 2, "left": 0}
    assert resting.http.get("/v1/batches/bat_" + "0" * 26).status_code == 404


def test_what_was_given_up_is_read_and_replayed(resting: Service) -> None:
    id = campaign(resting, "lost")
    run = resting.http.post("/v1/runs", json={"campaign": id}).json()["run"]["id"]
    give_up(resting, run, "the engine is away")
    found = resting.http.get("/v1/dead-letters").json()["items"]
    assert {letter["kind"]: letter["reason"] for letter in found} == {"run": "given up after 3 tries: disk", "run.submit": "the engine is away"}
    for letter in found:
        assert resting.http.post(f"/v1/dead-letters/{letter['id']}/replay").status_code == 202
    assert resting.http.get(f"/v1/runs/{run}").json()["wish"] == "retry"
    with resting.registry.write() as c:
        assert {row["kind"] for row in outbox.take(c, "w")} == {"run.submit", "run.wish"}
    assert resting.http.post("/v1/dead-letters/out_99/replay").status_code == 404


def test_the_same_on_the_command_line(resting: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path))
    campaign(resting, "by-hand")

    def affiche(*arguments: str) -> str:
        assert command(list(arguments)) == 0
        return capsys.readouterr().out

    made = affiche("schedule", "make", "by-hand", "--cron", "0 6 * * 1").split()[0]
    assert f"{made}  " in affiche("schedule", "list")
    affiche("schedule", "remove", made)
    assert affiche("schedule", "list") == ""
    (tmp_path / "names").write_text("by-hand\n")
    batch = affiche("batch", "start", f"@{tmp_path / 'names'}").split()[0]
    assert affiche("batch", "show", batch).split() == ["1", "queued"]
    assert affiche("batch", "tell", batch, "cancel").startswith("1 told")
    assert affiche("letters", "list") == ""
    with resting.registry.read() as c:
        assert audit.verify(c, HOME_TENANT).broken is None
