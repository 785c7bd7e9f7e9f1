"""A house with sign-in and its people: the first account by the link of the terminal, the others invited, all of it in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2 as httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_portal import Portal, Visit, portal, visit

PASSWORD = "four quiet words here"
ADMIN = "ana@example.com"


@contextmanager
def house(home: Path, chrome: Browser) -> Iterator[Portal]:
    """A server whose first account is made; its `http` carries a key that may do everything."""
    with portal(home, "--work") as running, visit(chrome, running.url) as seen:
        first(running, seen)
        with httpx.Client(
            base_url=running.url, timeout=60, headers={"Authorization": f"Bearer {key(seen)}"}
        ) as http:
            yield replace(running, http=http)


def first(at: Portal, seen: Visit) -> None:
    """Makes the first account as whoever started the service does."""
    link = re.search(r"http://\S+/welcome\?ticket=\S+", (at.home / "serve.log").read_text("utf-8"))
    assert link, "the terminal says how the first account is made"
    page = seen.go(link[0])
    page.locator("input[name=email]").fill(ADMIN)
    come_in(page, "Ana", "/welcome")


def come_in(page: Page, name: str, form: str) -> None:
    """Fills in who one is and chooses a password."""
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator(f"form[action='{form}'] button").click()


def key(seen: Visit) -> str:
    """A key of everything for whoever is signed in, from the page that shows it once."""
    page = seen.go("/keys")
    page.locator("main form[action='/keys'] input[name=name]").fill("tests")
    page.locator("main form[action='/keys'] select[name=role]").select_option("admin")
    with page.expect_navigation():
        page.locator("main form[action='/keys'] button.primary").click()
    return page.locator("[data-once]").input_value()


def invite(seen: Visit, email: str, name: str, role: str) -> str:
    """The link that an administrator sends to somebody; `role` empty: none."""
    page = seen.go("/people")
    page.locator("#invite input[name=email]").fill(email)
    page.locator("#invite input[name=name]").fill(name)
    page.locator("#invite select[name='role.0']").select_option(role)
    with page.expect_navigation():
        page.locator("#invite button.primary").click()
    link = page.locator("[data-once]").input_value()
    assert "/join?ticket=" in link
    return link


@contextmanager
def signed_in(at: Portal, chrome: Browser, email: str = ADMIN, **look: str) -> Iterator[Visit]:
    """Somebody in a browser of their own."""
    with visit(chrome, at.url, **look) as seen:  # type: ignore[arg-type]
        page = seen.go("/login")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("form[action='/login'] button").click()
        expect(page.locator(".who")).to_be_attached()
        yield seen
