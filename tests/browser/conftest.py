"""One server with a built campaign and one browser for all of the portal's tests; what changes things makes its own campaign."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.kit_portal import Portal, browser, portal


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A server of its own."""
    with portal(tmp_path_factory.mktemp("portal") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The system's browser."""
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def campaign(served: Portal) -> str:
    """A campaign of six creatives that is built; nobody changes it."""
    return served.campaign()
