"""Ads of a large run are there to look at while the rest is being made; when it is over each is there once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from affiche.engine.verbs import START, Order
from affiche.runs import record
from affiche.work import perform, watch
from affiche.work.perform import Place
from tests.flow.kit_service import Service, service

pytestmark = pytest.mark.slow
#: 3 products in 4 locales and 4 placements: 48, two parts.
BRIEF = """\
affiche: 1
campaign: large
name: Large
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
markets: [{region: US, locales: [en-US]}, {region: DE, locales: [de-DE]}, {region: FR, locales: [fr-FR]}, {region: ES, locales: [es-ES]}]
copy:
  de-DE: {headline: Weckt den Nachmittag, cta: Finden}
  fr-FR: {headline: Réveillez l'après-midi, cta: Trouver}
  es-ES: {headline: Despierta la tarde, cta: Buscar}
products: [{id: one, name: One}, {id: two, name: Two}, {id: three, name: Three}]
placements: [iab-medium-rectangle, iab-leaderboard, google-mobile-banner, iab-skyscraper]
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), work=True, portal=True) as it:
        yield it


def test_ads_land_while_the_run_is_under_way_and_stand_once_when_it_is_over(at: Service) -> None:
    answer = at.http.post("/v1/campaigns", content=BRIEF, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 202, answer.text
    campaign, run = answer.json()["campaign"]["id"], answer.json()["run"]["id"]
    early: dict[str, str] = {}
    counts: set[int] = set()
    shown = ""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        landed = at.http.get("/v1/creatives", params={"run": run, "limit": 200}).json()["items"]
        state = at.http.get(f"/v1/runs/{run}").json()["state"]
        if landed and state == "rendering":
            early |= {one["id"]: f"{one['product']}/{one['locale']}/{one['placement']}" for one in landed}
            counts.add(len(landed))
            assert not any(one["current"] for one in landed)
            assert at.http.get(landed[0]["thumbnail_url"]).status_code == 200
            shown = shown or at.http.get(f"/campaigns/{campaign}").text
        if state == "needs-review":
            break
    assert min(counts) < 48, "some were there before the others"
    if shown:
        assert 'class="landing"' in shown and "/v1/creatives/cre_" in shown
    items = at.http.get("/v1/creatives", params={"campaign": campaign, "limit": 200}).json()["items"]
    assert len(items) == len({(one["product"], one["locale"], one["placement"]) for one in items}) == 48
    assert all(one["current"] for one in items)
    after = {one["id"]: f"{one['product']}/{one['locale']}/{one['placement']}" for one in items}
    assert early.items() <= after.items(), "who looked at one finds it again"
    events = at.http.get("/v1/events", params={"run": run, "limit": 200}).json()["items"]
    assert sum(event["data"]["creatives"] for event in events if event["kind"] == "creative.made") == 48
    assert 'class="landing"' not in at.http.get(f"/campaigns/{campaign}").text
    steps = at.http.get(f"/v1/runs/{run}").json()["totals"]["steps"]
    assert (steps["ran"], steps["reused"]) == (96, 0), "what its parts made was made by this run"
    part = f"/campaigns/{campaign}/run"
    assert at.http.get(f"{part}?seen=active&none=yes").headers.get("HX-Refresh") == "true", "the first ads bring the whole page"
    assert at.http.get(f"{part}?seen=active").headers.get("HX-Trigger") == "affiche:built", "later ones the wall alone"
    assert not {"HX-Refresh", "HX-Trigger"} & set(at.http.get(f"{part}?seen=").headers)
    again = at.http.post("/v1/runs", json={"campaign": campaign}).json()["run"]["id"]
    assert at.wait(again)["totals"]["steps"] == {"ran": 0, "reused": 96}


def test_ads_of_a_run_that_one_process_carries_out_land_as_they_are_finished(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, saying something after every step, so that nothing depends on how quick the machine is."""
    monkeypatch.setattr(watch, "_SAY_S", 0.0)
    with service(tmp_path_factory.mktemp("whole")) as here:
        small = BRIEF.replace(", {id: three, name: Three}", "").replace("campaign: large", "campaign: small")
        answer = here.http.post("/v1/campaigns", content=small, headers={"Content-Type": "application/yaml"}).json()
        run, seen = answer["run"]["id"], list[tuple[int, int]]()

        def look(connection, row, part, *, open_states):
            there = record.shown(connection, row, part, open_states=open_states)
            seen.append((len(part.creatives), there))
            return there

        monkeypatch.setattr(watch, "shown", look)
        perform.stage(Place(settings=here.house.settings, worker="w1"), Order(run=run), START)
        assert here.http.get(f"/v1/runs/{run}").json()["state"] == "needs-review"
        assert [there for _, there in seen] == list(range(1, 33)), "one after the other"
        assert {part for part, _ in seen} == {1}
        items = here.http.get("/v1/creatives", params={"run": run, "limit": 200}).json()["items"]
        assert len(items) == 32 and all(one["current"] for one in items)
        seen.clear()
        again = here.http.post("/v1/runs", json={"campaign": answer["campaign"]["id"]}).json()["run"]
        perform.stage(Place(settings=here.house.settings, worker="w1"), Order(run=again["id"]), START)
        assert seen == [], "what was there before does not land again"
        # A large campaign in which little changed is not divided: one process is soon done with it.
        monkeypatch.setattr(perform, "WHOLE", 10)
        changed = small.replace("headline: Weckt den Nachmittag", "headline: Guten Nachmittag")
        put = here.http.put(f"/v1/campaigns/{answer['campaign']['id']}/brief", content=changed, headers={"Content-Type": "application/yaml", "If-Match": '"1"'})
        third = Order(run=put.json()["run"]["id"])
        assert perform.stage(Place(settings=here.house.settings, worker="w1"), third, START) is None
        assert sum(part for part, _ in seen) == 8
        new = here.http.post("/v1/campaigns", content=small.replace("headline: ", "headline: O "), headers={"Content-Type": "application/yaml"}).json()
        assert perform.stage(Place(settings=here.house.settings, worker="w1"), Order(run=new["run"]["id"]), START) is not None
