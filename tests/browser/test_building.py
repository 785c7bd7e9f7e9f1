"""Watching a build: phases, rate, time left, what lands, what is paid; paused, resumed, cancelled, tried again; the same truth everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_many import brief
from tests.browser.kit_pictures import stored
from tests.browser.kit_portal import BRIEF, Portal, portal, visit

pytestmark = pytest.mark.browser

_PATIENCE_MS = 120_000
#: Products, locales, placements: long enough that somebody can intervene.
_SHAPE = (5, 50, 4)
_ADS = 1000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A server whose providers of pictures draw on this machine, for play money."""
    more = {"AFFICHE_PROVIDERS": "simulated", "AFFICHE_SPEND_MONTH": "50"}
    with portal(tmp_path_factory.mktemp("building") / "home", more=more) as running:
        yield running


def state(page: Page, wanted: str) -> None:
    """The page comes to that state by itself."""
    expect(page.locator("#run .badge").first).to_have_text(wanted, timeout=_PATIENCE_MS)


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("#run, #actions").get_by_role("button", name=name, exact=True).click()


def run_of(house: Portal, campaign: str) -> dict[str, Any]:
    id = house.http.get(f"/v1/campaigns/{campaign}").json()["run"]
    found: dict[str, Any] = house.http.get(f"/v1/runs/{id}").json()
    return found


def bars(page: Page) -> dict[str, tuple[int, int]]:
    """How far each phase is, as its bar says."""
    return {
        str(bar.get_attribute("aria-label")): (
            int(str(bar.get_attribute("aria-valuenow"))),
            int(str(bar.get_attribute("aria-valuemax"))),
        )
        for bar in page.locator("#run [role=progressbar]").all()
    }


def test_two_browsers_follow_one_build_and_either_may_intervene(house: Portal, chrome: Browser) -> None:
    campaign = house.campaign(yaml.safe_dump(brief(*_SHAPE)), build=False)
    with visit(chrome, house.url) as ana, visit(chrome, house.url, phone=True) as bo:
        first, second = ana.go(f"/campaigns/{campaign}"), bo.go(f"/campaigns/{campaign}")
        press(first, "Build")
        second.reload()
        for page in (first, second):
            expect(page.locator(".way [aria-current=step]")).to_have_text("Making", timeout=_PATIENCE_MS)
            expect(page.locator(".landing img").first).to_be_visible(timeout=_PATIENCE_MS)
        expect(first.locator("#run")).to_contain_text(
            re.compile(r"[\d.]+ creatives a second · about \d+ (s|min) left"), timeout=_PATIENCE_MS
        )
        done, total = bars(first)["Creatives"]
        assert 0 < done < total <= _ADS
        first.wait_for_function(
            "before => +document.querySelector('#run [aria-label=Creatives]').ariaValueNow > before", arg=done
        )
        press(second, "Pause")
        for page in (first, second):
            state(page, "paused")
            expect(page.locator("#run").get_by_role("button", name="Resume")).to_be_visible()
        held = run_of(house, campaign)
        shown = bars(first)
        assert shown == bars(second) and held["state"] == "paused"
        first.wait_for_timeout(2000)
        first.reload()
        assert bars(first) == shown and run_of(house, campaign)["progress"] == held["progress"], (
            "nothing is made while it is paused"
        )
        press(first, "Resume")
        expect(second.locator("#run").get_by_role("button", name="Pause")).to_be_visible(timeout=_PATIENCE_MS)
        press(second, "Cancel")
        for page in (first, second):
            state(page, "cancelled")
        made = house.http.get("/v1/creatives/counts", params={"run": held["id"]}).json()["total"]
        assert made < _ADS
        press(first, "Try again")
        for page in (first, second):
            expect(page.locator("#wall .n").first).to_have_text(str(_ADS // _SHAPE[0]), timeout=_PATIENCE_MS)
            expect(page.locator("#actions").get_by_role("button", name="Build")).to_be_visible()
            state(page, "needs review")
        assert house.http.get("/v1/creatives/counts", params={"campaign": campaign}).json()["total"] == _ADS
        assert not ana.errors + bo.errors


def test_what_was_paid_stands_on_the_page_by_provider(house: Portal, chrome: Browser) -> None:
    (picture,) = stored(house, "yuzu.png")
    wished = yaml.safe_load(BRIEF.replace("summer-yuzu", "paid"))
    wished |= {
        "budget": {"max": "2.00", "currency": "USD"},
        "products": [{"id": "yuzu", "name": "Yuzu", "picture": {"file": picture, "imagine": True}}],
    }
    campaign = house.campaign(yaml.safe_dump(wished, allow_unicode=True))
    spent = run_of(house, campaign)["progress"]["spend"]
    with visit(chrome, house.url) as seen:
        page = seen.go(f"/campaigns/{campaign}")
        rows = page.locator("#run table tbody tr")
        told = {
            row.locator("td").nth(0).inner_text(): row.locator("td").all_inner_texts()[1:3]
            for row in rows.all()
        }
        assert told == {
            name: [str(one["calls"]), f"{one['cost']} {one['currency']}"] for name, one in spent.items()
        }
        assert sum(float(one["cost"]) for one in spent.values()) > 0
        expect(page.locator("#run")).to_contain_text(f"{run_of(house, campaign)['cost']['amount']} USD")
        assert not seen.errors


def test_a_build_whose_deadline_passed_offers_one_without(house: Portal, chrome: Browser) -> None:
    campaign = house.campaign(BRIEF.replace("summer-yuzu", "too-late"), build=False)
    late = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    chosen = {"locale": ["en-US", "de-DE"]}
    house.http.post("/v1/runs", json={"campaign": campaign, "deadline": late, "chosen": chosen}).raise_for_status()
    with visit(chrome, house.url) as seen:
        page = seen.go(f"/campaigns/{campaign}")
        state(page, "failed")
        expect(page.locator("#run .note.error")).to_contain_text("Its deadline has passed")
        expect(page.locator("#run").get_by_role("button", name="Try again")).to_have_count(0)
        press(page, "Build without a deadline")
        expect(page.locator("#wall .ad")).to_have_count(4, timeout=_PATIENCE_MS)
        assert run_of(house, campaign)["chosen"] == chosen, "what was wished, and no more"
        assert not seen.errors


def test_ads_that_failed_are_made_when_their_picture_is_whole_again(house: Portal, chrome: Browser) -> None:
    whole, torn = stored(house, "yuzu.png", "orange.png")
    digest = house.http.get(f"/v1/assets/{torn}").json()["digest"].rpartition(":")[2]
    (file,) = (house.home / "blobs" / digest[:2]).glob(digest[2:])
    half = house.home / "half"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    half.replace(file)
    wished = yaml.safe_load(BRIEF.replace("summer-yuzu", "torn"))
    wished["products"] = [{"id": "yuzu", "name": "Yuzu", "picture": whole}, {"id": "orange", "name": "Orange", "picture": torn}]
    campaign = house.campaign(yaml.safe_dump(wished, allow_unicode=True))
    with visit(chrome, house.url) as seen:
        page = seen.go(f"/campaigns/{campaign}")
        state(page, "partial")
        expect(page.locator("#run .note.warning")).to_contain_text("6 of 12 creatives failed")
        unmade = page.locator("#wall .ad", has=page.locator(".unmade", has_text="Not made"))
        expect(unmade).to_have_count(6)
        shapes = {ad.evaluate("ad => getComputedStyle(ad.querySelector('.open')).aspectRatio") for ad in unmade.all()}
        assert shapes == {"1080 / 1080", "300 / 250"}, "as large as the ad would be"
        before = {one["id"] for one in house.creatives(campaign) if one["status"] != "error"}
        unmade.first.locator("a.open").click()
        expect(page.locator(".stage .unmade")).to_contain_text("orange.png: The PNG file is cut off")
        expect(page.locator("button[value=approved], .tools [download]")).to_have_count(0)
        stored(house, "orange.png")
        with page.expect_navigation():
            page.locator(".stage").get_by_role("button", name="Try the failed ones again").click()
        state(page, "needs review")
        expect(page.locator("#wall .ad img")).to_have_count(12, timeout=_PATIENCE_MS)
        expect(page.locator("#wall .unmade, #run .note")).to_have_count(0)
        assert run_of(house, campaign)["totals"]["steps"]["reused"] > 0, "what was there is not made again"
        assert len(before) == 6 and all(one["status"] != "error" for one in house.creatives(campaign))
        assert not seen.errors


def test_a_build_that_waits_says_for_what(house: Portal, chrome: Browser) -> None:
    (picture,) = stored(house, "elder.png")
    digest = house.http.get(f"/v1/assets/{picture}").json()["digest"].rpartition(":")[2]
    (file,) = (house.home / "blobs" / digest[:2]).glob(digest[2:])
    away = file.rename(house.home / "away")
    campaign = house.campaign(
        BRIEF.replace("summer-yuzu", "waits").replace("Yuzu}", f"Yuzu, picture: {picture}}}"), build=False
    )
    with visit(chrome, house.url) as seen:
        page = seen.go(f"/campaigns/{campaign}")
        press(page, "Build")
        expect(page.locator("#run .note.warning")).to_contain_text(
            "The build waits: elder.png: stored file", timeout=_PATIENCE_MS
        )
        away.rename(file)
        expect(page.locator("#wall .ad")).to_have_count(6, timeout=_PATIENCE_MS)
        expect(page.locator("#run .note")).to_have_count(0)
        assert [line for line in seen.errors if "507" not in line] == [], "what might be proposed cannot be told without the file"
