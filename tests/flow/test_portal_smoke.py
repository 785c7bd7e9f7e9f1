"""The main flow in a real browser on a real server: drop a brief, see the plan, build, look, approve, download.

Each flow by itself, themes, languages, phones and accessibility are in tests/browser (`./run browser`).
"""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.kit_portal import CANDIDATES, browser, chromium, portal, visit

BRIEF = """\
affiche: 1
campaign: smoke
name: Smoke without fire
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
markets: [{region: US, locales: [en-US]}]
products: [{id: yuzu, name: Sparkling Yuzu}]
placements: [iab-medium-rectangle]
"""


@pytest.fixture(autouse=True)
def _has_a_browser() -> None:
    coming = os.environ.get("AFFICHE_TEST_BROWSER_COMING", "")
    while coming and Path(coming).exists():
        time.sleep(0.5)
    try:
        chromium()
    except AssertionError:
        pytest.skip(f"NOT RUN: no browser ({', '.join(CANDIDATES)}); ./run browser installs one and runs these flows too")


@pytest.mark.slow
def test_from_a_dropped_brief_to_a_delivery(tmp_path: Path) -> None:
    brief = tmp_path / "smoke.yaml"
    brief.write_text(BRIEF)
    with portal(tmp_path / "home") as served, browser() as chrome, visit(chrome, served.url) as seen:
        page = seen.go("/start")
        page.locator("input[type=file][name=file]").set_input_files(brief)
        expect(page.locator("#brief input[name=name]")).to_have_value("Smoke without fire", timeout=60_000)
        expect(page.locator("#aside img").first).to_be_visible(timeout=60_000)
        page.locator("button[name=build]").click()
        page.wait_for_url("**/campaigns/cmp_*")
        campaign = page.url.rpartition("/")[2]
        served.built(campaign)
        seen.go(f"/campaigns/{campaign}")
        page.locator("#wall .ad a.open").first.click(timeout=60_000)
        page.wait_for_url("**/creatives/*")
        with page.expect_navigation():
            page.locator("button[value=approved]").first.click()
        said = page.locator("main").inner_text()[:400]
        assert served.creatives(campaign)[0]["approved"], f"the click is a decision in the registry; the page says {said!r}"
        seen.go(f"/campaigns/{campaign}/packages")
        page.locator("select[name=kind]").select_option("delivery")
        page.locator("main form:has(select[name=kind]) button").click()
        with page.expect_download() as coming:
            page.locator("main a[href*='/v1/packages/']").first.click()
        with zipfile.ZipFile(coming.value.path()) as packed:
            assert [name for name in packed.namelist() if name.endswith((".jpg", ".png"))], packed.namelist()
        assert not seen.errors
