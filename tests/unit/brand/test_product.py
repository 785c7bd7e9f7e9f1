"""Product colours: the wall follows the product, what identifies the brand stays."""

from __future__ import annotations

import pytest

from affiche.brand.product import in_colors_of
from affiche.values.color import Color
from tests.unit.compose.requests import BRAND


def test_the_lightest_colour_becomes_the_wall_and_the_other_the_accent() -> None:
    made = in_colors_of(BRAND, ("#5B1020", "#F0714A"))
    assert made.colors["surface"].hex == "#F0714A" and made.colors["accent"].hex == "#5B1020"
    assert all(made.colors[role] == BRAND.colors[role] for role in ("primary", "secondary", "ink", "paper"))


def test_a_dark_product_gets_a_lighter_wall_so_that_it_shows() -> None:
    made = in_colors_of(BRAND, ("#101020",))
    assert made.colors["surface"].oklab[0] >= 0.6
    assert made.colors["accent"] == BRAND.colors["accent"]


def test_the_brand_colour_is_no_accent_beside_itself() -> None:
    made = in_colors_of(BRAND, ("#0F5C4E", "#F6B83C"))
    assert made.colors["accent"] == BRAND.colors["accent"]


@pytest.mark.parametrize("colors", [(), ("ocean blue",)])
def test_no_usable_colour_changes_nothing(colors: tuple[str, ...]) -> None:
    assert in_colors_of(BRAND, colors) is BRAND


def test_transparency_is_ignored() -> None:
    assert in_colors_of(BRAND, ("#C9DDB880",)).colors["surface"] == Color.parse("#C9DDB8")
