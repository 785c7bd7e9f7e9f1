"""Grounds: how light or dark it is behind a text, which brand colour to set type in, and how much scrim that needs.

Estimates from values alone (palette, tone raster of the picture); the rule `text.contrast` measures the pixels afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from affiche.ports import TONE_GRID, PictureInfo
from affiche.values.color import Color, contrast, to_linear
from affiche.values.geometry import Rect

#: Contrast aimed at: above WCAG's 4.5 (text) and 3.0 (large text), because grounds are estimates.
TEXT_CONTRAST = 5.0
LARGE_CONTRAST = 4.0

#: How far the light of a studio set may fall below and rise above even light on its calm wall.
SET_LIGHT = (0.72, 1.12)


@dataclass(frozen=True, slots=True)
class Ground:
    """The range of relative luminance (0..1) behind something, and its usual colour when there is one."""

    dark: float
    light: float
    color: Color | None = None

    def contrast(self, color: Color) -> float:
        """The worst contrast of `color` anywhere on this ground."""
        luminance = color.luminance
        if self.dark <= luminance <= self.light:
            return 1.0
        return min(contrast(luminance, self.dark), contrast(luminance, self.light))


def solid(color: Color) -> Ground:
    """The ground of an even colour."""
    return Ground(color.luminance, color.luminance, color)


def lit(color: Color) -> Ground:
    """The ground of a set's wall painted in `color`."""
    luminance = color.luminance
    return Ground(luminance * SET_LIGHT[0], min(1.0, luminance * SET_LIGHT[1]), color)


def pictured(picture: PictureInfo, source: Rect, drawn: Rect, region: Rect) -> Ground:
    """The ground of the part of a photograph (its `source` drawn into `drawn`) that lies under `region`, px of the canvas."""
    cells = list(_cells(picture, source, drawn, region))
    if not cells:
        return Ground(0.0, 1.0)
    # The 20 % darkest and lightest cells would make every photograph look unusable: type covers a few cells only.
    darks, lights = sorted(d for d, _ in cells), sorted(v for _, v in cells)
    dark, light = darks[len(darks) // 5], lights[-1 - len(lights) // 5]
    return Ground(to_linear(dark), to_linear(light))


def _cells(picture: PictureInfo, source: Rect, drawn: Rect, region: Rect) -> Iterable[tuple[int, int]]:
    if not picture.lights or drawn.area <= 0:
        return
    bounds, part = picture.bounds, region.intersection(drawn)
    scale_x, scale_y = source.width / drawn.width, source.height / drawn.height
    left = (source.x + (part.x - drawn.x) * scale_x - bounds.x) / bounds.width
    top = (source.y + (part.y - drawn.y) * scale_y - bounds.y) / bounds.height
    right, bottom = left + part.width * scale_x / bounds.width, top + part.height * scale_y / bounds.height
    for row in range(_cell(top), _cell(bottom) + 1):
        for column in range(_cell(left), _cell(right) + 1):
            at = row * TONE_GRID + column
            yield picture.darks[at], picture.lights[at]


def _cell(fraction: float) -> int:
    return min(TONE_GRID - 1, max(0, int(fraction * TONE_GRID - 1e-6)))


def pick(colors: Mapping[str, Color], roles: Iterable[str], ground: Ground, needed: float) -> Color:
    """The first of the brand's `roles` with `needed` contrast on `ground`; else the best of them, else near black or white."""
    candidates = [colors[role] for role in dict.fromkeys((*roles, "ink", "paper"))]
    for color in candidates:
        if ground.contrast(color) >= needed:
            return color
    best = max((*candidates, Color(16, 16, 18), Color(255, 255, 255)), key=ground.contrast)
    return best


@dataclass(frozen=True, slots=True)
class Scrim:
    """How strongly (`alpha` 0..1) a veil of `color` must lie on a photograph so that `text` is readable on it."""

    color: Color
    text: Color
    alpha: float
    ground: Ground


def scrim_for(ground: Ground, colors: Mapping[str, Color], needed: float) -> Scrim:
    """The weakest scrim, dark with light type or light with dark type; alpha 0 when none is needed."""
    dark = colors["ink"] if colors["ink"].luminance < 0.06 else Color(14, 15, 18)
    light = colors["paper"] if colors["paper"].luminance > 0.75 else Color(255, 255, 255)
    options = (_raised(ground, dark, light, needed), _raised(ground, light, dark, needed))
    # A dark veil looks natural on most photographs; a light one must save a good deal to be preferred.
    return options[0] if options[0].alpha <= options[1].alpha + 0.12 else options[1]


def _raised(ground: Ground, veil: Color, text: Color, needed: float) -> Scrim:
    for step in range(0, 19):
        alpha = step * 0.05
        veiled = Ground(_veiled(ground.dark, veil, alpha), _veiled(ground.light, veil, alpha))
        if veiled.contrast(text) >= needed:
            break
    return Scrim(veil, text, alpha, veiled)


def _veiled(luminance: float, veil: Color, alpha: float) -> float:
    """Luminance after blending in sRGB-coded values, as painters do."""
    coded = (luminance * 12.92 if luminance <= 0.0031308 else 1.055 * luminance ** (1 / 2.4) - 0.055) * 255
    over = veil.luminance
    veil_coded = (over * 12.92 if over <= 0.0031308 else 1.055 * over ** (1 / 2.4) - 0.055) * 255
    return to_linear(coded * (1 - alpha) + veil_coded * alpha)
