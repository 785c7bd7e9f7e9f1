"""Typing: new pictures follow a keystroke about as fast as they can be drawn."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.kit_portal import portal, visit
from tests.flow.kit_build import write_can

pytestmark = pytest.mark.browser
#: What may be added to the answer itself, s: the pause that ends a word's typing (below 0.2 s), the swap, a busy machine.
_MORE_S = 0.5
_KEYS = "Wake up now"


def typed(page: Page, box: str, path: str) -> tuple[float, float]:
    """Medians in s: from a keystroke to its answer, and how long the answer itself took."""
    page.fill(box, "")
    page.wait_for_timeout(2000)
    waits, answers = [], []
    for key in _KEYS:
        begun = time.perf_counter()
        with page.expect_response(lambda answer: path in answer.url) as got:
            page.type(box, key)
        got.value.finished()
        waits.append(time.perf_counter() - begun)
        answers.append(got.value.request.timing["responseEnd"] / 1000)
    return median(waits), median(answers)


def test_pictures_follow_a_keystroke(chrome: Browser, tmp_path: Path) -> None:
    with portal(tmp_path / "home") as served, visit(chrome, served.url) as seen:
        write_can(tmp_path / "can.png", (20, 90, 60))
        served.http.post("/v1/assets", params={"name": "can.png"}, content=(tmp_path / "can.png").read_bytes()).raise_for_status()
        page = seen.go("/templates/type")
        page.wait_for_selector("#tried img")
        before = page.get_attribute("#tried img", "src")
        wait, answer = typed(page, "#f-headline", "/look")
        assert wait < 2 * answer + _MORE_S, f"the playground waits {wait:.2f} s for an answer of {answer:.2f} s"
        assert page.get_attribute("#tried img", "src") != before
        page = seen.go("/start")
        page.fill("[name='products.0.name']", "Yuzu")
        page.check("#m-US-en-US", force=True)
        page.locator("#f-products\\.0\\.picture").select_option(label="can.png")
        page.fill("[name='message.headline']", "Now")
        page.wait_for_selector("#shots img")
        wait, answer = typed(page, "[name='message.headline']", "/start/look")
        assert wait < 2 * answer + _MORE_S, f"the form waits {wait:.2f} s for an answer of {answer:.2f} s"
        assert seen.errors == []
