"""A run that waits for a stored file says for which, in the API and on its page, until it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.flow.kit_service import BRIEF, Service, service

ASSETS = Path(__file__).resolve().parents[2] / "examples/verde/assets"
PICTURE = ASSETS / "yuzu.png"


def until(true: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def waiting_for(at: Service, run: str) -> str:
    return str(at.http.get(f"/v1/runs/{run}").json()["waiting_for"])


@pytest.mark.logs
def test_a_build_says_which_file_it_waits_for_and_goes_on_when_it_is_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with service(tmp_path, work=True, portal=True) as at:
        asset = at.http.post("/v1/assets", params={"name": "yuzu.png"}, content=PICTURE.read_bytes()).json()
        (stored,) = (tmp_path / "blobs").glob(f"*/{asset['digest'].rpartition(':')[2][2:]}")
        stored.rename(tmp_path / "away")
        brief = BRIEF.replace("name: Sparkling Yuzu}", f"name: Sparkling Yuzu, picture: {asset['id']}}}")
        made = at.http.post("/v1/campaigns", content=brief.encode(), headers={"Content-Type": "application/yaml"}).json()
        campaign, run = made["campaign"]["id"], made["run"]["id"]
        until(lambda: bool(waiting_for(at, run)))
        page = at.http.get(f"/campaigns/{campaign}").text
        assert "The build waits: yuzu.png: stored file" in page and "is missing" in page and "It goes on by itself" in page
        assert f"waits: yuzu.png: stored file {stored.parent.name}" in caplog.text
        time.sleep(2.5)
        assert "yuzu.png" in waiting_for(at, run), "another try in vain changes nothing"
        (tmp_path / "away").rename(stored)
        assert at.wait(run, 60)["state"] == "needs-review"
        assert not waiting_for(at, run)
        assert "The build waits" not in at.http.get(f"/campaigns/{campaign}").text


@pytest.mark.logs
def test_a_build_names_every_file_that_it_waits_for(tmp_path: Path) -> None:
    with service(tmp_path, work=True, portal=True) as at:
        stored, products = {}, []
        for number, name in enumerate(("yuzu.png", "elder.png")):
            asset = at.http.post("/v1/assets", params={"name": name}, content=(ASSETS / name).read_bytes()).json()
            (stored[name],) = (tmp_path / "blobs").glob(f"*/{asset['digest'].rpartition(':')[2][2:]}")
            stored[name].rename(tmp_path / name)
            products.append(f"{{id: drink-{number}, name: Drink {number}, picture: {asset['id']}}}")
        brief = BRIEF.replace("[{id: yuzu, name: Sparkling Yuzu}]", f"[{', '.join(products)}]")
        made = at.http.post("/v1/campaigns", content=brief.encode(), headers={"Content-Type": "application/yaml"}).json()
        campaign, run = made["campaign"]["id"], made["run"]["id"]
        until(lambda: bool(waiting_for(at, run)))
        page = at.http.get(f"/campaigns/{campaign}").text
        for name in stored:
            assert f"{name}: stored file" in waiting_for(at, run) and f"{name}: stored file" in page
        (tmp_path / "yuzu.png").rename(stored["yuzu.png"])
        until(lambda: waiting_for(at, run).startswith("elder.png: "))
        (tmp_path / "elder.png").rename(stored["elder.png"])
        assert at.wait(run, 60)["state"] == "needs-review"


@pytest.mark.logs
def test_a_build_whose_deadline_passed_fails_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with service(tmp_path, work=True) as at:
        made = at.http.post("/v1/campaigns", params={"run": "false"}, content=BRIEF.encode(), headers={"Content-Type": "application/yaml"}).json()
        wanted = {"campaign": made["campaign"]["id"], "deadline": "2026-01-01T00:00:00Z"}
        run = at.wait(at.http.post("/v1/runs", json=wanted).json()["run"]["id"], 30)
        refused = at.http.post(f"/v1/runs/{run['id']}/wish", json={"wish": "retry"})
        assert (refused.status_code, refused.json()["hint"]) == (409, "start another run of the campaign: what was made is reused")
        assert at.http.get(f"/v1/runs/{run['id']}").json()["state"] == "failed"
        soon, later = (str(datetime.now(UTC) + timedelta(seconds=wait)) for wait in (2, 3600))
        held = {"campaign": made["campaign"]["id"], "start_after": later, "deadline": soon}
        paused = at.http.post("/v1/runs", json=held).json()["run"]["id"]
        at.http.post(f"/v1/runs/{paused}/wish", json={"wish": "pause"})
        until(lambda: at.http.get(f"/v1/runs/{paused}").json()["state"] == "paused")
        until(lambda: at.http.post(f"/v1/runs/{paused}/wish", json={"wish": "resume"}).status_code == 409)
        assert at.http.post(f"/v1/runs/{paused}/cancel").status_code == 202
    assert (run["state"], run["reason"]) == ("failed", "its deadline passed before it was done")
    assert "was lost by the engine" not in caplog.text
