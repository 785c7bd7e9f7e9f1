"""Mending an ad where one looks at it: each change is a revision with its author, builds what depends on it alone, and is undone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import yaml

from affiche.portal import revise
from affiche.portal.gateway import Refused
from tests.browser.kit_many import brief, built
from tests.flow.kit_service import Service, service

PICTURES = Path(__file__).resolve().parents[2] / "examples/verde/assets"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("fix"), work=True, portal=True) as running:
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


def test_a_remedy_offers_the_shorter_wording_before_another_template() -> None:
    ad = {"words": {"headline": "a long one", "headline_short": "short"}, "template": "stage"}
    findings = [{"status": "fail", "rule": "text.fit"}]
    found = revise.remedies(ad, findings, [{"id": "stage"}, {"id": "poster", "name": "Poster"}])
    assert [(r["verb"], r["value"]) for r in found] == [("words", "short"), ("template", "poster")]
