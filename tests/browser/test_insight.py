"""The charts of Insight as a browser lays them out: words keep to their card and off the bars, in every language, on a phone too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.kit_portal import Portal, overflow, settle, unfit, visit

pytestmark = pytest.mark.browser

#: Of every chart: the box of its card, of its texts and bars, px, and the smallest size of a text as it is seen.
LAID_OUT = """() => [...document.querySelectorAll('.chart-card')].map(card => {
  const box = one => { const r = one.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] };
  const texts = [...card.querySelectorAll('.chart text')];
  const size = one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a;
  return {name: card.querySelector('h3').id, card: box(card), texts: texts.map(box), smallest: Math.min(...texts.map(size)),
          bars: [...card.querySelectorAll('.bar-mark')].map(box), first: card.querySelector('.chart .date')?.getBoundingClientRect().left,
          last: [...card.querySelectorAll('.chart .date')].pop()?.getBoundingClientRect().left};
})"""


def laid_out(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(LAID_OUT)
    assert len(found) >= 9
    return [chart for chart in found if chart["texts"]]


def meet(a: list[float], b: list[float]) -> bool:
    """Whether two boxes share more than a pixel."""
    return min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1


@pytest.mark.parametrize("days", [7, 30, 90])
@pytest.mark.parametrize(("language", "phone"), [("en", True), ("de", True), ("ar", False), ("ar", True), ("ja", True)])
def test_words_keep_to_their_card_and_off_the_bars(
    served: Portal, chrome: Browser, campaign: str, language: str, phone: bool, days: int
) -> None:
    with visit(chrome, served.url, language=language, phone=phone) as seen:
        page = seen.go(f"/insight?days={days}")
        assert overflow(page) == 0
        for chart in laid_out(page):
            left, top, right, bottom = chart["card"]
            for at, text in enumerate(chart["texts"]):
                assert left + 4 <= text[0] and text[2] <= right - 4 and top <= text[1] and text[3] <= bottom, chart["name"]
                assert not any(meet(text, bar) for bar in chart["bars"]), chart["name"]
                assert not any(meet(text, other) for other in chart["texts"][at + 1 :]), chart["name"]
            assert chart["smallest"] >= 12, chart["name"]
            if chart["first"] is not None:
                assert (chart["first"] > chart["last"]) == (language == "ar"), "time runs as one reads"


def test_values_are_there_as_tables_for_a_keyboard_and_without_scripts(served: Portal, chrome: Browser, campaign: str) -> None:
    with visit(chrome, served.url, scripts=False) as seen:
        page = seen.go("/insight?days=7")
        card = page.locator(".chart-card").first
        card.locator("summary").focus()
        page.keyboard.press("Enter")
        assert card.locator("tbody tr").count() == 7
        assert card.locator("tbody tr").last.is_visible()
        shown = card.locator(".chart text.value").last.text_content()
        assert card.locator("tbody td").last.text_content() == shown


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_open_tables_are_fit_for_everyone(served: Portal, chrome: Browser, campaign: str, language: str, theme: str) -> None:
    with visit(chrome, served.url, language=language, theme=theme) as seen:
        page = seen.go("/insight?days=30")
        page.evaluate("document.querySelectorAll('.chart-card details').forEach(one => one.open = true)")
        settle(page)
        assert unfit(page) == [] == seen.errors
