"""docs/rules.md says what the rules say; docs/placements.md names every channel."""

from __future__ import annotations

from pathlib import Path

from affiche.check.document import rules_page
from affiche.check.shipped import channel_profiles
from affiche.placement.catalog import CHANNELS


def test_rules_page_is_current(checkout: Path) -> None:
    written = (checkout / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == rules_page(channel_profiles()), "write it again: affiche.check.document.rules_page"


def test_placements_page_names_every_channel(checkout: Path) -> None:
    page = (checkout / "docs" / "placements.md").read_text(encoding="utf-8")
    assert all(f"`{channel}`" in page for channel in CHANNELS)
