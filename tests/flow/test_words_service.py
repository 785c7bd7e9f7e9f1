"""A run of the service asks the writer for what nobody wrote: once, within budget, told, and not again after a `kill -9`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from affiche.adapters.journal import SqliteJournal
from tests.contract.kit_writers import Double, Reply, Seen, serving
from tests.flow.kit_service import Service, service
from tests.flow.kit_words import BRIEF, knowing, material

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def built(at: Service, brief: str = BRIEF) -> dict[str, Any]:
    made = at.http.post("/v1/campaigns", content=brief, headers={"content-type": "application/yaml"})
    assert made.status_code == 202, made.text
    return at.wait(made.json()["run"]["id"], 120)


def writing(double: Double) -> dict[str, Any]:
    return {"work": True, "writer": "compatible:little", "writer_url": f"{double.url}/v1"}


def by_locale(at: Service, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = at.http.get("/v1/creatives", params={"campaign": run["campaign"]}).json()["items"]
    return {row["locale"]: row for row in rows}


def events(at: Service, run: dict[str, Any]) -> list[dict[str, Any]]:
    return at.http.get("/v1/events", params={"campaign": run["campaign"], "limit": 200}).json()["items"]


def test_a_run_drafts_what_is_missing_once_and_tells_it(tmp_path: Path) -> None:
    with serving(knowing) as double, service(tmp_path, **writing(double)) as at:
        planned = at.http.post("/v1/plans", json={"brief": BRIEF}).json()
        assert planned["words"]["calls"] == 2 and not double.seen, "a dry run asks nobody"
        run = built(at, BRIEF + "writing: {captions: true}\n")
        told, asked = run["totals"]["words"], len(double.seen)
        assert run["state"] == "needs-review"
        assert (told["writer"], told["texts"], told["rejected"], told["failures"]) == ("compatible:little", 4, 0, [])
        assert told["calls"] == asked == 5, "two locales, and a caption for each of three"
        assert told["currency"] == "USD" and float(told["cost"]) == 0
        german = by_locale(at, run)["de-DE"]
        assert german["words"]["headline"] == "Weck den Nachmittag" and german["origins"]["headline"] == "model"
        assert german["written"]["headline"]["model"] == "compatible m-1"
        assert german["extras"]["hashtags"] == ["#Verde", "#Yuzu"]
        seen = events(at, run)
        states = [event["data"]["state"] for event in seen if event["kind"] == "run.state"]
        assert "waiting-copy" in states
        assert [e["data"]["written"] for e in seen if e["kind"] == "run.words" and e["data"]["stage"] == "transcreate"] == [4]
        again = at.http.post("/v1/runs", json={"campaign": run["campaign"]}).json()["run"]["id"]
        assert at.wait(again)["state"] == "needs-review"
        assert len(double.seen) == asked, "a second run asked again"


@pytest.mark.logs
def test_after_kill_9_in_a_question_nothing_is_asked_twice(tmp_path: Path) -> None:
    killed: list[int] = []

    def deadly(seen: Seen) -> Reply:
        """French is never answered: who asked for it is killed, as soon as the German words are paid."""
        if material(seen)["target_locale"] == "fr-FR" and not killed:
            journal = SqliteJournal(tmp_path)
            until = time.monotonic() + 20
            while not journal.calls(states=("done",)) and time.monotonic() < until:
                time.sleep(0.05)
            killed.append(int(journal.calls(states=("sent",))[0].intent.owner.split("/")[1]))
            journal.close()
            os.kill(killed[0], signal.SIGKILL)
        return knowing(seen)

    with serving(deadly) as double, service(tmp_path, **writing(double)) as at:
        run = built(at)
        asked = sorted(material(seen)["target_locale"] for seen in double.seen)
        ads = by_locale(at, run)
    assert killed and killed[0] != os.getpid()
    assert asked == ["de-DE", "fr-FR"], "a question was asked again after a crash"
    assert ads["de-DE"]["origins"]["headline"] == "model" and ads["fr-FR"]["origins"]["headline"] == "source"
    assert [failure["code"] for failure in run["totals"]["words"]["failures"]] == ["uncertain"]


def test_a_writer_without_its_key_leaves_the_source_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with service(tmp_path, work=True, writer="openai:gpt-6.1-sol") as at:
        run = built(at)
        assert run["state"] == "needs-review"
        assert "OPENAI_API_KEY" in run["totals"]["words"]["failures"][0]["message"]
        assert by_locale(at, run)["de-DE"]["origins"]["headline"] == "source"
