"""Templates: each has its proof, opened place by place, and a playground that draws one's own words and says what became of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_pictures import stored
from tests.browser.kit_portal import Portal, Visit, settle, visit

pytestmark = pytest.mark.browser

_PATIENCE_MS = 120_000


@pytest.fixture
def seen(served: Portal, chrome: Browser) -> Iterator[Visit]:
    with visit(chrome, served.url) as visitor:
        visitor.page.set_default_navigation_timeout(_PATIENCE_MS)
        yield visitor
        assert not visitor.errors


def drawn(page: Page) -> list[str]:
    """The pictures of the playground once nothing is being drawn."""
    expect(page.locator("#tried img").first).to_be_visible(timeout=_PATIENCE_MS)
    settle(page)
    found: list[str] = page.locator("#tried img").evaluate_all("all => all.map(one => one.src)")
    return found


def other(page: Page, before: list[str]) -> list[str]:
    """The pictures once they are others than before."""
    page.wait_for_function("before => { const one = document.querySelector('#tried img'); return one && one.src !== before; }", arg=before[0])
    return drawn(page)


def test_every_template_is_listed_and_opens(served: Portal, seen: Visit) -> None:
    items = served.http.get("/v1/templates").json()["items"]
    page = seen.go("/templates")
    assert page.locator(".cards h2").all_inner_texts() == [one["name"] for one in items]
    with page.expect_navigation():
        page.locator(".cards a").last.click()
    expect(page.locator("h1")).to_have_text(items[-1]["name"])
    with page.expect_navigation():
        page.get_by_role("link", name="Use it").click()
    assert page.url.endswith(f"/start?template={items[-1]['id']}")


def test_the_proof_is_hard_copy_in_every_shape_each_in_its_own_size(seen: Visit) -> None:
    page = seen.go("/templates/type")
    shapes = page.locator(".proof thead th").count()
    assert shapes >= 6
    size = page.locator(".proof thead th").nth(2).inner_text()
    rows = page.locator(".proof tbody tr")
    assert rows.count() >= 6 and page.locator(".proof tbody a").count() == shapes * rows.count()
    shown = page.locator("img[src$='proof.png']")
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") > 600
    with page.expect_navigation():
        rows.nth(1).locator("a").nth(2).click()
    width, height = (int(part) for part in size.replace("×", "x").split("x"))
    natural = page.locator("img").first.evaluate("one => [one.naturalWidth, one.naturalHeight]")
    assert natural == [width, height]


def test_words_are_drawn_as_they_are_typed_and_it_is_said_what_fits(seen: Visit) -> None:
    page = seen.go("/templates/type")
    first = drawn(page)
    assert len(first) == 2
    page.locator("#f-headline").fill("Now")
    now = other(page, first)
    expect(page.locator("#tried")).to_contain_text("Fits at")
    page.get_by_role("button", name="Forty words").click()
    long = other(page, now)
    expect(page.locator("#tried .mark.failed, #tried .mark.flagged").first).to_be_visible()
    page.get_by_role("button", name="Arabic").click()
    other(page, long)
    expect(page.locator("#f-locale")).to_have_value("ar-SA")


def test_every_template_can_be_tried_with_the_words_that_it_needs(served: Portal, seen: Visit) -> None:
    stored(served, "orange.png")
    for template in served.http.get("/v1/templates").json()["items"]:
        page = seen.go(f"/templates/{template['id']}")
        settle(page)
        drawn(page)
        expect(page.locator("#tried .note.error")).to_have_count(0)
        stands_in = "cutout" not in template["pictures"]
        expect(page.locator("#tried .note.warning")).to_have_count(2 if stands_in else 0)
    page = seen.go("/templates/steps")
    was = drawn(page)
    page.get_by_label("Step 2").fill("Share it")
    other(page, was)
    expect(page.locator("#tried")).to_contain_text("Step 2")
    expect(page.locator("#tried")).not_to_contain_text("Mark-")
    expect(page.locator("#tried figcaption").first).to_have_text("Instagram feed, square image · 1080 × 1080 px")


def test_a_brand_a_picture_and_other_placements_are_tried(served: Portal, seen: Visit) -> None:
    stored(served, "orange.png")
    made = served.http.post("/v1/brands", params={"slug": "tried"}, content='brand: 1\nname: Tried\ncolors: {primary: "#8A1538", accent: "#F4C430"}\n',
                            headers={"Content-Type": "application/yaml"})  # fmt: skip
    assert made.status_code == 201, made.text
    page = seen.go("/templates/stage")
    was = drawn(page)
    page.locator("#f-brand").select_option(label="Tried")
    was = other(page, was)
    page.locator("#f-picture").select_option("")
    was = other(page, was)
    expect(page.locator("#tried .note").first).to_contain_text("this one does not show a product without a picture")
    page.locator("#f-picture").select_option(label="orange.png")
    was = other(page, was)
    expect(page.locator("#tried .note")).to_have_count(0)
    while (chosen := page.locator("input[name=placement]:checked")).count():
        chosen.first.uncheck(force=True)
    page.locator("input[name=placement][value=iab-billboard]").check(force=True)
    expect(page.locator("#tried img")).to_have_count(1, timeout=_PATIENCE_MS)
    expect(page.locator("#tried figcaption")).to_contain_text("970 × 250")
    assert served.http.get("/v1/campaigns", params={"text": "playground"}).json()["items"] == [], "nothing is stored"
