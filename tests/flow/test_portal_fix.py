"""Mending an ad where one looks at it: each change is a revision with its author, builds what depends on it alone, and is undone."""

from __future__ import annotations

import base64
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest
import sqlalchemy as sa
import yaml
from PIL import Image

from affiche import wire
from affiche.engine.verbs import START, Order
from affiche.portal import revise
from affiche.portal.gateway import Refused
from affiche.registry.tables.work import runs
from affiche.work import watch
from affiche.work.perform import Place, stage
from tests.browser.kit_many import brief, built
from tests.flow.kit_service import Service, service

PICTURES = Path(__file__).resolve().parents[2] / "examples/verde/assets"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("fix"), work=True, portal=True, providers=("simulated",), spend_month="50") as running:
        yield running


@pytest.fixture(scope="module")
def browser(served: Service) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=served.url, follow_redirects=True, timeout=60) as client:
        client.get("/")
        yield client


@pytest.fixture(scope="module")
def pictures(served: Service, browser: httpx2.Client) -> list[str]:
    found = []
    for name in ("yuzu.png", "elder.png"):
        files = {"file": (name, (PICTURES / name).read_bytes(), "image/png")}
        sent = browser.post("/library/upload", data={"csrf": browser.cookies["affiche-csrf"]}, files=files, headers={"Accept": "application/json"})
        found.append(sent.json()["id"])
    return found


@pytest.fixture(scope="module")
def campaign(served: Service, pictures: list[str]) -> str:
    made = brief(products=2, locales=3, placements=2)
    made["products"][0]["picture"] = pictures[0]
    return built(served, made, 120)


def newest(served: Service, campaign: str, **which: str) -> list[dict]:
    return served.http.get("/v1/creatives", params={"campaign": campaign, "sort": "place", "limit": 200, **which}).json()["items"]


def post(served: Service, browser: httpx2.Client, campaign: str, path: str, **fields: str) -> httpx2.Response:
    """The page that follows, once the run it started is over."""
    answer = browser.post(path, data={"csrf": browser.cookies["affiche-csrf"], **fields})
    assert answer.status_code == 200, answer.text[-400:]
    served.wait(served.http.get(f"/v1/campaigns/{campaign}").json()["run"])
    return answer


def test_a_headline_is_set_in_place_and_only_its_ads_are_made_again(served: Service, browser: httpx2.Client, campaign: str) -> None:
    before = {(a["product"], a["locale"], a["placement"]): a["file_digest"] for a in newest(served, campaign)}
    ad = newest(served, campaign, product="drink-2", locale="en-GB")[0]
    started = time.monotonic()
    page = post(served, browser, campaign, f"/creatives/{ad['id']}/words", role="headline", text="Wake up, Britain")
    took = time.monotonic() - started
    assert "Saved as revision 2" in page.text and str(page.url).endswith(ad["id"])
    after = {(a["product"], a["locale"], a["placement"]): a["file_digest"] for a in newest(served, campaign)}
    assert {key[1] for key in after if after[key] != before[key]} == {"en-GB"}
    assert took < 30, "in seconds"
    seen = browser.get(f"/creatives/{ad['id']}/newest")
    assert "Wake up, Britain" in seen.text and str(seen.url).rsplit("/", 1)[1] != ad["id"]
    assert "/compare?a=" in seen.text, "what it was before is one click away"


def test_what_a_run_changed_is_listed_changed_first(served: Service, browser: httpx2.Client, campaign: str) -> None:
    run = served.http.get(f"/v1/campaigns/{campaign}").json()["run"]
    found = served.http.get(f"/v1/runs/{run}/changes").json()
    assert {c["locale"] for c in found["items"]} == {"en-GB"} and found["same"] == 8
    page = browser.get(f"/campaigns/{campaign}/changes").text
    assert page.count('class="pair"') == len(found["items"]) == 4
    pair = re.search(r'class="pair" href="([^"]+)"', page)
    assert pair
    assert "Wake up, Britain" in browser.get(pair[1].replace("&amp;", "&")).text, "the words that differ stand below the pictures"


def test_a_change_is_undone_as_one_more_revision(served: Service, browser: httpx2.Client, campaign: str) -> None:
    first = newest(served, campaign, locale="en-GB")
    ad = first[0]
    page = post(served, browser, campaign, f"/creatives/{ad['id']}/words", role="cta", text="Go")
    number = re.search(r'action="(/campaigns/[^"]+/back)".*?name="ids" value="(\d+)"', page.text)
    assert number
    post(served, browser, campaign, number[1], ids=number[2])
    last = newest(served, campaign, locale="en-GB")
    assert [a["file_digest"] for a in last] == [a["file_digest"] for a in first]
    revision = served.http.get(f"/v1/campaigns/{campaign}").json()["revision"]
    assert revision == int(number[2]) + 2
    told = served.http.get(f"/v1/campaigns/{campaign}/revisions/{revision}").json()
    assert told["created_by"], "a revision has its author"


def test_a_click_moves_the_focal_point_and_another_picture_is_pinned(
    served: Service, browser: httpx2.Client, campaign: str, pictures: list[str]
) -> None:
    ad = newest(served, campaign, product="drink-1", locale="en-US")[0]
    page = browser.get(f"/creatives/{ad['id']}").text
    assert 'type="image"' in page and f'value="{pictures[1]}"' in page
    post(served, browser, campaign, f"/creatives/{ad['id']}/focal", **{"at.x": "80", "at.y": "120", "w": "320", "h": "240"})
    assert product(served, campaign)["picture"] == {"file": pictures[0], "focal": [0.25, 0.5]}
    ad = newest(served, campaign, product="drink-1", locale="en-US")[0]
    post(served, browser, campaign, f"/creatives/{ad['id']}/picture", asset=pictures[1])
    assert product(served, campaign)["picture"] == pictures[1]
    now = newest(served, campaign, product="drink-1", locale="en-US")[0]
    assert now["file_digest"] != ad["file_digest"]


def product(served: Service, campaign: str) -> dict:
    number = served.http.get(f"/v1/campaigns/{campaign}").json()["revision"]
    return yaml.safe_load(served.http.get(f"/v1/campaigns/{campaign}/revisions/{number}").json()["brief"])["products"][0]


def test_an_ad_is_left_out_and_is_no_longer_on_the_wall(served: Service, browser: httpx2.Client, campaign: str) -> None:
    ads = newest(served, campaign)
    gone = ads[0]
    post(served, browser, campaign, f"/creatives/{gone['id']}/exclude")
    left = newest(served, campaign)
    assert len(left) == len(ads) - 1
    assert not [a for a in left if [a[n] for n in ("product", "locale", "placement")] == [gone[n] for n in ("product", "locale", "placement")]]


def test_a_comment_is_done_and_open_again(served: Service, browser: httpx2.Client, campaign: str) -> None:
    ad = newest(served, campaign)[0]
    csrf = {"csrf": browser.cookies["affiche-csrf"]}
    browser.post(f"/creatives/{ad['id']}/comments", data={**csrf, "text": "more air", "x": "0.2", "y": "0.3"})
    said = served.http.get(f"/v1/creatives/{ad['id']}/comments").json()["items"][0]
    browser.post(f"/creatives/{ad['id']}/resolve", data={**csrf, "comment": said["id"], "resolved": "1"})
    assert served.http.get(f"/v1/creatives/{ad['id']}/comments").json()["items"][0]["resolved_at"]
    page = browser.post(f"/creatives/{ad['id']}/resolve", data={**csrf, "comment": said["id"], "resolved": ""}).text
    assert not served.http.get(f"/v1/creatives/{ad['id']}/comments").json()["items"][0]["resolved_at"]
    assert "more air" in page


def test_a_brief_of_another_tool_is_not_changed_blindly() -> None:
    with pytest.raises(Refused):
        revise.with_text({"campaign_name": "x"}, {"locale": "en-US", "product": "p"}, "headline", "y")


@pytest.fixture(scope="module")
def pale(served: Service, pictures: list[str]) -> dict:
    """A banner in a template whose pale ground melts into the page."""
    made = brief(products=2, locales=2, placements=1)
    made |= {"name": "Pale", "campaign": "pale"}
    made["products"][0] |= {"picture": pictures[0], "template": "grid"}
    ads = newest(served, built(served, made, 120))
    return next(ad for ad in ads if ad["product"] == "drink-1")


def test_remedies_are_tried_on_the_ad_and_only_what_helps_is_offered(served: Service, pale: dict) -> None:
    told = served.http.get(f"/v1/creatives/{pale['id']}/remedies").json()
    assert told["found"] == ["display.border"]
    assert {item["verb"] for item in told["items"]} == {"template"}
    assert all(item["clean"] and item["mended"] == ["display.border"] and item["raised"] == [] for item in told["items"])
    assert "grid" not in {item["value"] for item in told["items"]}
    assert {item["ads"] for item in told["items"]} == {2}, "a template is of the product, in both languages"
    with Image.open(io.BytesIO(base64.b64decode(told["items"][0]["jpeg"]))) as shown:
        assert shown.size == (300, 250)


def test_the_best_remedy_does_what_it_said(served: Service, browser: httpx2.Client, pale: dict) -> None:
    page = browser.get(f"/creatives/{pale['id']}").text
    assert f'hx-get="/creatives/{pale["id"]}/remedies"' in page, "tried when somebody looks, not before"
    part = browser.get(f"/creatives/{pale['id']}/remedies", headers={"HX-Request": "true"}).text
    assert "Then every check passes." in part and "<html" not in part
    assert "<html" in browser.get(f"/creatives/{pale['id']}/remedies").text, "a page of its own without scripts"
    verb, value = (re.search(rf'name="{name}" value="([^"]+)"', part)[1] for name in ("verb", "value"))
    post(served, browser, pale["campaign"], f"/creatives/{pale['id']}/remedy", verb=verb, role="", value=value)
    after = [ad for ad in newest(served, pale["campaign"]) if ad["product"] == "drink-1"]
    assert {ad["status"] for ad in after} == {"passed"}
    assert "mend" not in browser.get(f"/creatives/{after[0]['id']}").text.split("<main")[1].split("Findings")[0]
    gone = served.http.get(f"/v1/creatives/{after[0]['id']}/remedies").json()
    assert (gone["found"], gone["items"]) == ([], [])


def test_what_a_model_would_do_is_offered_with_its_price_and_not_tried(served: Service, browser: httpx2.Client) -> None:
    wide = np.linspace(60, 190, 1200 * 630 * 3).reshape(630, 1200, 3) + np.random.default_rng(7).normal(0, 12, (630, 1200, 3))
    photo = served.http.post("/v1/assets?name=wide.jpg", content=jpeg(wide), headers={"Content-Type": "image/jpeg"}).json()["id"]
    made = brief(products=1, locales=1, placements=1) | {"name": "Wide", "campaign": "wide", "placements": ["instagram-story"]}
    made["products"][0] |= {"picture": photo, "template": "hero"}
    campaign = built(served, made, 120)
    ad = newest(served, campaign)[0]
    told = served.http.get(f"/v1/creatives/{ad['id']}/remedies").json()
    assert "picture.crop" in told["found"]
    last = told["items"][-1]
    assert (last["verb"], last["jpeg"], last["mended"]) == ("extend", "", [])
    assert (last["least"], last["most"]) == ("0.05 USD", "0.15 USD")
    post(served, browser, campaign, f"/creatives/{ad['id']}/remedy", verb="extend", role="", value="")
    stored = served.http.get(f"/v1/campaigns/{campaign}/revisions/2").json()["brief"]
    assert yaml.safe_load(stored)["products"][0]["picture"] == {"file": photo, "extend": True}


def test_ads_of_a_bought_picture_are_tried_with_that_picture_alone(served: Service, browser: httpx2.Client) -> None:
    """One picture is bought for both placements together: a remedy of one ad is looked for with it, and buys none."""
    made = brief(products=1, locales=1, placements=1) | {"name": "Banners", "campaign": "banners"}
    made |= {"placements": ["iab.half_page", "iab.leaderboard"], "budget": {"max": "5.00", "currency": "USD"}}
    made["products"][0] |= {"picture": {"imagine": True}, "template": "grid"}
    campaign = built(served, made, 120)
    spent = served.http.get("/v1/insight", params={"days": 7}).json()["cost"]
    told = {ad["placement"]: served.http.get(f"/v1/creatives/{ad['id']}/remedies").json() for ad in newest(served, campaign)}
    assert [one["problems"] for one in told.values()] == [[], []]
    banner = told["iab.leaderboard"]
    assert banner["found"], "the pale ground melts into the page"
    offered = [item["value"] for item in banner["items"] if item["verb"] == "template"]
    assert offered
    for template in offered:
        made["products"][0]["template"] = template
        assert {ad["status"] for ad in newest(served, built(served, made, 120)) if ad["placement"] == "iab.leaderboard"} == {"passed"}
    assert served.http.get("/v1/insight", params={"days": 7}).json()["cost"] == spent


def jpeg(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_insight_tells_reuse_time_money_and_providers_of_these_builds(served: Service, browser: httpx2.Client, pictures: list[str]) -> None:
    made = brief(products=1, locales=1, placements=1) | {"name": "Bought", "campaign": "bought", "budget": {"max": "1.00", "currency": "USD"}}
    made["products"][0] |= {"picture": {"file": pictures[1], "imagine": True}}
    campaign = built(served, made, 120)
    served.wait(served.http.post("/v1/runs", json={"campaign": campaign}).json()["run"]["id"])
    told = served.http.get("/v1/insight", params={"days": 7}).json()
    assert set(told["campaigns_by_day"].values()) == {len(served.http.get("/v1/campaigns", params={"limit": 200}).json()["items"])}
    assert told["steps"]["reused"] > 0 < told["steps"]["ran"]
    (share,) = told["reuse_by_day"].values()
    assert share == pytest.approx(told["steps"]["reused"] / sum(told["steps"].values()), abs=1e-3)
    assert list(told["seconds_by_day"].values()) == pytest.approx([told["seconds"]], abs=1e-3)
    assert sum(told["cost_by_day"].values()) == pytest.approx(told["cost"], abs=1e-3)
    assert sum(p["cost"] for p in told["providers"]) == pytest.approx(told["cost"], abs=1e-3)
    assert all(p["calls"] >= 1 and p["provider"].startswith("simulated") for p in told["providers"])
    assert all(0 <= one["usable"] <= 1 and one["seconds"] > 0 for one in told["learnt"]) and told["learnt"]
    page = browser.get("/insight?days=7").text
    names = re.findall(r'href="/insight/([a-z-]+)\.csv\?days=7"', page)
    assert {"campaigns", "reuse", "seconds", "cost", "provider-calls", "provider-cost", "provider-success", "provider-seconds"} <= set(names)
    for name in names:
        rows = browser.get(f"/insight/{name}.csv?days=7").text.splitlines()
        assert rows[0].startswith(("name,", "date,")) and len(rows) > (name != "findings")
    assert browser.get("/insight/reuse.csv?days=7").text.splitlines()[0] == "date,%"


def test_calls_that_failed_count_for_the_provider_that_was_asked(served: Service, pictures: list[str]) -> None:
    made = brief(products=1, locales=1, placements=1) | {"name": "Letters", "campaign": "letters", "budget": {"max": "1.00", "currency": "USD"}}
    made["products"][0] |= {"description": "simulate letters", "picture": {"imagine": True}}
    refused = made | {"name": "Refused", "campaign": "refused", "products": [made["products"][0] | {"description": "simulate a refusal"}]}
    for one in (made, refused):
        built(served, one, 120)
    told = {row["provider"]: row for row in served.http.get("/v1/insight", params={"days": 7}).json()["providers"]}
    with wire.journal(served.house.settings) as book:
        calls = book.calls()
    assert {call.state for call in calls if call.intent.campaign in ("letters", "refused")} >= {"done", "spoilt"}
    for provider in {call.intent.provider for call in calls}:
        own = [call for call in calls if call.intent.provider == provider]
        failed = sum(call.state != "done" for call in own)
        assert (told[provider]["calls"], told[provider]["failed"]) == (len(own), failed)
        assert told[provider]["cost"] == pytest.approx(float(sum(call.counts.amount for call in own)))
    assert sum(row["failed"] for row in told.values()) >= 2 and set(told) == {call.intent.provider for call in calls}


def test_what_a_run_paid_stays_when_it_is_tried_again(served: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    made = brief(products=1, locales=1, placements=2) | {"name": "Twice", "campaign": "twice", "budget": {"max": "1.00", "currency": "USD"}}
    made["products"][0] |= {"description": "a garden of its own", "picture": {"imagine": True}}
    campaign = built(served, made, 120)
    run = served.http.get(f"/v1/campaigns/{campaign}").json()["run"]
    first = served.http.get(f"/v1/runs/{run}").json()
    monkeypatch.setattr(watch, "_SAY_S", 0.0)  # so that even a quick attempt says how far it is
    with served.registry.write() as c:
        c.execute(sa.update(runs).where(runs.c.id == run).values(state="queued"))
    stage(Place(settings=served.house.settings, worker="second"), Order(run=run, attempt=2, priority=5), START)
    after = served.http.get(f"/v1/runs/{run}").json()
    assert after["state"] == "needs-review" and after["updated_at"] > first["updated_at"]
    assert after["progress"] != first["progress"], "the second attempt told how far it was"
    assert after["progress"]["spend"] == first["progress"]["spend"] and sum(row["calls"] for row in after["progress"]["spend"].values()) >= 1
