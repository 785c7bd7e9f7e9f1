"""Mending an ad in the browser: words in place, a click on the picture, another picture, a remedy, left out; U takes each back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_pictures import stored
from tests.browser.kit_portal import Portal, Visit, settle, visit

pytestmark = pytest.mark.browser

#: The picture melts into the page in this template: a finding that another template mends.
BRIEF = """\
affiche: 1
campaign: mend
name: Mend
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
markets: [{region: US, locales: [en-US]}, {region: GB, locales: [en-GB]}]
copy: {en-GB: {headline: Wake up the tea time, cta: Find a can}}
products:
- {id: yuzu, name: Sparkling Yuzu, template: grid, picture: PICTURE}
- {id: elder, name: Elderflower}
placements: [iab-medium-rectangle]
"""


@pytest.fixture(scope="module")
def pictures(served: Portal) -> list[str]:
    return stored(served, "yuzu.png", "elder.png")


@pytest.fixture(scope="module")
def mended(served: Portal, pictures: list[str]) -> str:
    """A campaign of these tests alone: each test changes it and takes back what it changed."""
    return served.campaign(BRIEF.replace("PICTURE", pictures[0]))


@pytest.fixture
def seen(served: Portal, chrome: Browser) -> Iterator[Visit]:
    with visit(chrome, served.url) as visitor:
        yield visitor
        assert not visitor.errors


def ad(served: Portal, campaign: str, product: str = "yuzu", locale: str = "en-US") -> dict[str, Any]:
    """The newest of an ad."""
    (found,) = [one for one in served.creatives(campaign) if (one["product"], one["locale"]) == (product, locale)]
    return found


def brief(served: Portal, campaign: str) -> dict[str, Any]:
    """The newest brief of a campaign."""
    number = served.http.get(f"/v1/campaigns/{campaign}").json()["revision"]
    read: dict[str, Any] = yaml.safe_load(served.http.get(f"/v1/campaigns/{campaign}/revisions/{number}").json()["brief"])
    return read


def taken_back(page: Page, served: Portal, campaign: str, before: dict[str, Any]) -> None:
    """U takes back what was done last, from wherever the person is by now: the brief is as it was, and its ads follow."""
    page.locator("h1").first.click()
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("The brief is again as in revision")
    assert brief(served, campaign) == before
    served.built(campaign)


def newest_comes(page: Page, served: Portal, campaign: str, old: dict[str, Any]) -> dict[str, Any]:
    """The page shows the newest by itself once it is made."""
    page.wait_for_url(lambda url: url.rpartition("/")[2] not in ("", old["id"]) and "/creatives/" in url)
    served.built(campaign)
    now = ad(served, campaign, old["product"], old["locale"])
    assert page.url.endswith(now["id"]) and now["file_digest"] != old["file_digest"]
    return now


def test_a_headline_is_edited_in_place_and_taken_back_after_its_ad_was_made_again(served: Portal, seen: Visit, mended: str) -> None:
    old, was = ad(served, mended, locale="en-GB"), brief(served, mended)
    other = ad(served, mended)["file_digest"]
    page = seen.go(f"/creatives/{old['id']}")
    field = page.locator("[data-key=headline]")
    expect(field).to_have_value("Wake up the tea time")
    field.fill("Wake up, Britain")
    with page.expect_navigation():
        page.locator("form.word", has=field).get_by_role("button", name="Set").click()
    newest_comes(page, served, mended, old)
    expect(page.locator("[data-key=headline]")).to_have_value("Wake up, Britain")
    expect(page.locator("#canvas img")).to_have_js_property("complete", True)
    assert ad(served, mended)["file_digest"] == other, "the words of one locale are its own"
    taken_back(page, served, mended, was)
    assert ad(served, mended, locale="en-GB")["file_digest"] == old["file_digest"]


def test_a_click_on_the_picture_keeps_that_point_in_view(served: Portal, seen: Visit, mended: str, pictures: list[str]) -> None:
    old, was = ad(served, mended), brief(served, mended)
    page = seen.go(f"/creatives/{old['id']}")
    shown = page.locator(".focal input[type=image]")
    box = shown.bounding_box()
    assert box
    with page.expect_navigation():
        shown.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    picture = brief(served, mended)["products"][0]["picture"]
    assert picture["file"] == pictures[0] and picture["focal"] == pytest.approx([0.25, 0.75], abs=0.01)
    dot = page.locator(".focal i").bounding_box()
    box = page.locator(".focal input[type=image]").bounding_box()
    assert dot and box
    assert (dot["x"] + dot["width"] / 2 - box["x"]) / box["width"] == pytest.approx(0.25, abs=0.02), "the dot stands where the click was"
    assert (dot["y"] + dot["height"] / 2 - box["y"]) / box["height"] == pytest.approx(0.75, abs=0.02)
    taken_back(page, served, mended, was)


def test_another_picture_is_pinned(served: Portal, seen: Visit, mended: str, pictures: list[str]) -> None:
    old, was = ad(served, mended), brief(served, mended)
    page = seen.go(f"/creatives/{old['id']}")
    page.locator("#picture summary").click()
    expect(page.locator(f"#picture button[value={pictures[0]}]")).to_have_attribute("aria-pressed", "true")
    with page.expect_navigation():
        page.locator(f"#picture button[value={pictures[1]}]").click()
    assert brief(served, mended)["products"][0]["picture"] == pictures[1]
    newest_comes(page, served, mended, old)
    taken_back(page, served, mended, was)


def test_a_remedy_that_was_tried_is_taken_and_the_finding_is_gone(served: Portal, seen: Visit, mended: str) -> None:
    old, was = ad(served, mended), brief(served, mended)
    assert served.http.get("/v1/findings", params={"creative": old["id"], "status": "warn"}).json()["items"]
    page = seen.go(f"/creatives/{old['id']}")
    settle(page)
    best = page.locator(".remedy").first
    expect(best).to_contain_text("Then every check passes.")
    expect(best).to_contain_text("Changes 2 ads.")
    assert best.locator("img").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 300
    template = best.locator("[name=value]").input_value()
    with page.expect_navigation():
        best.get_by_role("button", name="Do it").click()
    assert brief(served, mended)["products"][0]["template"] == template != "grid"
    now = newest_comes(page, served, mended, old)
    assert now["status"] == "passed"
    expect(page.locator(".remedy, .finding.warn, .finding.fail")).to_have_count(0)
    taken_back(page, served, mended, was)


def test_an_ad_is_left_out_and_comes_back(served: Portal, seen: Visit, mended: str) -> None:
    gone, was = ad(served, mended, "elder"), brief(served, mended)
    page = seen.go(f"/creatives/{gone['id']}")
    with page.expect_navigation():
        page.get_by_role("button", name="Leave this ad out").click()
    assert page.url.endswith(f"/campaigns/{mended}")
    served.built(mended)
    expect(page.locator(f"#wall .ad[data-id='{gone['id']}']")).to_have_count(0)
    expect(page.locator("#wall .ad")).to_have_count(3)
    taken_back(page, served, mended, was)
    expect(page.locator("#wall .ad")).to_have_count(4)
