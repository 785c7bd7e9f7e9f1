"""Where the camera stands for each aspect class, in units of one hero height.

Role: pure numbers shared by every set: canvas size, overscan, where the hero stands, where words will sit.
No bpy here, so that `export.py` and `tint.py` can read it too. Next: `studio.py` builds a scene from it.
"""

from __future__ import annotations

from dataclasses import dataclass

CAMERA_DISTANCE = 6.0
"""Hero heights between lens and hero: a long lens, so that packshots made at the same distance sit right."""

CAMERA_HEIGHT = 1.13
"""Height of the level camera over the podium top: it looks 6 degrees down on the middle of the hero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overscan:
    """Extra picture around the canvas, as fractions of the canvas width (sides) and height (top, bottom)."""

    side: float = 0.15
    top: float = 0.15
    bottom: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """One aspect class: canvas in px, hero base centre and height and calm area in canvas fractions."""

    canvas: tuple[int, int]
    hero: tuple[float, float]
    hero_height: float
    calm: tuple[float, float, float, float]
    overscan: Overscan = Overscan()

    @property
    def margins(self) -> tuple[int, int, int]:
        """Return side, top and bottom overscan in px."""
        width, height = self.canvas
        over = self.overscan
        return round(width * over.side), round(height * over.top), round(height * over.bottom)

    @property
    def size(self) -> tuple[int, int]:
        """Return the size of the render in px."""
        side, top, bottom = self.margins
        return self.canvas[0] + 2 * side, self.canvas[1] + top + bottom

    @property
    def px_per_unit(self) -> float:
        """Return the px of one hero height at the hero's distance."""
        return self.canvas[1] * self.hero_height

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Return left, right, bottom, top of the *canvas* around the hero base, in hero heights."""
        unit = self.px_per_unit
        width, height = self.canvas
        x, y = self.hero[0] * width, self.hero[1] * height
        return -x / unit, (width - x) / unit, (y - height) / unit, y / unit

    @property
    def render_extent(self) -> tuple[float, float, float, float]:
        """Return left, right, bottom, top of the *render* around the hero base, in hero heights."""
        left, right, bottom, top = self.extent
        side, above, below = (margin / self.px_per_unit for margin in self.margins)
        return left - side, right + side, bottom - below, top + above

    def in_render(self, x: float, y: float) -> tuple[float, float]:
        """Return a canvas fraction as a fraction of the render."""
        side, top, _ = self.margins
        width, height = self.size
        return (side + x * self.canvas[0]) / width, (top + y * self.canvas[1]) / height


CLASSES: dict[str, Framing] = {
    "square": Framing(canvas=(1200, 1200), hero=(0.715, 0.86), hero_height=0.62, calm=(0.06, 0.08, 0.44, 0.74)),
    "portrait": Framing(canvas=(1120, 1400), hero=(0.50, 0.90), hero_height=0.47, calm=(0.06, 0.06, 0.88, 0.34)),
    "tall": Framing(
        canvas=(1080, 1920),
        hero=(0.50, 0.80),
        hero_height=0.38,
        calm=(0.06, 0.08, 0.88, 0.30),
        overscan=Overscan(bottom=0.35),
    ),
    "wide": Framing(canvas=(1600, 838), hero=(0.74, 0.90), hero_height=0.74, calm=(0.05, 0.08, 0.45, 0.78)),
    "banner": Framing(canvas=(2000, 267), hero=(0.86, 0.97), hero_height=0.86, calm=(0.03, 0.06, 0.59, 0.80)),
    "skyscraper": Framing(canvas=(480, 1800), hero=(0.50, 0.86), hero_height=0.36, calm=(0.06, 0.05, 0.88, 0.42)),
}
