"""A campaign's page that is open while it is built for the first time shows its ads by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.kit_portal import Portal, visit

pytestmark = pytest.mark.browser


def test_the_ads_of_a_first_build_come_without_a_load(served: Portal, chrome: Browser) -> None:
    campaign = served.campaign(build=False)
    served.http.post("/v1/runs", json={"campaign": campaign}).raise_for_status()
    with visit(chrome, served.url) as seen:
        page = seen.go(f"/campaigns/{campaign}")
        expect(page.locator("#wall .ad")).to_have_count(6, timeout=30_000)
        expect(page.locator("#actions").get_by_role("link", name="Download")).to_be_visible()
        expect(page.locator("#actions").get_by_role("button", name="Build")).to_be_visible()
        assert not seen.errors
