"""Long bench: a row of products on a bench as wide as the picture, a half disc like a rising sun behind the middle one.

The only set made for line-ups: nothing on the bench stands in a neighbour's way, and it may be as wide as it likes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import studio
from framing import Framing, Overscan

NAME, MOOD = "Long bench", ("wide", "fresh", "sunlit")
MATERIALS = ("wall", "bench", "disc")
ROLES = {"wall": "surface", "bench": "surface-2", "disc": "secondary"}
LIGHT = {"azimuth_deg": -36.0, "elevation_deg": 40.0, "softness_deg": 2.2}
SHADOW = {"softness": 0.3, "strength": 0.42}
WARMTH, EXPOSURE, NEUTRALISE = 0.35, 0.96, 0.85
ROW = True

WALL_Y, FRONT, DISC_Y, DISC_DEPTH = 0.78, -0.40, 0.46, 0.07
HORIZON_Y = FRONT

FRAMINGS = {
    "square": Framing(canvas=(1200, 1200), hero=(0.50, 0.82), hero_height=0.45, calm=(0.06, 0.05, 0.88, 0.30)),
    "portrait": Framing(canvas=(1120, 1400), hero=(0.50, 0.83), hero_height=0.45, calm=(0.06, 0.05, 0.88, 0.32)),
    "tall": Framing(
        canvas=(1080, 1920), hero=(0.50, 0.70), hero_height=0.28, calm=(0.06, 0.06, 0.88, 0.34),
        overscan=Overscan(bottom=0.25),
    ),
    "wide": Framing(canvas=(1600, 838), hero=(0.71, 0.85), hero_height=0.72, calm=(0.04, 0.06, 0.44, 0.70)),
    "banner": Framing(canvas=(2000, 400), hero=(0.80, 0.90), hero_height=0.80, calm=(0.03, 0.06, 0.56, 0.74)),
    "skyscraper": Framing(canvas=(480, 1800), hero=(0.50, 0.89), hero_height=0.22, calm=(0.06, 0.05, 0.88, 0.55)),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: radius of the half disc; fronds as x and z where their shadow falls, length and turn in degrees."""

    disc: float
    fronds: tuple[tuple[float, float, float, float], ...]


SHAPES = {
    "square": Shape(disc=0.80, fronds=((1.05, 0.95, 1.15, 222),)),
    "portrait": Shape(disc=0.78, fronds=((0.95, 0.98, 1.15, 222),)),
    "tall": Shape(disc=0.88, fronds=((1.10, 1.06, 1.25, 222),)),
    "wide": Shape(disc=0.64, fronds=((0.92, 0.90, 1.05, 222),)),
    "banner": Shape(disc=0.66, fronds=((1.08, 0.86, 1.0, 222),)),
    "skyscraper": Shape(disc=0.56, fronds=((0.62, 0.90, 0.9, 226),)),
}


def floor(aspect: str) -> float:
    """Return the height of the edge under which small print may lie: the front of the bench."""
    return 0.0


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, bench, disc = (studio.neutral(i) for i in range(3))
    far = 30.0
    corners = [(-far, WALL_Y, -far), (far, WALL_Y, -far), (far, WALL_Y, far), (-far, WALL_Y, far)]
    studio.mesh("wall", corners, [(0, 1, 2, 3)], wall)
    outline = [(-far, FRONT), (far, FRONT), (far, WALL_Y), (-far, WALL_Y)]
    studio.prism("bench", outline, axis="z", start=-far, end=0.0, material=bench, bevel=0.016)
    half = [(shape.disc * math.cos(math.pi * t / 96), shape.disc * math.sin(math.pi * t / 96)) for t in range(97)]
    studio.prism("disc", half, axis="y", start=DISC_Y, end=DISC_Y + DISC_DEPTH, material=disc, bevel=0.012)
    _light(shape)


def _light(shape: Shape) -> None:
    toward_sun = studio.sun_direction(LIGHT["azimuth_deg"], LIGHT["elevation_deg"])
    studio.sun(**LIGHT, energy=2.7, color=(1.0, 0.94, 0.85))
    studio.sky(0.75, (0.95, 0.97, 1.0))
    studio.softbox((-4, -6, 3), (0, 0, 0.2), size=(6, 5), energy=140)
    for x, z, length, turn in shape.fronds:
        studio.frond((x, WALL_Y, z), toward_sun, distance=2.4, length=length, turn_deg=turn, leaflets=9, width=0.065)
