"""Looking at ads: groups and filters, keys for everything, zoom, findings on the picture, what a platform covers, two against each other."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.kit_pictures import stored
from tests.browser.kit_portal import Portal, Visit, settle, visit

pytestmark = pytest.mark.browser

#: Where English is shown in Arabic ads, and forbidden: several findings at one corner.
BRIEF = """\
affiche: 1
campaign: look
name: Look
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"], forbidden: [find, can]}
message: {locale: en-US, headline: Wake up the afternoon, body: Sparkling yuzu. Nothing added., cta: Find a can}
markets: [{region: US, locales: [en-US, es-US]}, {region: SA, locales: [ar-SA]}]
products:
- {id: yuzu, name: Sparkling Yuzu, picture: PICTURE}
- {id: elder, name: Elderflower}
placements: [iab-medium-rectangle, instagram-story]
copy:
  es-US: {headline: Despierta la tarde, body: Yuzu con burbujas. Nada más., cta: Pruébalo}
  ar-SA: {headline: أيقظ بعد الظهر, body: يوزو فوار. لا شيء مضاف.}
"""
_ALL = 12


@pytest.fixture(scope="module")
def looked_at(served: Portal) -> str:
    """A campaign of these tests alone, with findings; nobody changes it."""
    (picture,) = stored(served, "yuzu.png")
    return served.campaign(BRIEF.replace("PICTURE", picture))


@pytest.fixture
def seen(served: Portal, chrome: Browser) -> Iterator[Visit]:
    with visit(chrome, served.url) as visitor:
        yield visitor
        assert not visitor.errors


def ad(served: Portal, campaign: str, product: str, locale: str, placement: str) -> str:
    """Where an ad is shown."""
    wanted = (product, locale, placement)
    (found,) = [one for one in served.creatives(campaign) if (one["product"], one["locale"], one["placement"]) == wanted]
    return f"/creatives/{found['id']}"


def groups(page: Page) -> list[int]:
    """How many ads each group on the wall holds, as its heading says and as there are."""
    told = [int(one) for one in page.locator("#wall h2 .n").all_inner_texts()]
    assert told == [section.locator(".ad").count() for section in page.locator("#wall > section").all()]
    return told


@pytest.mark.parametrize("by", ["product", "locale", "placement", "status"])
def test_the_wall_is_grouped_as_one_likes(served: Portal, seen: Visit, looked_at: str, by: str) -> None:
    counts = Counter(one[by] for one in served.creatives(looked_at))
    assert len(counts) > 1
    page = seen.go(f"/campaigns/{looked_at}?group={'status' if by == 'product' else 'product'}")
    page.locator("#wall-group").select_option(by)
    page.wait_for_url(f"**group={by}*" if by != "product" else re.compile("^((?!group).)*$"))
    settle(page)
    assert sorted(groups(page)) == sorted(counts.values())
    page.reload()
    assert sorted(groups(page)) == sorted(counts.values()), "the address holds it"


def test_filters_narrow_it_and_an_empty_wall_says_what_to_do(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(f"/campaigns/{looked_at}")
    page.locator("#wall-locale").select_option("ar-SA")
    expect(page.locator("#wall .ad")).to_have_count(4)
    page.locator("#filters .segments a", has_text="failed").click()
    failed = [one for one in served.creatives(looked_at) if one["locale"] == "ar-SA" and one["status"] == "failed"]
    expect(page.locator("#wall .ad")).to_have_count(len(failed))
    page.locator("body").press("/")
    expect(page.locator("#wall-search")).to_be_focused()
    page.keyboard.type("nothing says this")
    expect(page.locator("#wall")).to_contain_text("Choose fewer filters.")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("#wall .ad")).to_have_count(_ALL)


def test_keys_alone_lead_from_the_wall_through_ads_and_their_tools(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(f"/campaigns/{looked_at}")
    ads = page.locator("#wall .ad .open")
    ads.first.focus()
    page.keyboard.press("ArrowRight")
    expect(ads.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(ads.first).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    first = page.url
    expect(page.locator(".tools .tool.n")).to_have_text(f"1 / {_ALL}")
    for key, at in (("j", 2), ("ArrowRight", 3), ("k", 2), ("ArrowLeft", 1)):
        with page.expect_navigation():
            page.keyboard.press(key)
        expect(page.locator(".tools .tool.n")).to_have_text(f"{at} / {_ALL}")
    assert page.url == first
    for key, tool in (("z", "zoom"), ("f", "findings"), ("s", "safe")):
        before = page.locator(f"[data-toggle={tool}]").get_attribute("aria-pressed")
        page.keyboard.press(key)
        expect(page.locator(f"[data-toggle={tool}]")).to_have_attribute("aria-pressed", "false" if before == "true" else "true")


def test_zoom_shows_a_pixel_as_a_pixel(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(ad(served, looked_at, "yuzu", "en-US", "meta.stories.9x16"))
    width = "document.querySelector('#canvas img').getBoundingClientRect().width"
    assert page.evaluate(width) < 1080
    page.keyboard.press("z")
    assert page.evaluate(width) == 1080
    page.keyboard.press("z")
    assert page.evaluate(width) < 1080


def test_a_banner_is_seen_pixel_by_pixel_and_the_chosen_point_stays(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(ad(served, looked_at, "yuzu", "en-US", "iab.mrec"))
    picture, scale = page.locator("#canvas img"), page.locator("#scale")
    expect(scale).to_have_text("100 %")  # smaller than its room: as large as it is
    box = picture.bounding_box()
    assert box
    at = (box["x"] + 0.8 * box["width"], box["y"] + 0.7 * box["height"])
    page.mouse.click(*at)
    expect(scale).to_have_text("200 %")
    box = picture.bounding_box()
    assert box and box["width"] == 600, "still smaller than its room, so in the middle of it"
    share = ((at[0] - box["x"]) / box["width"], (at[1] - box["y"]) / box["height"])
    page.mouse.click(*at)
    expect(scale).to_have_text("400 %")
    box = picture.bounding_box()
    assert box and box["width"] == 1200
    assert ((at[0] - box["x"]) / box["width"], (at[1] - box["y"]) / box["height"]) == pytest.approx(share, abs=0.01)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + 60, at[1] + 30, steps=3)
    page.mouse.up()
    moved = picture.bounding_box()
    assert moved and (moved["x"] - box["x"], moved["y"] - box["y"]) == pytest.approx((60, 30), abs=1), "dragged, not zoomed"
    for key, told in (("-", "200 %"), ("+", "400 %"), ("Escape", "100 %"), ("z", "200 %"), ("z", "100 %")):
        page.keyboard.press(key)
        expect(scale).to_have_text(told)
    assert not seen.errors


def test_a_comment_is_pinned_by_keys_alone(served: Portal, seen: Visit, looked_at: str) -> None:
    path = ad(served, looked_at, "yuzu", "en-US", "iab.mrec")
    page = seen.go(path)
    page.keyboard.press("p")
    expect(page.locator("#aim")).to_be_focused()
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert page.url.endswith(path), "arrows move the cross, not the page"
    page.keyboard.press("Enter")
    expect(page.locator("#comment textarea")).to_be_focused()
    expect(page.locator("#aim")).to_be_hidden()
    page.keyboard.type("Is this claim proven?")
    with page.expect_navigation():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    (said,) = [m for m in served.http.get(f"/v1{path}/comments").json()["items"] if m["text"].startswith("Is this claim")]
    assert (said["x"], said["y"]) == pytest.approx((0.71, 0.4), abs=0.001)
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    expect(page.locator("#aim")).to_be_hidden()


def test_the_keys_are_listed_on_every_page(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(f"/campaigns/{looked_at}")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Choose for a comparison")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("[data-opens=keys]").click()
    expect(page.locator("#keys")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("phone", [False, True])
def test_findings_stand_where_they_are_and_each_number_leads_to_its_own(
    served: Portal, chrome: Browser, looked_at: str, language: str, phone: bool
) -> None:
    path = ad(served, looked_at, "elder", "ar-SA", "iab.mrec")
    rects = [one["rect"] for one in served.http.get("/v1/findings", params={"creative": path.rpartition("/")[2]}).json()["items"] if one["rect"]]
    corners = [tuple(rect[:2]) for rect in rects]
    assert len(corners) > len(set(corners)), "several findings at one corner"
    with visit(chrome, served.url, language=language, phone=phone) as visitor:
        page = visitor.go(path)
        canvas = page.locator("#canvas img").bounding_box()
        assert canvas
        scale = canvas["width"] / 300
        for rect, box in zip(rects, [one.bounding_box() for one in page.locator("#findings .box").all()], strict=True):
            assert box and abs(box["x"] - canvas["x"] - rect[0] * scale) < 2 and abs(box["y"] - canvas["y"] - rect[1] * scale) < 2
        numbers = page.locator("#findings .box b").all()
        boxes = [one.bounding_box() for one in numbers]
        for one, two in combinations(boxes, 2):
            assert one and two and max(abs(one["x"] - two["x"]), abs(one["y"] - two["y"])) >= 24, "numbers lie on each other"
        for number in numbers:
            page.evaluate("scrollTo(0, 0)")
            number.click()  # fails where another one lies on it
            said = page.locator(".finding", has=page.locator(f"xpath=./b[text()='{number.inner_text()}']"))
            expect(said).to_be_in_viewport()
        page.keyboard.press("f")
        expect(page.locator("#findings .box").first).to_be_hidden()
        assert not visitor.errors


def test_what_the_platform_covers_is_drawn_over_the_ad(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(ad(served, looked_at, "yuzu", "en-US", "meta.stories.9x16"))
    (story,) = [one for one in served.http.get("/v1/placements").json()["items"] if one["id"] == "meta.stories.9x16"]
    expect(page.locator("#safe")).to_be_hidden()
    page.keyboard.press("s")
    canvas, free = page.locator("#canvas img").bounding_box(), page.locator("#safe .safe").bounding_box()
    assert canvas and free
    for side, got in (("top", (free["y"] - canvas["y"]) / canvas["height"]), ("left", (free["x"] - canvas["x"]) / canvas["width"])):
        assert got == pytest.approx(story["safe"][side], abs=0.01)
    expect(page.locator("#safe .mock").first).to_be_visible()
    expect(page.locator("#safe")).to_contain_text("name, close, progress")


def test_it_is_told_in_plain_words_what_is_wrong_and_what_to_do(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(ad(served, looked_at, "elder", "ar-SA", "iab.mrec"))
    expect(page.locator("section", has_text="What led here").last).to_contain_text("It breaks a rule and should not be delivered as it is.")
    finding = page.locator(".finding.fail").first
    expect(finding).to_contain_text("which is forbidden")
    expect(finding).to_contain_text("other words, or a change of the brand's list")
    page = seen.go(ad(served, looked_at, "yuzu", "ar-SA", "iab.mrec"))
    expect(page.locator(".finding", has_text="still in the source language")).to_have_count(1)


def test_two_ads_are_picked_by_keys_and_compared_to_the_pixel(served: Portal, seen: Visit, looked_at: str) -> None:
    page = seen.go(f"/campaigns/{looked_at}?product=yuzu&placement=iab.mrec")
    ads = page.locator("#wall .ad .open")
    ads.first.focus()
    page.keyboard.press("c")
    expect(page.locator("#tray")).to_contain_text("1 / 2")
    ads.nth(1).click(modifiers=["Shift"])
    with page.expect_navigation():
        page.locator("#tray").get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Slider").click()
    page.locator("#at").focus()
    before = page.locator("#versus").evaluate("one => one.style.getPropertyValue('--at')")
    page.keyboard.press("End")
    assert page.locator("#versus").evaluate("one => one.style.getPropertyValue('--at')") == "100%" != before
    page.get_by_role("button", name="Difference").click()
    expect(page.locator("#differs")).to_contain_text("of the pixels differ")
    a, b = (_pixels(served, one) for one in re.findall(r"cre_[0-9A-Z]{26}", page.url))
    share = 100 * float((np.abs(a - b).max(axis=2) > 8).mean())
    told = float(page.locator("#differs").inner_text().split()[0])
    assert told == pytest.approx(share, abs=0.2), "what the page counts is what differs"
    assert _red(page) == pytest.approx(share, abs=0.2), "and these pixels are red"
    expect(page.locator("main table")).to_contain_text("Wake up the afternoon")
    same = page.url.partition("a=")[2].partition("&")[0]
    seen.go(f"/compare?a={same}&b={same}")
    page.get_by_role("button", name="Difference").click()
    expect(page.locator("#differs")).to_have_text("Not one pixel differs.")


@pytest.mark.parametrize(("phone", "language"), [(False, "en"), (True, "en"), (True, "ar")])
def test_what_is_compared_keeps_its_shape_and_the_divider_is_where_one_drags(
    served: Portal, chrome: Browser, looked_at: str, phone: bool, language: str
) -> None:
    one, two = (ad(served, looked_at, "yuzu", locale, "iab.mrec").rpartition("/")[2] for locale in ("en-US", "ar-SA"))
    tall = ad(served, looked_at, "yuzu", "en-US", "meta.stories.9x16").rpartition("/")[2]
    with visit(chrome, served.url, phone=phone, language=language) as visitor:
        page = visitor.go(f"/compare?a={one}&b={two}")
        boxes = "[...document.querySelectorAll('#versus img')].map(i => i.getBoundingClientRect()).map(b => [b.x, b.y, b.width, b.height])"
        for key in ("1", "2"):
            page.keyboard.press(key)
            for _, _, width, height in page.evaluate(boxes):
                assert width > 100 and width / height == pytest.approx(300 / 250, abs=0.02), "it keeps its shape"
        (x, y, width, height), other = page.evaluate(boxes)
        assert [x, y, width, height] == pytest.approx(other), "the two lie on each other"
        page.mouse.click(x + 0.25 * width, y + height / 2)
        split = float(page.locator("#versus").evaluate("one => one.style.getPropertyValue('--at')").rstrip("%"))
        assert split == pytest.approx(25, abs=4)
        page.goto(f"/compare?a={one}&b={tall}")
        page.keyboard.press("2")
        (left, top, wide, high), (left_two, top_two, wide_two, high_two) = page.evaluate(boxes)
        assert wide / high == pytest.approx(300 / 250, abs=0.03) and wide_two / high_two == pytest.approx(9 / 16, abs=0.01)
        assert (left, top) == pytest.approx((left_two, top_two)), "laid at the top left, in one scale"
        assert wide / wide_two == pytest.approx(300 / 1080, abs=0.01)
        assert not visitor.errors


def test_two_ads_are_chosen_by_touch(served: Portal, chrome: Browser, looked_at: str) -> None:
    with visit(chrome, served.url, phone=True) as visitor:
        page = visitor.go(f"/campaigns/{looked_at}?product=yuzu&placement=iab.mrec")
        page.get_by_role("button", name="Compare").first.tap()
        expect(page.locator("#tray")).to_contain_text("Choose two ads")
        ads = page.locator("#wall .ad .open")
        ads.first.tap()
        ads.nth(1).tap()
        expect(page.locator("#tray")).to_contain_text("2 / 2")
        with page.expect_navigation():
            page.locator("#tray").get_by_role("button", name="Compare").tap()
        assert "/compare?a=cre_" in page.url and not visitor.errors


def _pixels(served: Portal, id: str) -> np.ndarray:
    url = served.http.get(f"/v1/creatives/{id}").json()["file_url"]
    return np.asarray(Image.open(io.BytesIO(served.http.get(url).content)).convert("RGB")).astype(int)


def _red(page: Page) -> float:
    """Per cent of the drawn difference that is red."""
    count = """one => { const d = one.getContext('2d').getImageData(0, 0, one.width, one.height).data; let n = 0;
      for (let i = 0; i < d.length; i += 4) if (d[i] === 208 && d[i + 1] === 32 && d[i + 2] === 56) n += 1;
      return 400 * n / d.length; }"""
    return float(page.locator("#difference").evaluate(count))
