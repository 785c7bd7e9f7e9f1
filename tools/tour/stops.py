"""The stops of the tour, in order: where one looks, as whom, what is done before the picture is taken, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.kit_portal import settle
from tour.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """`path` may name ids of the house; `height` px of the picture; `then` is done on the page first."""

    name: str
    title: str
    text: str
    path: Callable[[House], str]
    then: Callable[[Page], object] = settle
    theme: str = "light"
    language: str = "en"
    phone: bool = False
    height: int = 900


def _lower(selector: str) -> Callable[[Page], object]:
    def scrolled(page: Page) -> None:
        settle(page)
        page.locator(selector).first.evaluate("one => one.scrollIntoView({block: 'start'})")
        page.mouse.wheel(0, -24)
        page.wait_for_timeout(200)

    return scrolled


def _with_findings(page: Page) -> None:
    settle(page)
    for key in ("f", "s"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)


def _landing(page: Page) -> None:
    page.locator(".landing img").first.wait_for()
    page.wait_for_timeout(1500)


def _helped(page: Page) -> None:
    page.locator(".remedy").first.wait_for()
    settle(page)
    page.locator(".finding").first.evaluate("one => one.scrollIntoView({block: 'start'})")
    page.mouse.wheel(0, -80)
    page.wait_for_timeout(300)


def _tried(page: Page) -> None:
    settle(page)
    page.locator("#f-brand").select_option(label="Verde")
    page.locator("#f-picture").select_option(label="orange.png")
    page.wait_for_timeout(300)
    settle(page)


STOPS: Sequence[Stop] = (
    Stop(name="campaigns", title="Campaigns", path=lambda _: "/", height=760,
         text="Every campaign with a few of its ads, and how it stands."),
    Stop(name="start", title="A campaign is written", path=lambda h: f"/campaigns/{h.verde}/brief", height=1100,
         text="The form writes the same YAML that the command line reads. Three real ads and the plan - how many, "
              "what is reused, what it costs, what does not fit - are drawn beside it at every keystroke, for "
              "nothing."),
    Stop(name="watch", title="Watch it build", path=lambda h: f"/campaigns/{h.building()}", then=_landing, height=620,
         text="How far it is, how long it will take, and the ads that were just made; pause, cancel, or go on elsewhere: "
              "another device shows the same."),
    Stop(name="wall", title="Look", path=lambda h: f"/campaigns/{h.verde}", height=1100,
         text="The whole campaign: grouped, filtered, searched; arrows walk through it, two are compared at a touch of each."),
    Stop(name="ad", title="An ad", path=lambda h: f"/creatives/{h.ad('orange/ar-SA/1080x1920')}", then=_with_findings,
         text="What the rules found, what the platform's own interface covers, comments pinned to a point. Words, "
              "picture and what must stay in view are set in place; only what depends on them is made again."),
    Stop(name="help", title="What may help", path=lambda h: f"/creatives/{h.pale}", then=_helped, height=900,
         text="Where a rule found something, other templates and shorter wordings are tried on this very ad, drawn and checked. "
              "Only what helps is offered, the best first."),
    Stop(name="review", title="Review by exception", path=lambda _: "/review", height=1100,
         text="Ads that look and read alike stand together, the odd ones first. One decision for a group, bound to "
              "the very files that were seen: a changed pixel asks again."),
    Stop(name="swipe", title="On the way", path=lambda h: f"/review/swipe?campaign={h.verde}", phone=True, height=844,
         text="The same on a phone, one by one. Without a connection decisions wait, and are sent when there is "
              "one."),
    Stop(name="kit", title="The brand kit", path=lambda h: f"/brands/{h.brand}", height=1180,
         text="Palette by role, with the contrast of every pair; ads that follow every change."),
    Stop(name="kit-type", title="Type and logo", path=lambda h: f"/brands/{h.brand}", then=_lower("section:has(#kit-type)"),
         height=1100, text="Specimens in the brand's own faces and what continues them in other scripts; the logo on each colour "
              "with its clear space."),
    Stop(name="library", title="Library", path=lambda _: "/library", height=760,
         text="Files with where they are used, rights with their last day, near copies; searched by words, colour "
              "and likeness."),
    Stop(name="template", title="Templates", path=lambda _: "/templates/stage", then=_tried, height=1040,
         text="A template tried with real words, a brand and a product: what fits and at which size, and what "
              "becomes of the rest; below it the proof in every shape and hard languages."),
    Stop(name="providers", title="Providers and money", path=lambda _: "/providers", height=900,
         text="Who makes pictures and words, with which key, at which price of which day, and what was spent. Here "
              "providers that draw on this machine, for play money."),
    Stop(name="activity", title="Activity", path=lambda _: "/activity", height=760,
         text="Who did what and when, in a log that can only grow."),
    Stop(name="insight", title="Insight", path=lambda _: "/insight", height=1000,
         text="Creatives, checks, time and cost by day, and how providers do; each chart also as a table and as CSV."),
    Stop(name="system", title="System", path=lambda _: "/system", theme="dark", height=760,
         text="Health, queues, workers, what was given up and why - here in the dark theme."),
    Stop(name="arabic", title="In Arabic", path=lambda h: f"/campaigns/{h.lumen}", language="ar", height=900,
         text="The interface speaks English, German, Arabic (mirrored) and Japanese."),
    Stop(name="phone", title="On a phone", path=lambda h: f"/campaigns/{h.verde}", phone=True, theme="dark", height=844,
         text="Every page on a phone, where the portal can be installed."),
)  # fmt: skip
