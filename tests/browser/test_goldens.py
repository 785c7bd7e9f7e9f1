"""Small pictures of the main pages: light, dark, in Arabic and German, on a phone. They fail when a page looks otherwise.

`./run browser -k goldens` compares; `./run browser -k goldens --update page/wall-dark.png` accepts one, after a look at it (candidates lie
in tests/browser/candidates). Times and hosts are left out of them; other hinting of letters is let pass, and a test holds that it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.kit_pictures import EXAMPLES, flat, stored
from tests.browser.kit_portal import FLAGS, Portal, chromium, portal, settle, visit
from tests.conftest import Golden

pytestmark = pytest.mark.browser

#: A pixel of a golden is so many of a page, by what it is looked at on; how much a spot may differ.
_WIDE, _NARROW, _MOST = 5, 4, 14.0
#: The pictures together, bytes: they are in every clone.
_ALL_BYTES = 400_000
#: What is another at each look: times, whatever names this moment, and which ads of a campaign were made last.
_QUIET = "time, .toasts, #making, .strip img { visibility: hidden !important } * { caret-color: transparent !important }"
BRAND = """\
brand: 1
name: Verde
colors: {primary: "#0F5C4E", accent: "#F27B50", ink: "#0B2E27", paper: "#FBF3DF"}
type: {display: {family: Bricolage Grotesque, weight: 700}, text: {family: Manrope, weight: 500}}
voice: {tone: [bright, dry]}
"""
BRIEF = """\
affiche: 1
campaign: summer-yuzu
name: Summer Yuzu
brand: verde
message: {locale: en-US, headline: Wake up the afternoon, body: Sparkling yuzu. Nothing added., cta: Find a can}
markets: [{region: US, locales: [en-US]}, {region: DE, locales: [de-DE]}, {region: SA, locales: [ar-SA]}]
products:
- {id: yuzu, name: Sparkling Yuzu, picture: YUZU}
- {id: elder, name: Elderflower, picture: ELDER}
placements: [instagram-square, iab-medium-rectangle, instagram-story]
copy:
  de-DE: {headline: Weckt den Nachmittag, body: Sprudelnder Yuzu. Sonst nichts.}
  ar-SA: {headline: أيقظ بعد الظهر, body: يوزو فوار. لا شيء مضاف.}
"""
#: Name -> page, language, theme, on a phone. `CAMPAIGN`, `AD`, `BRAND` stand for what is there.
LOOKS = {
    "campaigns": ("/", "en", "light", False), "wall": ("/campaigns/CAMPAIGN", "en", "light", False),
    "wall-dark": ("/campaigns/CAMPAIGN", "en", "dark", False), "wall-arabic": ("/campaigns/CAMPAIGN", "ar", "light", False),
    "wall-phone": ("/campaigns/CAMPAIGN", "en", "dark", True), "ad": ("/creatives/AD", "en", "light", False),
    "ad-arabic-phone": ("/creatives/AD", "ar", "light", True), "review-dark": ("/review", "en", "dark", False),
    "kit": ("/brands/BRAND", "en", "light", False), "library": ("/library", "de", "light", False),
    "start-german": ("/start", "de", "light", False), "swipe-phone": ("/review/swipe?campaign=CAMPAIGN", "en", "dark", True),
}  # fmt: skip


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A house in which everything is made in the same order each time: its address, and ids by name."""
    with portal(tmp_path_factory.mktemp("goldens") / "home") as at:
        stored(at, *sorted(file.name for file in EXAMPLES.glob("*.png")))
        at.http.post("/v1/assets", params={"name": "sea.png"}, content=flat((30, 90, 160))).raise_for_status()
        brand = at.http.post("/v1/brands", params={"slug": "verde"}, content=BRAND, headers={"Content-Type": "application/yaml"}).json()["id"]
        yuzu, elder = stored(at, "yuzu.png", "elder.png")
        campaign = at.campaign(BRIEF.replace("YUZU", yuzu).replace("ELDER", elder), brand=brand)
        yield {"url": at.url, "CAMPAIGN": campaign, "BRAND": brand, "AD": _ad(at, campaign)}


def _ad(at: Portal, campaign: str) -> str:
    wanted = ("yuzu", "ar-SA", "meta.stories.9x16")
    return next(str(one["id"]) for one in at.creatives(campaign) if (one["product"], one["locale"], one["placement"]) == wanted)


def look(running: Browser, at: dict[str, str], name: str, css: str = "") -> np.ndarray:
    """The page as a small picture, RGB; `css` is laid over it."""
    path, language, theme, phone = LOOKS[name]
    for key in ("CAMPAIGN", "BRAND", "AD"):
        path = path.replace(key, at[key])
    with visit(running, at["url"], language=language, theme=theme, phone=phone) as seen:
        seen.go(path)
        page = seen.go(path)  # a second time: faces that come late are left out of a first look
        settle(page)
        _still(page, css)
        shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        assert not seen.errors
    return np.asarray(shot.reduce(_NARROW * 2 if phone else _WIDE))


def _still(page: Page, css: str) -> None:
    """Everything that is to be seen is drawn, and what is never the same is gone."""
    page.evaluate("css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }", _QUIET + css)
    page.evaluate("Promise.all([...document.images].filter(one => one.loading !== 'lazy' || one.getBoundingClientRect().top < innerHeight)"
                  ".map(one => one.decode().catch(() => 0)))")  # fmt: skip
    page.wait_for_timeout(200)


@pytest.mark.parametrize("name", LOOKS)
def test_a_page_looks_as_it_was_accepted(chrome: Browser, furnished: dict[str, str], golden: Golden, name: str) -> None:
    golden.like(f"page/{name}.png", look(chrome, furnished, name), most=_MOST)


@pytest.mark.parametrize(("name", "css"), [
    ("wall", ".actions .button.primary { visibility: hidden }"), ("wall-dark", ".badge { background: #b3123a !important }"),
    ("ad", ".tools { translate: 0 24px }"), ("kit", ".matrix .cell { display: none }"),
])  # fmt: skip
def test_a_page_that_looks_otherwise_fails(chrome: Browser, furnished: dict[str, str], name: str, css: str, tmp_path: Path) -> None:
    known = tmp_path / "page" / f"{name}.png"
    known.parent.mkdir()
    known.write_bytes((Path(__file__).parent / "page" / f"{name}.png").read_bytes())
    with pytest.raises(pytest.fail.Exception, match="looks otherwise"):
        Golden(tmp_path, []).like(f"page/{name}.png", look(chrome, furnished, name, css), most=_MOST)


@pytest.mark.parametrize("name", ["wall", "ad-arabic-phone"])
def test_letters_that_are_drawn_otherwise_pass(chrome: Browser, furnished: dict[str, str], golden: Golden, name: str) -> None:
    others = [flag for flag in FLAGS if "hinting" not in flag]
    otherwise = [*others, "--font-render-hinting=full", "--disable-font-subpixel-positioning"]
    running = chrome.browser_type.launch(executable_path=chromium(), args=otherwise)
    try:
        golden.like(f"page/{name}.png", look(running, furnished, name), most=_MOST)
    finally:
        running.close()


def test_goldens_stay_small() -> None:
    assert sum(file.stat().st_size for file in (Path(__file__).parent / "page").glob("*.png")) < _ALL_BYTES
