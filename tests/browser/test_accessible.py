"""Every page in both themes, left-to-right and right-to-left, on a desktop and a phone: nothing serious that axe-core finds,
no error of a script, nothing wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from affiche.portal.app import PAGES
from tests.browser.kit_portal import Portal, Visit, overflow, settle, unfit, visit

pytestmark = pytest.mark.browser

#: What is not a page to look at: files and parts of pages.
FILES = (".csv", ".png", ".zip", "/run")
PLAIN = sorted(path for method, path, _ in PAGES if method == "GET" and "{" not in path and not path.endswith(FILES))
#: Pages that say no are pages, too: with which status the browser complains of them.
NOWHERE = "/campaigns/cmp_00000000000000000000000000"
SAY_NO = {NOWHERE: "404", "/login/go": "404", "/join": "422"}
LOOKS = [("en", "light", False), ("en", "dark", False), ("ar", "light", False), ("ar", "dark", True), ("ja", "light", True)]


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{'phone' if look[2] else 'desktop'}")
def visitor(request: pytest.FixtureRequest, served: Portal, chrome: Browser, campaign: str) -> Iterator[Visit]:
    language, theme, phone = request.param
    with visit(chrome, served.url, language=language, theme=theme, phone=phone) as seen:
        yield seen


def addresses(served: Portal, campaign: str) -> list[str]:
    """Every page that needs no id, and one of each kind that does."""
    ads = [ad["id"] for ad in served.creatives(campaign)]
    brand = served.http.get(f"/v1/campaigns/{campaign}").json()["brand"]
    template = served.http.get("/v1/templates").json()["items"][0]["id"]
    some = [f"/campaigns/{campaign}", f"/campaigns/{campaign}/brief", f"/campaigns/{campaign}/packages", f"/creatives/{ads[0]}",
            f"/brands/{brand}", f"/templates/{template}", NOWHERE]  # fmt: skip
    return [*(path for path in PLAIN if path != "/compare"), f"/compare?a={ads[0]}&b={ads[1]}", *some]


def test_every_page_is_fit_for_everyone(visitor: Visit, served: Portal, campaign: str) -> None:
    wrong: list[str] = []
    for path in addresses(served, campaign):
        visitor.errors.clear()
        page = visitor.go(path)
        settle(page)
        wrong += [f"{path}: {line}" for line in unfit(page)]
        wrong += [f"{path}: {line}" for line in visitor.errors if f"status of {SAY_NO.get(path)}" not in line]
        if wide := overflow(page):
            wrong.append(f"{path}: {wide} px wider than the window")
    assert not wrong, "\n".join(wrong)


def test_axe_would_find_something(served: Portal, chrome: Browser) -> None:
    with visit(chrome, served.url) as seen:
        page = seen.go("/")
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/icon.svg\"><p style=\"color:#ddd;background:#eee\">pale</p>')")
        rules = {line.partition(":")[0] for line in unfit(page)}
    assert {"image-alt", "color-contrast"} <= rules
