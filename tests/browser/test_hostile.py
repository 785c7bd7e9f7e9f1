"""Names, words, remarks and files that are programs: the portal shows them as what they are, and nothing of them runs."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, expect

from tests.browser.kit_portal import BRIEF, Portal, settle, visit

pytestmark = pytest.mark.browser

#: Runs wherever it gets into a page as markup: `hit` is told to the test by the browser itself.
EVIL = '"\'><img src=x onerror="hit()"><script>hit()</script>'
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64" onload="hit()">
<script>hit()</script><foreignObject width="64" height="64"><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="hit()"/></foreignObject>
<rect width="64" height="64" fill="#0B3D2E"/></svg>
"""
PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><path d="M8 8h48v48h-48z" fill="#0B3D2E"/></svg>'
NAME = "<img src=x onerror=hit()>.svg"


def brief() -> str:
    """The kit's brief with a program wherever people write a name or words."""
    evil = json.dumps(EVIL)
    text = BRIEF.replace("Summer Yuzu", evil).replace("Sparkling Yuzu}", f"{evil}}}").replace("name: Aurora", f"name: {evil}")
    return text.replace("headline: Wake up the afternoon", f"headline: {evil}").replace("campaign: summer-yuzu", "campaign: hostile")


def test_names_words_remarks_and_drawings_run_nothing(served: Portal, chrome: Browser, tmp_path: Path) -> None:
    campaign = served.campaign(brief())
    ad = served.creatives(campaign)[0]["id"]
    served.http.post(f"/v1/creatives/{ad}/comments", json={"text": EVIL}).raise_for_status()
    hits: list[str] = []
    with visit(chrome, served.url) as seen:
        seen.context.expose_binding("hit", lambda source: hits.append(source["page"].url))
        seen.page.on("dialog", lambda dialog: _heard(hits, dialog))
        page = seen.go("/library")
        asset = _dropped(page, tmp_path)
        assert [line for line in seen.errors if "status of 422" not in line] == [], "the refusal alone"
        seen.errors.clear()
        for path in ("/", f"/campaigns/{campaign}", f"/campaigns/{campaign}/brief", f"/creatives/{ad}", f"/review?campaign={campaign}",
                     f"/review/swipe?campaign={campaign}", "/brands", "/activity", "/library", asset):  # fmt: skip
            settle(seen.go(path))
            assert page.locator("img[onerror], main script").count() == 0, f"{path} holds what was written as markup"
        seen.go(f"/creatives/{ad}")
        expect(page.locator(".comment").first).to_contain_text(EVIL)
        assert not hits and not seen.errors, (hits, seen.errors)
        stored = served.http.get(f"/v1/assets/{asset.rpartition('/')[2]}").json()
        with page.expect_download() as coming, suppress(Error):
            page.goto(stored["file_url"])  # by itself a drawing is a file to keep, never a page of the portal's own address
        assert coming.value.url == served.url + stored["file_url"].removeprefix(served.url) and not hits
        page.goto("about:blank")
        page.set_content(EVIL + DRAWING)
        page.wait_for_timeout(500)
        assert len(hits) >= 3, "these programs do run where nobody keeps them from it"


def _dropped(page: Page, folder: Path) -> str:
    """Where the harmless drawing is shown: both have a name that is a program, the one that is a program is refused."""
    (folder / "bad").mkdir()
    for file, text, state in ((folder / "bad" / NAME, DRAWING, "refused"), (folder / NAME, PLAIN, "stored")):
        file.write_text(text)
        page.locator("[data-uploads] input[type=file]").set_input_files(file)
        row = page.locator(f"#uploads li[data-state={state}]")
        expect(row.locator("b")).to_have_text(NAME, timeout=60_000)
    expect(page.locator("#uploads li[data-state=refused] span")).to_contain_text("contains the script")
    return str(row.locator("a").get_attribute("href"))


def _heard(hits: list[str], dialog: Dialog) -> None:
    hits.append(dialog.message)
    dialog.dismiss()
