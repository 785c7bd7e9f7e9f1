"""The brand kit in a browser: what is edited is drawn beside it, a file that is dropped becomes the logo, a product's picture too."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_portal import Portal, portal, visit

pytestmark = pytest.mark.browser

FILE = 'brand: 1\nname: Aurora\n# the house colours\ncolors: {primary: "#0B3D2E", accent: "#F4C430", ink: "#0B2E27", paper: "#FBF3DF"}\n'
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><path fill="#0B3D2E" d="M0 0h60v60H0zM80 20h160v20H80z"/></svg>'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(tmp_path_factory.mktemp("kit") / "home", "--local", "--no-work") as running:
        yield running


@pytest.fixture(scope="module")
def brand(house: Portal) -> str:
    made = house.http.post("/v1/brands", params={"slug": "aurora"}, content=FILE, headers={"Content-Type": "application/yaml"})
    return f"/brands/{made.json()['id']}"


def sources(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "all => all.map(one => one.src || one.getAttribute('href'))")
    return found


def changed(page: Page, selector: str, before: list[str]) -> float:
    """Seconds until every picture there is another one."""
    began = time.monotonic()
    page.wait_for_function(
        "([selector, before]) => { const now = [...document.querySelectorAll(selector)].map(one => one.src || one.getAttribute('href'));"
        " return now.length === before.length && now.every((one, at) => one !== before[at]); }",
        arg=[selector, before],
    )
    return time.monotonic() - began


def test_contrasts_ads_type_and_logo_follow_the_fields(house: Portal, chrome: Browser, brand: str) -> None:
    with visit(chrome, house.url) as seen:
        page = seen.go(brand)
        for selector in (".preview img", ".specimens img", ".marks svg"):
            expect(page.locator(selector).first).to_be_visible(timeout=30_000)
        ads, specimens = sources(page, ".preview img"), sources(page, ".specimens img")
        page.locator("input[name='colors.primary']").fill("#8A1538")
        changed(page, ".preview img", ads)
        expect(page.locator(".matrix tbody tr").first.locator(".cell rect").first).to_have_attribute("fill", "#8A1538")
        expect(page.locator("[data-pair='k-colors.primary']")).to_have_value("#8a1538")
        page.locator("input[name='type.display.family']").fill("Fraunces")
        page.locator("input[name='type.display.family']").dispatch_event("change")
        page.wait_for_function("before => document.querySelector('.specimens img').src !== before", arg=specimens[0])
        expect(page.locator(".specimens figcaption").first).to_contain_text("Fraunces")
        page.locator("#kit-type .choice").click()
        expect(page.locator(".specimens img")).to_have_count(27, timeout=30_000)
        assert seen.errors == []


def test_a_file_becomes_the_logo_and_is_saved_with_the_comments_kept(house: Portal, chrome: Browser, brand: str, tmp_path: Path) -> None:
    (tmp_path / "mark.svg").write_text(LOGO)
    with visit(chrome, house.url) as seen:
        page = seen.go(brand)
        page.locator("[data-into='k-logo.file']").set_input_files(tmp_path / "mark.svg")
        expect(page.locator("#k-logo\\.file")).not_to_have_value("")
        expect(page.locator("#k-logo\\.file option:checked")).to_have_text("mark.svg")
        expect(page.locator(".marks figcaption", has_text="set in type")).to_have_count(0, timeout=30_000)
        with page.expect_navigation():
            page.get_by_role("button", name="Save a new version").click()
        expect(page.locator("#versions code")).to_have_text("logo.file")
        document = page.locator("textarea[name=text]").input_value()
        assert "# the house colours" in document and "logo: ast_" in document
        assert seen.errors == []


def test_a_picture_that_is_dropped_on_a_product_is_its_picture(house: Portal, chrome: Browser, tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (640, 480), "#2266AA").save(data, "PNG")
    (tmp_path / "scene.png").write_bytes(data.getvalue())
    with visit(chrome, house.url) as seen:
        page = seen.go("/start")
        page.locator("[data-into='f-products.0.picture']").set_input_files(tmp_path / "scene.png")
        expect(page.locator("#f-products\\.0\\.picture option:checked")).to_have_text("scene.png")
        expect(page.locator(".product .thumb img")).to_be_visible()
        assert seen.errors == []
