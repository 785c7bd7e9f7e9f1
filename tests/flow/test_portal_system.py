"""The system page: health, what waits, and what was given up, which one form sends on its way again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from affiche.registry.runs import get, move, progress
from affiche.registry.scope import now
from affiche.registry.tables.flow import workers
from affiche.registry.workers import Sign, Task, ran, say
from tests.flow.kit_service import BRIEF, Service, give_up, service


@pytest.fixture
def resting(tmp_path: Path) -> Iterator[Service]:
    """Nobody works, so what waits goes on waiting."""
    with service(tmp_path, portal=True) as it:
        yield it


def given_up(at: Service) -> str:
    """A run and a row of the outbox that were given up; the run's id."""
    made = at.http.post("/v1/campaigns", content=BRIEF, headers={"content-type": "application/yaml"})
    run: str = made.json()["run"]["id"]
    give_up(at, run, "the engine <is> away")
    return run


def test_what_was_given_up_is_shown_with_its_reason_and_replayed_without_scripts(resting: Service) -> None:
    with httpx2.Client(base_url=resting.url, follow_redirects=True, timeout=60) as browser:
        empty = browser.get("/system").text
        assert "Nothing waits for a worker." in empty and "/replay" not in empty
        run = given_up(resting)
        page = browser.get("/system").text
        assert "given up after 3 tries: disk" in page and "the engine &lt;is&gt; away" in page
        actions = re.findall(r'action="(/system/letters/[^"]+/replay)"', page)
        assert f"/system/letters/{run}/replay" in actions and len(actions) == 2
        assert f"/runs/{run}/retry" not in page, "it is told once, where it can be replayed"
        assert browser.post(actions[0], data={"csrf": "forged"}).status_code == 403
        assert resting.http.get("/v1/runs/" + run).json()["wish"] != "retry"
        for action in actions:
            after = browser.post(action, data={"csrf": browser.cookies["affiche-csrf"]})
            assert after.status_code == 200 and "It is tried again." in after.text
        assert resting.http.get("/v1/runs/" + run).json()["wish"] == "retry"
        assert re.search(r"\d wait for a worker", after.text)
        assert "the engine" not in after.text


def test_a_part_that_is_not_well_says_so(resting: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("affiche.registry.migrate.newest", lambda: "another")
    page = httpx2.get(f"{resting.url}/system", headers={"Accept-Language": "de"}, timeout=60)
    assert page.status_code == 200
    assert "Ihre Tabellen gehören zu einer anderen Version" in page.text and "Aufgegeben" in page.text


def test_workers_are_shown_with_their_runs_once_each(resting: Service) -> None:
    made = resting.http.post("/v1/campaigns", content=BRIEF, headers={"content-type": "application/yaml"}).json()
    run = made["run"]["id"]
    work = [Task(run=run, stage="start", part=part, for_s=0.0) for part in ("00003", "00004")]
    with resting.registry.write() as c:
        move(c, run, "planning")
        progress(c, get(c, run), {"done": 412, "steps": 1206})
        say(c, Sign(id="render-01-7-abc", host="render-01", pid=7, version="1.2.3", processes=2, lease_s=600, age_s=7200, draining=False, work=work))
        ran(c, "render-01-7-abc", 18_234)
        c.execute(sa.update(workers).values(seen_at=now() - timedelta(seconds=125)))
    page = httpx2.get(f"{resting.url}/system", headers={"Accept-Language": "de"}, timeout=60).text
    card = page.partition('id="workers"')[2].partition("</section>")[0]
    assert re.sub(r"<[^>]+>", " ", card).split() == (
        "> Arbeiter (1) Arbeiter Zustand In Arbeit Schritte Version Begonnen Zuletzt gehört render-01 7-abc beschäftigt Summer Yuzu "
        "wird geplant · Teil 4, 5 · 412 von 1.206 Schritten 18.234 1.2.3 vor 2 Stunden vor 2 Minuten"
    ).split()
    assert card.count(f'href="/campaigns/{made["campaign"]["id"]}"') == 1
