"""Several people and bad networks: what one does the other sees, what is half typed stays, and a cut stream misses nothing."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_line import line
from tests.browser.kit_portal import BRIEF, Portal, settle, visit

pytestmark = pytest.mark.browser

_PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def shared(served: Portal) -> str:
    """A campaign of these tests alone: they decide and comment."""
    return served.campaign()


def comment(page: Page, text: str) -> None:
    """Says something about the ad that is open, as a person does."""
    page.locator("#comment textarea").fill(text)
    with page.expect_navigation():
        page.locator("#comment button").click()


def test_two_people_talk_and_what_is_half_typed_stays(served: Portal, chrome: Browser, shared: str) -> None:
    path = f"/creatives/{served.creatives(shared)[0]['id']}"
    with visit(chrome, served.url) as ana, visit(chrome, served.url) as bo:
        ana.go(path)
        page = bo.go(path)
        settle(page)
        page.locator("[data-toggle=pin]").click()
        page.locator("#canvas").click(position={"x": 40, "y": 40})
        page.keyboard.type("The lemon is")
        page.locator("#decide input[name=reason]").fill("too dark")
        page.locator("#comment textarea").focus()
        comment(ana.page, "Could the can be larger?")
        expect(page.locator("#decide")).to_contain_text("Could the can be larger?", timeout=_PATIENCE_MS)
        page.keyboard.type(" too green")
        expect(page.locator("#comment textarea")).to_have_value("The lemon is too green")
        expect(page.locator("#decide input[name=reason]")).to_have_value("too dark")
        with page.expect_navigation():
            page.locator("#comment button").click()
        expect(ana.page.locator("#decide")).to_contain_text("The lemon is too green", timeout=_PATIENCE_MS)
        expect(ana.page.locator("#pins .pin")).to_have_count(1)
        assert [m["x"] is not None for m in _comments(served, path)] == [False, True], "the pin that was set before the other spoke"
        assert not ana.errors + bo.errors


@pytest.mark.parametrize("scripts", [True, False])
def test_who_rejects_is_asked_why_where_the_reason_is_written(served: Portal, chrome: Browser, shared: str, scripts: bool) -> None:
    path = f"/creatives/{served.creatives(shared)[1]['id']}"
    with visit(chrome, served.url, scripts=scripts) as bo:
        page = bo.go(path)
        page.get_by_role("button", name="Reject").click()
        expect(page.locator("#toasts")).to_contain_text("Say why")
        assert page.url.partition("#")[0].endswith(path), "the ad is still there"
        assert not served.http.get(f"/v1{path}").json()["decisions"]
        reason = page.locator("#decide input[name=reason]")
        if scripts:
            expect(reason).to_be_focused()
            expect(reason).to_have_attribute("aria-invalid", "true")
        reason.fill("The lemon is too dark")
        if scripts:
            expect(reason).not_to_have_attribute("aria-invalid", "true")
        with page.expect_navigation():
            page.get_by_role("button", name="Reject").click()
        decided = served.http.get(f"/v1{path}").json()["decisions"]["creative"]
        assert (decided["decision"], decided["reason"]) == ("rejected", "The lemon is too dark")
        served.http.post(f"/v1/approvals/{decided['id']}/withdraw").raise_for_status()
        assert not bo.errors


def test_a_reason_that_is_half_typed_for_a_pile_stays_when_others_decide(served: Portal, chrome: Browser, shared: str) -> None:
    with visit(chrome, served.url) as bo:
        page = bo.go(f"/review?campaign={shared}")
        settle(page)
        piles = page.locator(".pile")
        last, count = piles.last, piles.count()
        assert count > 1, "two piles at least"
        field = page.locator(f"#{last.get_attribute('id')} input[name=reason]")
        field.fill("The words")
        field.focus()
        other = piles.first.locator(".ad").first.get_attribute("data-id")
        served.http.post("/v1/approvals", json={"creatives": [other], "decision": "approved"}).raise_for_status()
        expect(page.locator(f".ad[data-id='{other}']")).to_have_count(0, timeout=_PATIENCE_MS)
        page.keyboard.type(" are hard to read")
        expect(field).to_have_value("The words are hard to read")
        assert not bo.errors


def test_what_is_typed_for_a_pile_stays_when_another_ad_becomes_its_first(served: Portal, chrome: Browser) -> None:
    campaign = served.campaign(BRIEF.replace("summer-yuzu", "piles"))
    with visit(chrome, served.url) as bo:
        page = bo.go(f"/review?campaign={campaign}")
        settle(page)
        pile = page.locator(".pile").filter(has=page.locator("input[name=creative] ~ input[name=creative]")).last
        first, second = pile.locator("input[name=creative]").evaluate_all("all => all.slice(0, 2).map(i => i.value.split('@')[0])")
        pile.locator("select[name=stage]").select_option("legal")
        pile.locator("input[name=reason]").fill("A claim")
        pile.locator("input[name=reason]").focus()
        served.http.post("/v1/approvals", json={"creatives": [first], "decision": "approved"}).raise_for_status()
        expect(page.locator(f".ad[data-id='{first}']")).to_have_count(0, timeout=_PATIENCE_MS)
        page.keyboard.type(" needs proof")
        now = page.locator(".pile").filter(has=page.locator(f"input[name=creative][value^='{second}@']"))
        expect(now).to_have_attribute("id", f"pile-{second}")
        expect(now.locator("input[name=reason]")).to_have_value("A claim needs proof")
        expect(now.locator("select[name=stage]")).to_have_value("legal")
        assert [field.input_value() for field in page.locator(".pile input[name=reason]").all()].count("") == page.locator(".pile").count() - 1
        assert not bo.errors


def _comments(served: Portal, path: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = served.http.get(f"/v1{path}/comments").json()["items"]
    return sorted(items, key=lambda one: str(one["created_at"]))


@pytest.mark.parametrize("place", ["/review", "/creatives"])
def test_a_stream_that_was_cut_misses_nothing(served: Portal, chrome: Browser, shared: str, place: str) -> None:
    ad = next(one["id"] for one in served.creatives(shared) if not one["decisions"])  # those before have decided on some
    with line(int(served.url.rpartition(":")[2])) as wire, visit(chrome, f"http://127.0.0.1:{wire.port}") as seen:
        page = seen.go(f"/review?campaign={shared}" if place == "/review" else f"/creatives/{ad}")
        settle(page)
        wire.cut()
        expect(page.locator("[data-live].stale")).to_have_count(1, timeout=_PATIENCE_MS)
        waiting = page.locator(f".ad[data-id='{ad}']")
        if place == "/review":
            expect(waiting).to_have_count(1)
            served.http.post("/v1/approvals", json={"creatives": [ad], "decision": "approved"}).raise_for_status()
        else:
            served.http.post(f"/v1/creatives/{ad}/comments", json={"text": "said while the line was cut"}).raise_for_status()
        time.sleep(1)
        wire.mend()
        if place == "/review":
            expect(waiting).to_have_count(0, timeout=_PATIENCE_MS)
        else:
            expect(page.locator("#decide")).to_contain_text("said while the line was cut", timeout=_PATIENCE_MS)
        expect(page.locator("[data-live].stale")).to_have_count(0)
