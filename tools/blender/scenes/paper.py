"""Cut paper: hills of thick paper one behind the other, a paper sun, the hero on a stack of paper rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import props
import studio
from framing import Framing

NAME = "Cut paper"
MOOD = ("playful", "bright", "crafted", "fun", "colourful", "colorful", "young", "youthful", "lively")
MATERIALS = ("wall", "floor", "far-hill", "mid-hill", "near-hill", "sun", "round")
ROLES = {"wall": "surface", "floor": "surface-2", "far-hill": "surface-2", "mid-hill": "secondary",
         "near-hill": "primary", "sun": "paper", "round": "accent"}
LIGHT = {"azimuth_deg": -40.0, "elevation_deg": 48.0, "softness_deg": 5.0}
SHADOW = {"softness": 0.35, "strength": 0.4}

WALL_Y, DEPTHS = 1.24, (1.06, 0.90, 0.74)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: floor, radius of the top round, sun as apparent radius and height, hills from far to near.

    A hill is (apparent height in the middle, rise to the left, rise to the right); `reach` is where rises end.
    """

    floor: float
    round: float
    sun: tuple[float, float, float]
    hills: tuple[tuple[float, float, float], ...]
    reach: tuple[float, float]


SHAPES = {
    "square": Shape(floor=-0.30, round=0.43, sun=(0.03, 0.80, 0.33), reach=(2.0, 0.62),
                    hills=((0.03, 0.0, 0.70), (-0.005, 0.0, 0.44), (-0.04, 0.0, 0.22))),
    "portrait": Shape(floor=-0.30, round=0.47, sun=(0.0, 0.52, 0.46), reach=(1.0, 1.0),
                      hills=((0.12, 0.42, 0.52), (0.06, 0.34, 0.30), (0.0, 0.12, 0.20))),
    "tall": Shape(floor=-0.26, round=0.46, sun=(0.0, 0.54, 0.46), reach=(0.9, 0.9),
                  hills=((0.12, 0.42, 0.52), (0.06, 0.34, 0.30), (0.0, 0.12, 0.20))),
    "wide": Shape(floor=-0.30, round=0.47, sun=(0.0, 0.66, 0.50), reach=(2.0, 0.75),
                  hills=((0.04, 0.0, 0.62), (0.005, 0.0, 0.40), (-0.03, 0.0, 0.20))),
    "banner": Shape(floor=-0.34, round=0.55, sun=(0.0, 0.60, 0.62), reach=(9.0, 1.4),
                    hills=((0.02, 0.0, 0.75), (-0.025, 0.0, 0.50), (-0.06, 0.0, 0.27))),
    "skyscraper": Shape(floor=-0.22, round=0.30, sun=(0.0, 0.70, 0.30), reach=(0.5, 0.5),
                        hills=((0.12, 0.36, 0.46), (0.06, 0.28, 0.24), (0.0, 0.10, 0.16))),
}
STACK = (0.36, 0.24, 0.40)
"""Share of each paper round in the height of the stack, from top to bottom."""


def floor(aspect: str) -> float:
    """Return the height of the floor in this class."""
    return SHAPES[aspect].floor


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, ground, *hills, sun, top = (studio.neutral(i, roughness=0.9, specular=0.1) for i in range(7))
    studio.room(shape.floor, WALL_Y, floor=ground, wall=wall)
    x, z, radius = shape.sun
    props.sheet("sun", studio.circle(radius, (x, z)), WALL_Y - 0.09, sun)
    for number, material in enumerate(hills):
        props.sheet(f"hill-{number}", _hill(shape, number), DEPTHS[number], material)
    _rounds(shape, (sun, top, sun))
    _light()


def _hill(shape: Shape, number: int) -> props.Outline:
    # Every sheet is the same wave moved a little, as if cut from one pattern; it rises away from the hero.
    middle, left, right = shape.hills[number]
    count, start, end = 640, -13.0, 7.0
    ridge = []
    for step in range(count + 1):
        x = start + (end - start) * step / count
        rise = left * _eased((-x - 0.12) / shape.reach[0]) + right * _eased((x + 0.20) / (shape.reach[1] + 0.2))
        swell = 0.018 + 0.10 * rise
        ridge.append((x, middle + rise + swell * math.sin(math.tau * (x / (0.95 + 0.12 * number)) + 2.1 * number)))
    return [(start, -1.2), *ridge, (end, -1.2)]


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _rounds(shape: Shape, materials: tuple[object, ...]) -> None:
    top = 0.0
    for number, (share, material) in enumerate(zip(STACK, materials, strict=True)):
        bottom = top + shape.floor * share
        studio.cylinder(f"round-{number}", shape.round * (1 + 0.13 * number), bottom=bottom, top=top,
                        material=material, bevel=0.006)
        top = bottom


def _light() -> None:
    studio.sun(**LIGHT, energy=2.5)
    studio.sky(0.55)
    studio.softbox((4, -6, 4), (0, 0, 0.4), size=(5, 5), energy=110, color=(0.94, 0.97, 1.0))
    studio.spot((-1.6, -4.5, 5.0), (0.1, 0.5, 0.5), angle_deg=34, energy=140)
