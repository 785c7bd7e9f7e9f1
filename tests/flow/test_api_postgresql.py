"""The service on a real PostgreSQL: a brief becomes creatives; the same request from many connections at once is done once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

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
