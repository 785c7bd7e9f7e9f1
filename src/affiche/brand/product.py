"""A brand in the colours of one product: the ground and the accent follow the product, everything that identifies stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from affiche.brand.model import Brand
from affiche.values.color import Color

#: A wall darker than this (OKLab L) swallows the product's own dark parts; it is mixed with paper up to this lightness.
_LIGHTEST_DARK = 0.62


def in_colors_of(brand: Brand, colors: Sequence[str]) -> Brand:
    """`brand` with `surface` from the lightest and `accent` from the other of a product's colours (hex; others ignored).

    Primary, ink and paper stay, so that logo, buttons and type look the same over the whole range.
    """
    given = [color for color in (_parsed(text) for text in colors) if color is not None]
    if not given:
        return brand
    by_light = sorted(given, key=lambda color: color.oklab[0])
    surface = _lit(by_light[-1], brand.colors["paper"])
    accent = by_light[0] if len(by_light) > 1 else brand.colors["accent"]
    if accent == brand.colors["primary"]:
        accent = brand.colors["accent"]
    return replace(brand, colors={**brand.colors, "surface": surface, "accent": accent})


def _parsed(text: str) -> Color | None:
    try:
        color = Color.parse(text)
    except ValueError:
        return None
    return Color(color.r, color.g, color.b)


def _lit(color: Color, paper: Color) -> Color:
    lightness, light = color.oklab[0], paper.oklab[0]
    if lightness >= _LIGHTEST_DARK or light <= lightness:
        return color
    return color.mixed(paper, (_LIGHTEST_DARK - lightness) / (light - lightness))
