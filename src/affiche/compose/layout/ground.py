"""Grounds: how light or dark it is behind a text, which brand colour to set type in, and how much scrim that needs.

Estimates from values alone (palette, tone raster of the picture); the rule `text.contrast` measures the pixels afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from affiche.ports import TONE_GRID, PictureInfo
from affiche.values.color import Color, contrast, to_linear
from affiche.values.geometry import Rect
from affiche.values.quick import quick

#: Contrast aimed at: above WCAG's 4.5 (text) and 3.0 (large text), because grounds are estimates.
TEXT_CONTRAST = 5.0
LARGE_CONTRAST = 4.0

#: How far the light of a studio set may fall below and rise above even light on its calm wall.
SET_LIGHT = (0.72, 1.12)


@quick
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
        return contrast(luminance, self.dark if luminance < self.dark else self.light)


def solid(color: Color) -> Ground:
    """The ground of an even colour."""
    return Ground(color.luminance, color.luminance, color)


def lit(color: Color) -> Ground:
    """The ground of a set's wall painted in `color`."""
    luminance = color.luminance
    return Ground(luminance * SET_LIGHT[0], min(1.0, luminance * SET_LIGHT[1]), color)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A photograph as shown: its part `source` (px of the picture) drawn into `drawn` (px, left-to-right coordinates).

    `mirrored_in` is the width of the canvas when the layout is mirrored later: positions flip then, the picture does not.
    """

    picture: PictureInfo
    source: Rect
    drawn: Rect
    mirrored_in: float = 0.0

    def ground(self, region: Rect) -> Ground:
        """How dark and light it is under `region`."""
        cells = self._cells(region)
        if not cells:
            return Ground(0.0, 1.0)
        # Without the 20 % darkest and lightest cells: type covers few cells, and every photograph has both extremes.
        darks, lights = sorted(d for d, _ in cells), sorted(v for _, v in cells)
        return Ground(to_linear(darks[len(darks) // 5]), to_linear(lights[-1 - len(lights) // 5]))

    def unrest(self, region: Rect) -> float:
        """How restless it is under `region`: 0 an even wall, 1 black and white confetti (or unknown).

        Contrast inside the cells of the tone raster and between them; detail and large forms disturb type alike.
        """
        cells = self._cells(region)
        if not cells:
            return 1.0
        inside = sum(light - dark for dark, light in cells) / len(cells) / 255
        middles = [(dark + light) / 510 for dark, light in cells]
        mean = sum(middles) / len(middles)
        between = (sum((m - mean) ** 2 for m in middles) / len(middles)) ** 0.5
        return float(min(1.0, inside + between))

    def _cells(self, region: Rect) -> list[tuple[int, int]]:
        if not self.picture.lights or self.drawn.area <= 0:
            return []
        drawn, part = self.drawn, region
        if self.mirrored_in:
            drawn, part = drawn.mirrored(self.mirrored_in), part.mirrored(self.mirrored_in)
        part = part.intersection(drawn)
        bounds, scale_x, scale_y = self.picture.bounds, self.source.width / drawn.width, self.source.height / drawn.height
        left = (self.source.x + (part.x - drawn.x) * scale_x - bounds.x) / bounds.width
        top = (self.source.y + (part.y - drawn.y) * scale_y - bounds.y) / bounds.height
        right, bottom = left + part.width * scale_x / bounds.width, top + part.height * scale_y / bounds.height
        rows, columns = range(_cell(top), _cell(bottom) + 1), range(_cell(left), _cell(right) + 1)
        at = [row * TONE_GRID + column for row in rows for column in columns]
        return [(self.picture.darks[i], self.picture.lights[i]) for i in at]


def _cell(fraction: float) -> int:
    return min(TONE_GRID - 1, max(0, int(fraction * TONE_GRID - 1e-6)))


def pick(colors: Mapping[str, Color], roles: Iterable[str], ground: Ground, needed: float) -> Color:
    """The first of the brand's `roles` with `needed` contrast on `ground`; else the best of them, else near black or white."""
    candidates = [colors[role] for role in (*roles, "ink", "paper")]
    for color in candidates:
        if ground.contrast(color) >= needed:
            return color
    return max((*candidates, Color(16, 16, 18), Color(255, 255, 255)), key=ground.contrast)


@dataclass(frozen=True, slots=True)
class Scrim:
    """How strongly (`alpha` 0..1) a veil of `color` must lie on a photograph so that `text` is readable on it."""

    color: Color
    text: Color
    alpha: float
    ground: Ground


#: The least veil under type on a photograph: even where contrast alone would do, restless ground tires the eye.
_CALM_VEIL, _RESTLESS_VEIL, _MOST_VEIL = 0.12, 0.85, 0.7
#: On a ground this light and this calm dark type on a light veil looks natural; elsewhere the veil is dark.
_LIGHT_GROUND, _CALM = 0.42, 0.3


def scrim_for(view: View, region: Rect, colors: Mapping[str, Color], needed: float) -> Scrim:
    """The weakest scrim that makes type readable: dark with light type, or light with dark type on a light and calm ground."""
    ground, unrest = view.ground(region), view.unrest(region)
    dark = colors["ink"] if colors["ink"].luminance < 0.06 else Color(14, 15, 18)
    light = colors["paper"] if colors["paper"].luminance > 0.75 else Color(255, 255, 255)
    veil, text = (light, dark) if ground.dark > _LIGHT_GROUND and unrest < _CALM else (dark, light)
    return _raised(ground, veil, text, needed, _least(unrest))


def scrim_again(planned: Scrim, view: View, region: Rect, needed: float) -> Scrim:
    """The planned kind of scrim, as strong as the region really needs."""
    return _raised(view.ground(region), planned.color, planned.text, needed, _least(view.unrest(region)))


def _least(unrest: float) -> float:
    return min(_MOST_VEIL, _CALM_VEIL + _RESTLESS_VEIL * unrest)


def _raised(ground: Ground, veil: Color, text: Color, needed: float, least: float) -> Scrim:
    for step in range(19):
        alpha = max(least, step * 0.05)
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
