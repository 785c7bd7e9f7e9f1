"""A session that ends in the middle, in the browser that people use: they come back to where they were, with what they typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_portal import Portal, portal, visit

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "ana@example.com", "four quiet words here"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A service with sign-in; its first account is made by the link that the terminal shows."""
    with portal(tmp_path_factory.mktemp("house") / "home", "--no-work") as running:
        yield running


def sign_in(page: Page) -> None:
    """At the door, which may know the address already."""
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("form[action='/login'] button").click()


def end_elsewhere(house: Portal, chrome: Browser) -> None:
    """The same person signs out everywhere, in another browser."""
    with visit(chrome, house.url) as other:
        page = other.go("/account")
        sign_in(page)
        expect(page).to_have_url(re.compile("/account$"))
        with page.expect_navigation():
            page.locator("form[action='/account/leave'] button").click()


def test_a_session_that_ends_in_the_middle_returns_to_where_the_person_was(house: Portal, chrome: Browser) -> None:
    link = re.search(r"http://\S+/welcome\?ticket=\S+", (house.home / "serve.log").read_text("utf-8"))
    assert link, "the terminal says how the first account is made"
    with visit(chrome, house.url) as seen:
        page = seen.go(link[0])
        page.locator("input[name=name]").fill("Ana")
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[name=password]").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("form[action='/welcome'] button").click()
        seen.go("/people")
        page.locator("#invite input[name=email]").fill("bo@example.com")
        page.locator("#invite input[name=name]").fill('Bo "the second" <b>')
        end_elsewhere(house, chrome)
        with page.expect_navigation():
            page.locator("#invite button.primary").click()
        expect(page.locator("main")).to_contain_text("What you typed is kept")
        sign_in(page)
        expect(page.locator("h1")).to_have_text("You are back")
        with page.expect_navigation():
            page.get_by_role("button", name="Send it again").click()
        assert page.url == f"{house.url}/people"
        expect(page.locator("main")).to_contain_text("bo@example.com")
        expect(page.locator("main")).to_contain_text('Bo "the second" <b>')
        end_elsewhere(house, chrome)
        seen.go("/review?stage=legal")
        assert "/login" in page.url
        sign_in(page)
        assert page.url == f"{house.url}/review?stage=legal"
