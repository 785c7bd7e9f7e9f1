"""Podium and arch: a graphic portal in soft afternoon sun, the hero on a two-step podium in front of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import studio
from framing import CAMERA_DISTANCE, CAMERA_HEIGHT, Framing

NAME = "Podium and arch"
MOOD = ("bold", "sunny", "energetic", "confident", "optimistic", "summery")
MATERIALS = ("wall", "floor", "podium", "plinth", "arch", "niche", "accent")
ROLES = {"wall": "surface", "floor": "surface-2", "podium": "primary", "plinth": "paper", "arch": "primary",
         "niche": "surface-2", "accent": "accent"}
LIGHT = {"azimuth_deg": -42.0, "elevation_deg": 46.0, "softness_deg": 3.2}
SHADOW = {"softness": 0.3, "strength": 0.45}

WALL_Y, ARCH_Y = 1.05, 0.62


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: apparent half width and top of the arch, radii and heights of the steps, balls, palm shadow.

    Balls are (radius, x, y, what they lie on); the palm is the point of the wall that its shadow falls on, and its
    length. All in hero heights.
    """

    floor: float
    half: float
    top: float
    band: float
    podium: float
    plinth: tuple[float, float]
    balls: tuple[tuple[float, float, float, str], ...]
    palm: tuple[float, float, float]


SHAPES = {
    "square": Shape(floor=-0.30, half=0.345, top=1.17, band=0.055, podium=0.42, plinth=(0.54, -0.15),
                    balls=((0.075, 0.265, 0.19, "podium"),), palm=(0.50, 0.70, 1.15)),
    "portrait": Shape(floor=-0.30, half=0.60, top=1.08, band=0.08, podium=0.47, plinth=(0.66, -0.12),
                      balls=((0.10, 0.27, 0.24, "podium"), (0.05, 0.53, -0.16, "plinth")), palm=(0.84, 0.16, 0.75)),
    "tall": Shape(floor=-0.24, half=0.55, top=1.12, band=0.075, podium=0.46, plinth=(0.60, -0.13),
                  balls=((0.10, 0.27, 0.24, "podium"), (0.05, 0.40, -0.78, "floor")), palm=(0.82, 0.16, 0.75)),
    "wide": Shape(floor=-0.30, half=0.52, top=1.12, band=0.07, podium=0.46, plinth=(0.64, -0.10),
                  balls=((0.09, 0.27, 0.24, "podium"),), palm=(0.74, 0.60, 1.1)),
    "banner": Shape(floor=-0.34, half=0.56, top=1.05, band=0.07, podium=0.52, plinth=(0.80, -0.055),
                    balls=((0.10, 0.30, 0.26, "podium"),), palm=(1.0, 0.5, 0.9)),
    "skyscraper": Shape(floor=-0.20, half=0.315, top=1.11, band=0.045, podium=0.29, plinth=(0.345, -0.12),
                        balls=((0.055, 0.19, 0.14, "podium"),), palm=(0.36, 0.22, 0.6)),
}


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, floor, podium, plinth, arch, niche, accent = (studio.neutral(i) for i in range(7))
    studio.room(shape.floor, WALL_Y, floor=floor, wall=wall)
    radius, step = shape.plinth
    studio.cylinder("podium", shape.podium, bottom=step, top=0.0, material=podium)
    studio.cylinder("plinth", radius, bottom=shape.floor, top=step, material=plinth)
    _portal(shape, arch=arch, niche=niche)
    levels = {"podium": 0.0, "plinth": step, "floor": shape.floor}
    for number, (size, x, y, rests_on) in enumerate(shape.balls):
        studio.sphere(f"ball-{number}", size, (x, y), levels[rests_on], accent)
    _light(shape)


def floor(aspect: str) -> float:
    """Return the height of the floor in this class."""
    return SHAPES[aspect].floor


def _portal(shape: Shape, *, arch: object, niche: object) -> None:
    # The portal stands behind the hero, where perspective makes it smaller: sizes are given as they appear.
    grow = (CAMERA_DISTANCE + ARCH_Y) / CAMERA_DISTANCE
    outer, top = shape.half * grow, CAMERA_HEIGHT + (shape.top - CAMERA_HEIGHT) * grow
    inner = outer - shape.band * grow
    spring = top - outer
    outside, inside = (_half_round(radius, spring, shape.floor) for radius in (outer, inner))
    studio.prism("arch", [*outside, *inside[::-1]], axis="y", start=ARCH_Y, end=ARCH_Y + 0.22, material=arch)
    studio.prism("niche", inside, axis="y", start=ARCH_Y + 0.15, end=ARCH_Y + 0.20, material=niche, bevel=0)


def _half_round(radius: float, spring: float, floor: float, count: int = 96) -> list[tuple[float, float]]:
    turns = (math.pi * i / count for i in range(count + 1))
    curve = [(-radius * math.cos(t), spring + radius * math.sin(t)) for t in turns]
    return [(-radius, floor), *curve, (radius, floor)]


def _light(shape: Shape) -> None:
    studio.sun(**LIGHT, energy=2.7)
    studio.sky(0.42)
    studio.softbox((4, -6, 4), (0, 0, 0.4), size=(5, 5), energy=110, color=(0.94, 0.97, 1.0))
    studio.spot((-1.6, -4.5, 5.0), (0.1, 0.5, 0.5), angle_deg=34, energy=240)
    toward_sun = studio.sun_direction(LIGHT["azimuth_deg"], LIGHT["elevation_deg"])
    x, z, length = shape.palm
    studio.frond((x, WALL_Y, z), toward_sun, distance=1.9, length=length, turn_deg=128, leaflets=11,
                 width=0.075 * length)
