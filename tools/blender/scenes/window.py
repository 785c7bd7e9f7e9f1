"""Window light: late sun through panes and a branch on a plain wall, the hero on a low slab."""

from __future__ import annotations

from dataclasses import dataclass

import studio
from framing import Framing

NAME = "Window light"
MOOD = ("calm", "warm", "morning", "authentic", "gentle", "unhurried", "sincere")
MATERIALS = ("wall", "floor", "slab", "block", "stone")
ROLES = {"wall": "surface", "floor": "surface", "slab": "surface-2", "block": "secondary", "stone": "primary"}
LIGHT = {"azimuth_deg": -33.0, "elevation_deg": 30.0, "softness_deg": 1.7}
SHADOW = {"softness": 0.22, "strength": 0.5}
WARMTH, EXPOSURE, NEUTRALISE = 0.5, 0.92, 0.95

WALL_Y = 0.80


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: floor, slab as half width, front, back and bottom; block as x, y, half side, top; stone; window."""

    floor: float
    slab: tuple[float, float, float]
    block: tuple[float, float, float, float]
    stone: tuple[float, float, float]
    window: tuple[float, float, float, float]


SHAPES = {
    "square": Shape(floor=-0.30, slab=(0.50, -0.46, 0.50), block=(0.275, 0.32, 0.14, 0.36), stone=(0.31, -0.20, 0.07),
                    window=(0.34, 0.36, 1.10, 1.60)),
    "portrait": Shape(floor=-0.30, slab=(0.62, -0.46, 0.50), block=(0.42, 0.30, 0.17, 0.36), stone=(0.44, -0.20, 0.10),
                      window=(0.30, 0.22, 1.20, 1.45)),
    "tall": Shape(floor=-0.12, slab=(0.56, -0.50, 0.50), block=(0.38, 0.30, 0.17, 0.36), stone=(0.42, -0.26, 0.09),
                  window=(0.30, 0.18, 1.10, 1.50)),
    "wide": Shape(floor=-0.30, slab=(0.60, -0.46, 0.50), block=(0.42, 0.30, 0.17, 0.36), stone=(0.42, -0.16, 0.09),
                  window=(0.36, 0.34, 1.25, 1.60)),
    "banner": Shape(floor=-0.20, slab=(0.70, -0.46, 0.50), block=(0.44, 0.30, 0.17, 0.36), stone=(0.50, -0.05, 0.10),
                    window=(0.40, 0.34, 1.40, 1.60)),
    "skyscraper": Shape(floor=-0.12, slab=(0.34, -0.42, 0.40), block=(0.20, 0.24, 0.11, 0.30),
                        stone=(0.22, -0.24, 0.06), window=(0.30, 0.20, 0.95, 1.45)),
}


def floor(aspect: str) -> float:
    """Return the height of the floor in this class."""
    return SHAPES[aspect].floor


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, ground, slab, block, stone = (studio.neutral(i) for i in range(5))
    studio.room(shape.floor, WALL_Y, floor=ground, wall=wall)
    half, front, back = shape.slab
    _box("slab", (-half, half), (front, back), (shape.floor, 0.0), slab)
    x, y, side, top = shape.block
    _box("block", (x - side, x + side), (y - side, y + side), (0.0, top), block)
    at_x, at_y, size = shape.stone
    studio.pebble("stone", (size, size * 0.8, size * 0.48), (at_x, at_y), 0.0, stone, turn_deg=18)
    _light(shape)


def _box(name: str, xs: tuple[float, float], ys: tuple[float, float], zs: tuple[float, float], material: object) -> None:
    outline = [(xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])]
    studio.prism(name, outline, axis="z", start=zs[0], end=zs[1], material=material, bevel=0.014)


def _light(shape: Shape) -> None:
    toward_sun = studio.sun_direction(LIGHT["azimuth_deg"], LIGHT["elevation_deg"])
    studio.sun(**LIGHT, energy=3.4, color=(1.0, 0.91, 0.79))
    studio.sky(0.62, (0.95, 0.97, 1.0))
    studio.softbox((-4, -5, 4), (0, 0, 0.4), size=(5, 5), energy=90)
    x, z, wide, high = shape.window
    studio.window((x, WALL_Y, z), toward_sun, distance=3.4, size=(wide, high), panes=(2, 3), bar=0.055)
    studio.frond((x + 0.30, WALL_Y, z + 0.50), toward_sun, distance=2.2, length=1.0, turn_deg=222, leaflets=9, width=0.10)
    studio.frond((x + 0.05, WALL_Y, z + 0.78), toward_sun, distance=2.6, length=0.8, turn_deg=250, leaflets=8, width=0.09)
