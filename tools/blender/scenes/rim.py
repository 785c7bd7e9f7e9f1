"""Dark studio: light from behind draws edges, a lamp ring and its glow on a falling-off backdrop, a satin floor."""

from __future__ import annotations

from dataclasses import dataclass

import props
import studio
from framing import CAMERA_DISTANCE, Framing

NAME = "Rim light"
MOOD = ("premium", "tech", "night", "luxurious", "exclusive", "innovative", "powerful", "futuristic", "dark")
MATERIALS = ("wall", "floor", "podium", "plinth", "halo", "line")
ROLES = {"wall": "surface", "floor": "surface", "podium": "secondary", "plinth": "surface-2", "halo": "accent",
         "line": "accent"}
LIGHT = {"azimuth_deg": -24.0, "elevation_deg": 62.0, "softness_deg": 12.0}
SHADOW = {"softness": 0.6, "strength": 0.5}
EXPOSURE = 0.66

WALL_Y, HALO_Y = 1.15, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: floor, radii of podium and plinth and the step between them, ring as apparent height and radius.

    `fills` is the number of soft lights side by side that keep the wall under the words even.
    """

    floor: float
    podium: float
    plinth: tuple[float, float]
    halo: tuple[float, float]
    fills: int = 1


SHAPES = {
    "square": Shape(floor=-0.26, podium=0.42, plinth=(0.50, -0.13), halo=(0.78, 0.335)),
    "portrait": Shape(floor=-0.26, podium=0.46, plinth=(0.56, -0.13), halo=(0.50, 0.50)),
    "tall": Shape(floor=-0.24, podium=0.45, plinth=(0.55, -0.12), halo=(0.52, 0.50)),
    "wide": Shape(floor=-0.26, podium=0.46, plinth=(0.56, -0.12), halo=(0.60, 0.54)),
    "banner": Shape(floor=-0.30, podium=0.52, plinth=(0.64, -0.10), halo=(0.55, 0.62), fills=3),
    "skyscraper": Shape(floor=-0.20, podium=0.29, plinth=(0.335, -0.10), halo=(0.72, 0.31)),
}


def floor(aspect: str) -> float:
    """Return the height of the floor in this class."""
    return SHAPES[aspect].floor


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall = studio.neutral(0, roughness=0.9, specular=0.1)
    ground = studio.neutral(1, roughness=0.32, specular=0.5)
    podium, plinth = (studio.neutral(i, roughness=0.3, specular=0.7) for i in (2, 3))
    halo, line = props.lamp(4, 0.9, throw=8.0), props.lamp(5, 0.8, throw=2.5)
    studio.room(shape.floor, WALL_Y, floor=ground, wall=wall)
    radius, step = shape.plinth
    studio.cylinder("podium", shape.podium, bottom=step, top=0.0, material=podium, bevel=0.018)
    studio.cylinder("plinth", radius, bottom=shape.floor, top=step, material=plinth, bevel=0.018)
    props.ring("line", shape.podium + 0.006, (0, 0, step + 0.008), 0.008, line, lying=True)
    grow = (CAMERA_DISTANCE + HALO_Y) / CAMERA_DISTANCE
    (_, height), = props.behind([(0.0, shape.halo[0])], HALO_Y)
    props.ring("halo", shape.halo[1] * grow, (0, HALO_Y, height), 0.017, halo)
    _light(height, shape.fills)


def _light(height: float, fills: int) -> None:
    studio.sky(0.09, (0.90, 0.95, 1.0))
    # Narrow spots from beside and behind draw the edges of the podium and leave the wall alone.
    for side, energy in ((-1, 330.0), (1, 230.0)):
        studio.spot((side * 2.4, 0.95, 1.0), (0.0, -0.05, -0.06), angle_deg=24, energy=energy, radius=0.2)
    studio.spot((0.0, -4.0, 3.4), (0.0, WALL_Y, height), angle_deg=28, energy=280, radius=0.8)
    studio.spot((-0.8, -2.4, 4.4), (0.0, 0.0, 0.0), angle_deg=24, energy=160, radius=0.9)
    for number in range(fills):
        x = -1.2 - 3.0 * number
        studio.softbox((x - 2.8, -6, 4), (x, 0.8, 0.6), size=(6, 6), energy=110)
