"""The form of a campaign: countries in the language of the page, places in one scale."""

from __future__ import annotations

from typing import Any

import pytest

from affiche import catalogs
from affiche.placement.shipped import shipped_catalog
from affiche.portal.pages.start import GROUPS, _chosen, _groups, _markets, offered
from affiche.portal.words import _table, translator

MARKETS = [{"also": [], "locales": [], "countries": [], **area} for area in catalogs.markets_as_dicts()]


def test_what_is_chosen_comes_first_and_countries_are_named_as_the_page_speaks() -> None:
    rows = _markets(MARKETS, "ja", _chosen({"markets": [{"region": "JP", "locales": ["ja-JP"]}]}, MARKETS))
    assert (rows[0]["value"], rows[0]["country"]) == ("JP:ja-JP", "日本")
    assert "Japan" in rows[0]["words"], "found by its English name, too"
    assert next(row for row in _markets(MARKETS, "de", {}) if row["value"] == "AT:de-AT")["country"] == "Österreich"


def test_no_market_of_a_brief_is_lost_in_the_form() -> None:
    brief = {
        "markets": [
            {"region": "NORTH-AMERICA", "locales": ["en-US", "es-MX"]}, {"region": "US", "locales": ["ko-KR"]}, {"region": "AT"},
        ]
    }  # fmt: skip
    chosen = _chosen(brief, MARKETS)
    assert list(chosen) == ["NORTH-AMERICA:en-US", "NORTH-AMERICA:es-MX", "US:ko-KR", "AT:de-AT"]
    rows = _markets(MARKETS, "de", chosen)
    assert [row["value"] for row in rows[:4]] == list(chosen)
    assert rows[0]["country"] == "Nordamerika"
    assert len({row["value"] for row in rows}) == len(rows)


@pytest.mark.parametrize("language", ["de", "ar", "ja"])
def test_every_group_has_countries_that_can_be_ticked_and_a_name(language: str) -> None:
    boxes = {f"m-{row['id']}" for row in _markets(MARKETS, language, {})}
    groups = _groups(MARKETS, translator(language))
    assert len(groups) == len(GROUPS)
    for group in groups:
        members = set(group["members"].split())
        assert len(members) > 1 and members <= boxes, group
        assert group["name"] in _table(language).values()


def test_places_of_a_channel_stand_in_one_scale() -> None:
    placements: list[dict[str, Any]] = [catalogs.placement_as_dict(place) for place in shipped_catalog().all()]
    banners = {place["size"]: place for place in dict(offered(placements, []))["iab"]}
    board, box, strip = (banners[size] for size in ("970 × 250", "300 × 250", "320 × 50"))
    assert board["w"] / box["w"] == pytest.approx(970 / 300, rel=0.06)
    assert strip["w"] > box["w"] and strip["h"] < box["h"] / 3
    for _, places in offered(placements, ["1:1"]):
        assert all(place["w"] <= 112 and place["h"] <= 80 for place in places)
