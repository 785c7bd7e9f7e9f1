"""The library: files dropped by the dozen and in parts, what is known is recognised; found by words and colour; alike, rights, versions, uses."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.kit_pictures import EXAMPLES, flat, heavy, patch
from tests.browser.kit_portal import BRIEF, Portal, Visit, portal, settle, visit

pytestmark = pytest.mark.browser

_PATIENCE_MS = 120_000
_MANY = 40
#: Drops files on the zone as a person does who drags them from a folder: [name, base64] each.
_DROP = """(zone, files) => {
  const held = new DataTransfer();
  for (const [name, text] of files) held.items.add(new File([Uint8Array.from(atob(text), one => one.charCodeAt(0))], name, {type: 'image/png'}));
  for (const kind of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A library of its own: the tests count what is in it."""
    with portal(tmp_path_factory.mktemp("library") / "home", "--local", "--no-work") as running:
        yield running


@pytest.fixture
def seen(house: Portal, chrome: Browser) -> Iterator[Visit]:
    with visit(chrome, house.url) as visitor:
        yield visitor
        assert not visitor.errors


def drop(page: Page, files: Mapping[str, bytes]) -> None:
    page.locator("[data-uploads]").evaluate(_DROP, [[name, base64.b64encode(data).decode()] for name, data in files.items()])


def arrived(page: Page, state: str, count: int) -> list[str]:
    """Where those files are shown that came to that state, once there are so many."""
    rows = page.locator(f"#uploads li[data-state={state}]")
    expect(rows).to_have_count(count, timeout=_PATIENCE_MS)
    return [str(link.get_attribute("href")) for link in rows.locator("a").all()]


def stored(house: Portal, name: str, data: bytes) -> str:
    answer = house.http.post("/v1/assets", params={"name": name, "reuse": "true"}, content=data)
    assert answer.status_code < 300, answer.text
    return str(answer.json()["id"])


def names(page: Page) -> set[str]:
    settle(page)
    return set(page.locator(".tiles > .tile b").all_inner_texts())


def search(page: Page, words: str, color: str = "") -> set[str]:
    page.locator(".seek input[name=text]").fill(words)
    page.locator(".seek input[name=by_color]").set_checked(bool(color), force=True)
    if color:
        page.locator(".seek input[name=color]").fill(color)
    with page.expect_navigation():
        page.locator(".seek button").click()
    return names(page)


def test_dozens_are_dropped_and_what_is_there_is_recognised(house: Portal, seen: Visit) -> None:
    many = {f"patch {n}.png": patch(n) for n in range(_MANY)}
    page = seen.go("/library")
    drop(page, many)
    expect(page.locator("#uploads [data-sum]")).to_have_text(f"{_MANY} of {_MANY} done", timeout=_PATIENCE_MS)
    arrived(page, "stored", _MANY)
    expect(page.locator("#found .tile")).to_have_count(_MANY)  # what came is there, without a click
    expect(page.locator("#found")).not_to_contain_text("Nothing here yet")
    drop(page, {"the same again.png": many["patch 7.png"], "new.png": patch(1000)})
    (known,) = arrived(page, "known", 1)
    expect(page.locator("#uploads li[data-state=known]")).to_contain_text("was here already")
    assert house.http.get(f"/v1/assets/{known.rpartition('/')[2]}").json()["name"] == "patch 7.png"
    with page.expect_navigation():
        page.get_by_role("link", name="Show them").click()
    assert names(page) == {*many, "new.png"}
    drop(page, {"notes.png": b"these are words"})
    arrived(page, "refused", 1)
    seen.errors[:] = [line for line in seen.errors if "status of 422" not in line]


def test_a_large_file_goes_on_where_the_connection_broke(house: Portal, seen: Visit, tmp_path: Path) -> None:
    data = heavy(9_000_000)
    (tmp_path / "large.png").write_bytes(data)
    offsets: list[str] = []

    def carried(route: Route) -> None:
        if route.request.method == "POST":
            offsets.append(route.request.headers["upload-offset"])
            if len(offsets) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page = seen.go("/library")
    page.route("**/library/uploads/upl_*", carried)
    page.locator("[data-uploads] input[type=file]").set_input_files(tmp_path / "large.png")
    (place,) = arrived(page, "stored", 1)
    asset = house.http.get(f"/v1/assets/{place.rpartition('/')[2]}").json()
    assert asset["bytes"] == len(data)
    assert offsets == ["0", "4000000", "4000000", "8000000"], "what had arrived was not sent again"
    seen.errors[:] = [line for line in seen.errors if "ERR_CONNECTION_RESET" not in line]


def test_pictures_are_found_by_words_tags_and_colour(house: Portal, seen: Visit) -> None:
    stored(house, "Red wall.png", flat((200, 30, 40)))
    blue = stored(house, "Blue wall.png", flat((30, 60, 200)))
    page = seen.go(f"/library/{blue}")
    page.locator("form[action$='/tags'] input[name=tags]").fill("Meer, سماء")
    with page.expect_navigation():
        page.locator("form[action$='/tags'] button").click()
    seen.go("/library")
    assert search(page, "wall") == {"Red wall.png", "Blue wall.png"}
    assert search(page, "سماء") == {"Blue wall.png"}
    assert search(page, "wall", "#2040C0") == {"Blue wall.png"}
    assert search(page, "no such thing") == set()
    expect(page.locator("main")).to_contain_text("Choose fewer filters.")
    seen.go(f"/library/{blue}")
    page.get_by_role("link", name="Meer").click()
    page.wait_for_url("**tag=Meer*")
    assert names(page) == {"Blue wall.png"}


def test_a_copy_is_told_when_it_comes_and_stands_beside_its_original(house: Portal, seen: Visit) -> None:
    original = (EXAMPLES / "yuzu.png").read_bytes()
    id = stored(house, "yuzu.png", original)
    picture = Image.open(io.BytesIO(original))
    small = io.BytesIO()
    picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(small, "PNG")
    page = seen.go("/library")
    drop(page, {"smaller.png": small.getvalue()})
    (place,) = arrived(page, "stored", 1)
    expect(page.locator("#uploads li")).to_contain_text("it looks like a copy of another one")
    seen.go(place)
    alike = page.locator(f".tiles.small a[href='/library/{id}']")
    expect(alike.locator(".badge")).to_have_text("a copy")
    with page.expect_navigation():
        alike.click()
    expect(page.locator("h1")).to_have_text("yuzu.png")


def test_rights_that_end_are_told_and_filtered(house: Portal, seen: Visit) -> None:
    for name, days in (("ended.png", -2), ("ending.png", 9)):
        day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
        page = seen.go(f"/library/{stored(house, name, patch(2000 + days))}")
        page.locator("input[name=holder]").fill("Foto Blau")
        page.locator("input[name=licence]").fill("Print and web, Europe")
        page.locator("input[name=expires]").fill(day)
        with page.expect_navigation():
            page.locator("form[action$='/rights'] button").click()
        expect(page.locator("input[name=holder]")).to_have_value("Foto Blau")
        expect(page.locator(".note.error")).to_have_count(1 if days < 0 else 0)
    page = seen.go("/library?rights=expired")
    assert names(page) == {"ended.png"}
    expect(page.locator(".tile .badge")).to_have_text("rights expired")
    page = seen.go("/library?rights=soon")
    assert names(page) == {"ending.png"}
    expect(page.locator(".tile .badge")).to_contain_text("until")


def test_a_new_version_follows_the_old_one_whose_uses_stay(house: Portal, seen: Visit, tmp_path: Path) -> None:
    first = stored(house, "can.png", patch(3000))
    made = house.campaign(BRIEF.replace("Sparkling Yuzu}", f"Sparkling Yuzu, picture: {first}}}"), build=False)
    (tmp_path / "can, retouched.png").write_bytes(patch(3001))
    page = seen.go(f"/library/{first}")
    with page.expect_navigation():
        page.locator("form:has([name=replaces]) input[type=file]").set_input_files(tmp_path / "can, retouched.png")
    newer = page.url.rpartition("/")[2]
    assert newer != first and house.http.get(f"/v1/assets/{newer}").json()["version"] == 2
    expect(page.locator("section", has_text="Versions").last).to_contain_text("version 1")
    expect(page.locator("main")).to_contain_text("No campaign and no brand names it.")
    page = seen.go(f"/library/{first}")
    expect(page.get_by_role("link", name="There is a newer version")).to_have_attribute("href", f"/library/{newer}")
    with page.expect_navigation():
        page.locator("section", has_text="Used in").last.get_by_role("link", name="Summer Yuzu").click()
    assert page.url.endswith(made)
