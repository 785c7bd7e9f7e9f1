"""The API over a real socket: briefs in, runs, events, problems, repeated requests."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.flow.kit_service import BRIEF, Service, service

YAML = {"content-type": "application/yaml"}


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Without a worker: nothing moves unless a test moves it."""
    with service(tmp_path_factory.mktemp("home")) as it:
        yield it


@pytest.mark.slow
def test_a_brief_becomes_creatives(tmp_path_factory: pytest.TempPathFactory) -> None:
    with service(tmp_path_factory.mktemp("home"), work=True) as it:
        made = it.http.post("/v1/campaigns", content=BRIEF, headers=YAML)
        assert made.status_code == 202, made.text
        body = made.json()
        assert body["status_url"] == f"/v1/runs/{body['run']['id']}"
        run = it.wait(body["run"]["id"])
        assert run["state"] == "needs-review", run
        assert run["totals"]["creatives"] == 1
        events = it.http.get("/v1/events", params={"run": run["id"]}).json()["items"]
        states = [event["data"]["state"] for event in events if event["kind"] == "run.state"]
        assert states == ["queued", "planning", "rendering", "needs-review"]
        campaign = it.http.get(f"/v1/campaigns/{body['campaign']['id']}").json()
        assert (campaign["state"], campaign["slug"]) == ("needs-review", "summer-yuzu")


def test_a_bad_brief_gets_every_problem_with_its_place(quiet: Service) -> None:
    bad = BRIEF.replace("headline:", "headlin:").replace("[iab-medium-rectangle]", "[iab-medium-rectangle]\nplacment: [x]")
    answer = quiet.http.post("/v1/campaigns", content=bad, headers=YAML)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "brief"
    assert {p["code"] for p in problem["problems"]} >= {"brief.unknown-key"}
    assert all(p["where"] for p in problem["problems"])
    assert quiet.http.get("/v1/campaigns").json()["items"] == []


@pytest.mark.parametrize("path", ["/etc/passwd", "../../registry.db", "assets/can.png", "ast_01"])
def test_a_brief_names_assets_by_id_never_by_path(quiet: Service, path: str) -> None:
    brief = BRIEF.replace("name: Sparkling Yuzu}", f"name: Sparkling Yuzu, picture: {path}}}")
    problem = quiet.http.post("/v1/campaigns", content=brief, headers=YAML).json()
    assert [p["code"] for p in problem["problems"]] == ["brief.path"]
    missing = BRIEF.replace("name: Sparkling Yuzu}", "name: Sparkling Yuzu, picture: ast_00000000000000000000000000}")
    problem = quiet.http.post("/v1/campaigns", content=missing, headers=YAML).json()
    assert [p["code"] for p in problem["problems"]] == ["asset.missing"]


def test_a_repeated_request_is_done_once(quiet: Service) -> None:
    headers = {**YAML, "idempotency-key": "one"}
    first = quiet.http.post("/v1/campaigns?run=false", content=BRIEF, headers=headers)
    again = quiet.http.post("/v1/campaigns?run=false", content=BRIEF, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = quiet.http.post("/v1/campaigns?run=false", content=BRIEF + "\n", headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_a_revision_is_refused_on_top_of_an_old_one(quiet: Service) -> None:
    made = quiet.http.post("/v1/campaigns?run=false", content=BRIEF, headers=YAML)
    place, known = made.headers["location"], made.headers["etag"]
    assert known == '"1"'
    new = BRIEF.replace("Find a can", "Find one")
    assert quiet.http.put(f"{place}/brief?run=false", content=new, headers={**YAML, "if-match": known}).status_code == 201
    late = quiet.http.put(f"{place}/brief?run=false", content=new, headers={**YAML, "if-match": known})
    assert (late.status_code, late.json()["code"]) == (412, "precondition-failed")
    assert quiet.http.get(f"{place}/revisions/2").json()["brief"] == new
    assert quiet.http.get(place).headers["etag"] == '"2"'


def test_lists_come_in_parts(quiet: Service) -> None:
    for _ in range(3):
        quiet.http.post("/v1/campaigns?run=false", content=BRIEF, headers=YAML)
    every = [c["id"] for c in quiet.http.get("/v1/campaigns", params={"limit": 200}).json()["items"]]
    seen, cursor = [], ""
    while True:
        part = quiet.http.get("/v1/campaigns", params={"limit": 2, "cursor": cursor}).json()
        seen += [c["id"] for c in part["items"]]
        cursor = part["next"]
        if not cursor:
            break
    assert seen == every
    assert quiet.http.get("/v1/campaigns", params={"cursor": "bm9uZQ="}).json()["code"] == "usage"


def test_events_are_replayed_from_the_last_one_that_was_seen(quiet: Service) -> None:
    body = quiet.http.post("/v1/campaigns", content=BRIEF, headers=YAML).json()
    run = body["run"]["id"]
    assert quiet.http.post(body["cancel_url"]).status_code == 202

    def read(count: int, headers: dict[str, str]) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        with quiet.http.stream("GET", "/v1/events/stream", params={"run": run}, headers=headers) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            one: dict[str, str] = {}
            for line in stream.iter_lines():
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    one[name] = value
                elif one:
                    found.append(one)
                    one = {}
                    if len(found) == count:
                        return found
        return found

    first, second = read(2, {})
    assert [first["event"], second["event"]] == ["run.state", "run.wish"]
    assert json.loads(second["data"])["data"] == {"wish": "cancel"}
    assert read(1, {"last-event-id": first["id"]}) == [second]


def test_only_this_machine_is_served_without_keys(quiet: Service) -> None:
    assert quiet.http.get("/v1/campaigns", headers={"origin": "https://elsewhere.example"}).status_code == 401
    assert quiet.http.get("/v1/campaigns", headers={"host": "rebound.example"}).status_code == 401
    refused = quiet.http.get("/v1/campaigns", headers={"host": "rebound.example"})
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.json()["code"] == "unauthorised"


def test_too_much_is_refused_while_it_arrives(quiet: Service) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(300):
            sent += 1
            yield b"# " + b"x" * 99_998

    answer = quiet.http.post("/v1/campaigns", content=endless(), headers=YAML)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert quiet.http.post("/v1/campaigns", content=BRIEF, headers={"content-type": "image/png"}).status_code == 415


@pytest.mark.parametrize("name", ["templates", "placements", "locales", "rules", "providers", "sets", "markets"])
def test_catalogs_are_those_of_the_command_line(quiet: Service, name: str) -> None:
    items = quiet.http.get(f"/v1/{name}").json()["items"]
    assert items
    assert all(item["id"] for item in items)


def test_what_is_ready_says_so(quiet: Service) -> None:
    assert quiet.http.get("/healthz").json()["status"] == "ok"
    ready = quiet.http.get("/readyz")
    assert (ready.status_code, ready.json()["parts"]) == (200, {"registry": "ok", "store": "ok", "golden": "ok"})
