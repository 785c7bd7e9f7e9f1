"""The wall and the review of a campaign, through the real application: groups, chunks, filters, clusters, decisions and their undoing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import httpx2
import pytest
import sqlalchemy as sa
import yaml

from affiche.registry.tables.work import creatives
from affiche.runs.looks import NONE, looks
from tests.browser.kit_many import brief, built
from tests.flow.kit_service import Service, service

YAML = {"Content-Type": "application/yaml"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    with service(tmp_path_factory.mktemp("wall"), work=True, portal=True) as running:
        yield running, built(running, brief(products=2, locales=26, placements=2), 120)


@pytest.fixture(scope="module")
def browser(served: tuple[Service, str]) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served[0].url, follow_redirects=True, timeout=60) as client:
        client.get("/")
        yield client


def ads(text: str) -> list[str]:
    return re.findall(r'<article class="ad".*?data-id="(cre_\w+)"', text)


def test_a_build_leaves_no_look_to_be_worked_out_by_a_page(served: tuple[Service, str]) -> None:
    running, _ = served
    made = built(running, {**brief(1, 4, 1), "name": "Looks"}, 120)  # few: one process carries it out whole
    for campaign in (made, served[1]):
        query = sa.select(creatives.c.look, creatives.c.thumbnail).where(creatives.c.campaign == campaign)
        with running.registry.read() as c:
            rows = c.execute(query).all()
        assert rows and all(row.look == looks(running.house.blobs, [row.thumbnail])[row.thumbnail] != NONE for row in rows)


def test_the_first_ads_are_drawn_and_the_others_have_boxes_of_their_size(browser: httpx2.Client, served: tuple[Service, str]) -> None:
    text = browser.get(f"/campaigns/{served[1]}").text
    chunks = re.findall(r'class="chunk" style="([^"]+)" data-chunk="([^"]+)">((?:<i[^>]*></i>)*)', text)
    assert len(ads(text)) + sum(boxes.count("<i") for _, _, boxes in chunks) == 104
    assert 48 <= len(ads(text)) <= 96
    seen = set(ads(text))
    for _, url, boxes in chunks:
        part = ads(browser.get(url.replace("&amp;", "&")).text)
        assert len(part) == boxes.count("<i")
        seen |= set(part)
    assert len(seen) == 104, "every creative is on the wall once"
    assert all("--ratio:" in style for style, _, _ in chunks)


@pytest.mark.parametrize(("query", "count"), [
    ("group=locale", 104), ("group=status", 104), ("locale=de-DE", 4), ("product=drink-2&group=placement", 52), ("q=wake+de-de", 4), ("q=nothing-says-this", 0),
])  # fmt: skip
def test_groups_and_filters_count_what_they_show(browser: httpx2.Client, served: tuple[Service, str], query: str, count: int) -> None:
    text = browser.get(f"/campaigns/{served[1]}?{query}").text
    assert f'data-kept="{count}"' in text
    boxes = sum(part.count("<i") for part in re.findall(r'data-chunk="[^"]+">((?:<i[^>]*></i>)*)', text))
    assert len(ads(text)) + boxes == count


def test_products_are_called_by_their_names(browser: httpx2.Client, served: tuple[Service, str]) -> None:
    text = browser.get(f"/campaigns/{served[1]}").text
    assert re.findall(r"<h2><bdi>([^<]+)</bdi>", text) == ["Drink 1", "Drink 2"]
    assert ">Drink 2 · 52</option>" in text and 'aria-label="Drink 1, ' in text
    assert ">Drink 1 · " in browser.get(f"/campaigns/{served[1]}?group=locale").text
    assert re.search(r"<h1[^>]*>Drink 1</h1>", browser.get(f"/creatives/{ads(text)[0]}").text)
    assert re.search(r"<h2><bdi>Two thousand · Drink [12] · ", browser.get(f"/review?campaign={served[1]}").text)


def test_without_scripts_the_rest_is_a_link_away(browser: httpx2.Client, served: tuple[Service, str]) -> None:
    text = browser.get(f"/campaigns/{served[1]}").text
    link = re.search(r'<noscript><a class="button small" href="(\?[^"]+from=\d+)"', text)
    assert link
    further = browser.get(f"/campaigns/{served[1]}{link[1].replace('&amp;', '&')}").text
    assert ads(further) and not set(ads(further)) & set(ads(text))


def test_a_cluster_is_approved_at_once_and_that_is_undone(browser: httpx2.Client, served: tuple[Service, str]) -> None:
    running, campaign = served
    page = browser.get(f"/review?campaign={campaign}").text
    assert len(re.findall(r'class="card stack close pile', page)) <= 12
    form = page.split('action="/review/decide"')[1].split("</form>")[0]
    wanted = re.findall(r'name="creative" value="([^"]+)"', form)
    post = {"csrf": browser.cookies["affiche-csrf"], "creative": wanted, "decision": "rejected", "back": f"/review?campaign={campaign}"}
    asked = browser.post("/review/decide", data=post)
    assert str(asked.url).endswith(f"/review?campaign={campaign}") and "Say why:" in asked.text, "a decision against something needs a reason"
    assert not running.http.get(f"/v1/creatives/{wanted[0].split('@')[0]}").json()["decisions"]
    refused = browser.post("/review/decide", data=post, headers={"Accept": "application/json"})
    assert refused.status_code == 400, "what waited for a connection and has no reason is refused"
    after = browser.post("/review/decide", data={**post, "reason": "wrong picture"}).text
    ids = re.search(r'name="ids" value="(apr_[^"]+)"', after)
    assert ids and len(ids[1].split()) == len(wanted)
    one = wanted[0].split("@")[0]
    assert running.http.get(f"/v1/creatives/{one}").json()["decisions"]["creative"]["decision"] == "rejected"
    browser.post("/review/undo", data={"csrf": post["csrf"], "ids": ids[1], "back": "/review"})
    assert running.http.get(f"/v1/creatives/{one}").json()["decisions"] == {}
    assert 'name="ids"' not in browser.get("/review").text, "what was said once is not said again"


def test_a_decision_that_is_sent_twice_is_made_once(browser: httpx2.Client, served: tuple[Service, str]) -> None:
    running, campaign = served
    page = browser.get(f"/review/swipe?campaign={campaign}").text
    card = re.search(r'name="creative" value="([^"]+)"', page)
    assert card
    post = {"csrf": browser.cookies["affiche-csrf"], "creative": card[1], "decision": "approved"}
    headers = {"Accept": "application/json", "Idempotency-Key": "from-a-train-1"}
    first = browser.post("/review/decide", data=post, headers=headers).json()
    assert browser.post("/review/decide", data=post, headers=headers).json() == first
    made = running.http.get("/v1/approvals", params={"creative": card[1].split("@")[0]}).json()["items"]
    assert [row["id"] for row in made if row["withdrawn_at"] is None] == first["undo"]


def test_what_was_built_anew_since_is_not_decided(browser: httpx2.Client, served: tuple[Service, str]) -> None:
    page = browser.get(f"/review/swipe?campaign={served[1]}").text
    id = re.search(r'name="creative" value="([^"@]+)@', page)
    assert id
    post = {"csrf": browser.cookies["affiche-csrf"], "creative": f"{id[1]}@another-file", "decision": "approved"}
    assert browser.post("/review/decide", data=post).status_code in {409, 412}


def test_forgetting_what_was_seen_changes_no_cluster(served: tuple[Service, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from affiche.api.routes import clusters

    def asked() -> object:
        answer = served[0].http.get("/v1/creatives/clusters", params={"campaign": served[1], "decided": True})
        return answer.raise_for_status().json()

    whole = asked()
    monkeypatch.setattr(clusters, "_REMEMBERED", 1)
    assert [asked(), asked(), asked()] == [whole] * 3
    monkeypatch.setattr(clusters, "_SEEN", {})
    assert [asked(), asked()] == [whole] * 2


def test_parts_of_the_review_make_the_whole_and_a_decision_takes_one_out(served: tuple[Service, str]) -> None:
    running, campaign = served

    def asked(what: str, **wanted: object) -> dict:
        return running.http.get(f"/v1/creatives/{what}", params={"campaign": campaign, **wanted}).raise_for_status().json()

    whole = asked("clusters")
    parts = [asked("clusters", offset=at, limit=2) for at in range(0, whole["clusters"], 2)]
    assert [one for part in parts for one in part["items"]] == whole["items"]
    assert {(part["total"], part["odd"], part["clusters"]) for part in parts} == {(whole["total"], whole["odd"], len(whole["items"]))}
    order = [(id, cluster["seen"][id]) for cluster in whole["items"] for id in cluster["members"]]
    said = asked("waiting", limit=200)
    assert [(one["creative"], one["file_digest"]) for one in said["items"]] == order
    third = asked("waiting", at=order[2][0], limit=1)
    assert (third["items"][0]["creative"], third["left"], third["total"]) == (order[2][0], len(order) - 2, len(order))
    made = running.http.post("/v1/approvals", json={"creatives": [order[2][0]], "decision": "approved"}).json()["items"]
    left = [one["creative"] for one in asked("waiting", limit=200)["items"]]
    same = {id for id, digest in order if digest == order[2][1]}  # a decision is on digests: twins are decided with it
    assert set(left) == {id for id, _ in order} - same and left == [id for one in asked("clusters")["items"] for id in one["members"]]
    assert asked("waiting", at=order[2][0], limit=1)["items"][0]["creative"] == left[0], "what waits no more is not there to begin with"
    running.http.post(f"/v1/approvals/{made[0]['id']}/withdraw").raise_for_status()
    assert asked("clusters") == whole


def test_findings_of_several_ads_are_those_of_each(served: tuple[Service, str]) -> None:
    running, campaign = served
    ids = [one["id"] for one in running.http.get("/v1/creatives", params={"campaign": campaign, "limit": 3}).json()["items"]]
    asked = lambda of: running.http.get("/v1/findings", params={"creative": of, "status": "pass"}).raise_for_status().json()["items"]  # noqa: E731
    key = lambda found: (found["creative"], found["rule"], found["message"])  # noqa: E731
    together = sorted(asked(ids[:2]), key=key)
    assert together and together == sorted([*asked(ids[0]), *asked(ids[1])], key=key)


def test_numbers_of_campaigns_are_those_of_their_creatives(served: tuple[Service, str]) -> None:
    running, campaign = served

    def asked(path: str, **wanted: object) -> dict:
        return running.http.get(f"/v1/{path}", params=wanted).raise_for_status().json()

    ads = asked("creatives", campaign=campaign, limit=200)["items"]
    other = running.http.post("/v1/campaigns?run=false", content=yaml.safe_dump(brief(1, 1, 1)), headers=YAML).json()["campaign"]["id"]
    told, empty = asked("creatives/overview", campaign=[campaign, other], tiles=3)["items"]
    assert told["states"] == asked("creatives/counts", campaign=campaign)["facets"]["status"] and told["total"] == len(ads) == 104
    assert [tile["id"] for tile in told["tiles"]] == [one["id"] for one in ads[:39:13]], "of the newest 40, evenly"
    assert (empty["campaign"], empty["total"], empty["tiles"]) == (other, 0, [])
    approved = sum(one["approved"] for one in ads)
    assert asked("creatives/tally", campaign=campaign) == {"total": 104, "approved": approved}
    made = running.http.post("/v1/approvals", json={"creatives": [one["id"] for one in ads[:3]], "decision": "approved"}).json()["items"]
    now = asked("creatives/tally", campaign=campaign)["approved"]
    assert now == sum(one["approved"] for one in asked("creatives", campaign=campaign, limit=200)["items"]) > approved
    for row in made:
        running.http.post(f"/v1/approvals/{row['id']}/withdraw").raise_for_status()


def test_insight_counts_what_was_made_and_found(served: tuple[Service, str]) -> None:
    running, _ = served
    told = running.http.get("/v1/insight", params={"days": 7}).raise_for_status().json()
    ads = running.http.get("/v1/creatives", params={"limit": 200}).json()["items"]
    ran = {one["campaign"] for one in ads}
    assert (told["creatives"], told["campaigns"], told["statuses"]) == (len(ads), len(ran), dict(Counter(one["status"] for one in ads)))
    assert told["by_day"] == dict(Counter(one["created_at"][:10] for one in ads))
    assert told["runs"] == {"needs-review": len(ran)} and told["seconds"] > 0
    found = [one for id in ran for one in running.http.get("/v1/findings", params={"campaign": id}).json()["items"]]
    assert told["findings"] == dict(Counter(one["rule"] for one in found)) != {}
    assert running.http.get("/v1/insight", params={"days": 7}).json() == told, "what is remembered says the same"


def test_neighbours_are_those_of_the_wall(served: tuple[Service, str]) -> None:
    running, campaign = served
    wanted = {"campaign": campaign, "sort": "place", "limit": 200}
    ids = [one["id"] for one in running.http.get("/v1/creatives", params=wanted).json()["items"]]
    for at in (0, 1, 51, 52, 103):
        beside = running.http.get(f"/v1/creatives/{ids[at]}/beside").json()
        around = {"previous": ids[at - 1] if at else "", "following": ids[at + 1] if at < 103 else ""}
        assert beside == {**around, "at": at + 1, "of": 104}


def test_the_newest_events_are_the_end_of_all(served: tuple[Service, str]) -> None:
    every = served[0].http.get("/v1/events", params={"limit": 1000}).json()
    newest = served[0].http.get("/v1/events", params={"newest": True, "limit": 5}).json()
    assert newest == {**every, "items": every["items"][-5:]}
