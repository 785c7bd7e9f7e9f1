"""Wall shelf: a long shelf on a two-tone wall in soft daylight, a vase with a few stems, the hero on a round tray."""

from __future__ import annotations

import math
from dataclasses import dataclass

import props
import studio
from framing import Framing

NAME = "Wall shelf"
MOOD = ("homely", "calm", "daylight", "cosy", "cozy", "honest", "trustworthy", "friendly", "approachable")
MATERIALS = ("wall", "dado", "shelf", "tray", "vase", "stem", "bowl")
ROLES = {"wall": "surface", "dado": "surface-2", "shelf": "paper", "tray": "secondary", "vase": "primary",
         "stem": "accent", "bowl": "accent"}
LIGHT = {"azimuth_deg": -46.0, "elevation_deg": 38.0, "softness_deg": 9.0}
SHADOW = {"softness": 0.45, "strength": 0.42}
WARMTH, EXPOSURE, NEUTRALISE = 0.2, 0.95, 0.8

WALL_Y, FRONT, THICK, TRAY = 0.66, -0.50, 0.06, 0.035


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: radius of the tray, vase as x, y, height, bowl as x, y, radius, daylight on the wall.

    Daylight is the middle (x, z), width and height of the window it comes through, `away` how far that hangs: so far
    that its frame, turned to the sun, does not meet the wall within the picture.
    """

    tray: float
    vase: tuple[float, float, float]
    bowl: tuple[float, float, float] | None
    day: tuple[float, float, float, float]
    away: float = 3.6


SHAPES = {
    "square": Shape(tray=0.43, vase=(0.335, 0.36, 0.27), bowl=None, day=(0.62, 0.62, 1.30, 1.50)),
    "portrait": Shape(tray=0.46, vase=(0.64, 0.22, 0.30), bowl=(-0.66, 0.24, 0.12), day=(0.35, -0.20, 2.2, 1.3)),
    "tall": Shape(tray=0.46, vase=(0.58, 0.26, 0.29), bowl=(-0.58, 0.28, 0.11), day=(0.35, -0.20, 2.1, 1.3)),
    "wide": Shape(tray=0.46, vase=(0.52, 0.30, 0.30), bowl=None, day=(0.50, 0.60, 1.6, 1.5)),
    "banner": Shape(tray=0.55, vase=(0.84, 0.20, 0.34), bowl=(-0.95, 0.22, 0.16), day=(0.4, 0.55, 3.0, 2.2), away=11.0),
    "skyscraper": Shape(tray=0.31, vase=(0.245, 0.36, 0.24), bowl=None, day=(0.15, 0.0, 1.2, 1.3)),
}


def floor(aspect: str) -> float:
    """Return the height at which the wall changes its colour: the underside of the shelf."""
    return -TRAY - THICK


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, dado, shelf, tray, vase, stem, bowl = (studio.neutral(i) for i in range(7))
    _walls(wall, dado)
    board = [(-30.0, FRONT), (30.0, FRONT), (30.0, WALL_Y), (-30.0, WALL_Y)]
    studio.prism("shelf", board, axis="z", start=-TRAY - THICK, end=-TRAY, material=shelf, bevel=0.01)
    studio.cylinder("tray", shape.tray, bottom=-TRAY, top=0.0, material=tray, bevel=0.012)
    _vase(shape.vase, vase, stem)
    if shape.bowl:
        x, y, radius = shape.bowl
        props.turned("bowl", _bowl(radius), (x, y), -TRAY, bowl)
    _light(shape)


def _walls(wall: object, dado: object) -> None:
    far, edge = 30.0, -TRAY - THICK
    for name, bottom, top, material in (("wall", edge, far, wall), ("dado", -far, edge, dado)):
        corners = [(-far, WALL_Y, bottom), (far, WALL_Y, bottom), (far, WALL_Y, top), (-far, WALL_Y, top)]
        studio.mesh(name, corners, [(0, 1, 2, 3)], material)


def _vase(place: tuple[float, float, float], vase: object, stem: object) -> None:
    x, y, high = place
    outside = [(0.0, 0.0), (0.20, 0.0), (0.25, 0.02)]
    outside += [(0.25 + 0.17 * math.sin(math.pi * t / 24) ** 0.9 - 0.11 * (t / 24) ** 2, 0.02 + 0.70 * t / 24)
                for t in range(1, 25)]
    outside += [(0.125, 0.80), (0.12, 0.92), (0.15, 1.0), (0.125, 0.995), (0.10, 0.90), (0.10, 0.6)]
    props.turned("vase", [(radius * high, height * high) for radius, height in outside], (x, y), -TRAY, vase)
    for number, (lean, reach) in enumerate(((-0.30, 1.15), (0.10, 1.35), (0.34, 1.0))):
        _stem(number, (x, y, high - TRAY - 0.05), lean * high, reach * high, stem)


def _stem(number: int, root: studio.Point, lean: float, reach: float, material: object) -> None:
    # A dried grass: a thin bent stalk with small seeds that grow larger towards two thirds of the head.
    path = [(root[0] + lean * (t / 20) ** 1.6, root[1] - 0.006 * number, root[2] + reach * t / 20) for t in range(21)]
    props.tube(f"stalk-{number}", path, 0.0045, material)
    for seed in range(9):
        spot = path[11 + seed]
        size = 0.055 * reach * (0.45 + 0.55 * math.sin(math.pi * (seed + 1) / 10))
        at = (spot[0] + (0.4 if seed % 2 else -0.4) * size, spot[1])
        grain = [(0.5 * size * math.sin(math.pi * t / 10), 1.15 * size * (1 - math.cos(math.pi * t / 10))) for t in range(11)]
        props.turned(f"seed-{number}-{seed}", grain, at, spot[2] - size, material, turns=20)


def _bowl(radius: float) -> list[tuple[float, float]]:
    outside = [(0.0, 0.0), (0.42, 0.0), (0.45, 0.05)]
    outside += [(0.45 + 0.55 * math.sin(math.pi / 2 * t / 16), 0.05 + 0.62 * (1 - math.cos(math.pi / 2 * t / 16)))
                for t in range(1, 17)]
    inside = [(0.95 * math.cos(math.pi / 2 * t / 16), 0.67 - 0.5 * math.sin(math.pi / 2 * t / 16)) for t in range(17)]
    return [(r * radius, z * radius) for r, z in [*outside, *inside]]


def _light(shape: Shape) -> None:
    toward_sun = studio.sun_direction(LIGHT["azimuth_deg"], LIGHT["elevation_deg"])
    studio.sun(**LIGHT, energy=1.7, color=(1.0, 0.94, 0.85))
    studio.sky(0.68, (0.95, 0.97, 1.0))
    studio.softbox((-4, -5, 4), (0, 0, 0.4), size=(5, 5), energy=150, color=(0.98, 0.98, 1.0))
    x, z, wide, high = shape.day
    studio.window((x, WALL_Y, z), toward_sun, distance=shape.away, size=(wide, high), panes=(1, 1), bar=0.0)
