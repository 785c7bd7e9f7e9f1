"""The service on a real PostgreSQL: a brief becomes creatives; the same request from many connections at once is done once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.contract.kit_registry import fresh_database, postgresql
from tests.flow.kit_service import BRIEF, Service, service

pytestmark = pytest.mark.slow
YAML = {"content-type": "application/yaml"}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("home")
    with postgresql() as server, service(home, work=True, url=fresh_database(server, "service")) as it:
        yield it


def test_a_brief_becomes_creatives(at: Service) -> None:
    body = at.http.post("/v1/campaigns", content=BRIEF, headers=YAML).json()
    assert at.wait(body["run"]["id"])["state"] == "needs-review"
    creatives = at.http.get("/v1/creatives", params={"run": body["run"]["id"]}).json()["items"]
    decided = at.http.post("/v1/approvals", json={"creatives": [c["id"] for c in creatives], "decision": "approved"})
    assert decided.status_code == 201
    assert at.http.post("/v1/packages", json={"campaign": body["campaign"]["id"], "kind": "delivery"}).status_code == 201
    assert at.http.get("/v1/campaigns", params={"text": "YUZU sparkling"}).json()["items"]
    assert 'affiche_runs{state="delivered"}' in at.http.get("/metrics").text


def test_what_pages_ask_of_many_creatives_is_answered(at: Service) -> None:
    brief = BRIEF.replace("placements: [iab-medium-rectangle]", "placements: [iab-medium-rectangle, iab-leaderboard, iab-half-page]")
    brief = brief.replace("Wake up", "Brighten")  # what was decided before holds for equal ads
    body = at.http.post("/v1/campaigns", content=brief, headers=YAML).json()
    campaign = body["campaign"]["id"]
    assert at.wait(body["run"]["id"])["state"] == "needs-review"

    def asked(path: str, **wanted: object) -> dict[str, Any]:
        found: dict[str, Any] = at.http.get(f"/v1/{path}", params={"campaign": campaign, **wanted}).raise_for_status().json()
        return found

    ids = [one["id"] for one in asked("creatives", sort="place")["items"]]
    assert len(ids) == 3 and set(ids) == {one["creative"] for one in asked("creatives/waiting")["items"]}
    assert at.http.get(f"/v1/creatives/{ids[1]}/beside").json() == {"previous": ids[0], "following": ids[2], "at": 2, "of": 3}
    at.http.post("/v1/approvals", json={"creatives": ids[:1], "decision": "approved"}).raise_for_status()
    assert asked("creatives/tally") == {"total": 3, "approved": 1}
    assert asked("creatives/waiting")["total"] == 2
    assert asked("creatives/overview")["items"][0]["total"] == 3
    numbers = at.http.get("/v1/insight").raise_for_status().json()
    assert numbers["creatives"] == sum(numbers["by_day"].values()) >= 3


def test_the_same_request_from_many_connections_is_done_once(at: Service) -> None:
    before = len(at.http.get("/v1/campaigns", params={"limit": 200}).json()["items"])

    def send(_: int) -> str:
        headers = {**YAML, "idempotency-key": "together"}
        answer = httpx2.post(f"{at.url}/v1/campaigns?run=false", content=BRIEF, headers=headers, timeout=30)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["campaign"]["id"])

    with ThreadPoolExecutor(12) as threads:
        assert len(set(threads.map(send, range(24)))) == 1
    assert len(at.http.get("/v1/campaigns", params={"limit": 200}).json()["items"]) == before + 1
