"""Gradient sweep: floor and wall meet in one soft curve, a pool of light behind the hero, nothing else but a disc."""

from __future__ import annotations

import math

import studio
from framing import Framing

NAME = "Gradient sweep"
MOOD = ("minimal", "soft", "modern", "clean", "elegant", "sleek", "simple", "precise", "professional")
MATERIALS = ("sweep", "disc", "glow", "ball")
ROLES = {"sweep": "surface", "disc": "paper", "glow": "surface-2", "ball": "accent"}
LIGHT = {"azimuth_deg": -28.0, "elevation_deg": 58.0, "softness_deg": 14.0}
SHADOW = {"softness": 0.5, "strength": 0.35}

WALL_Y, CURVE = 1.7, 1.15
FLOORS = {"square": -0.10, "portrait": -0.10, "tall": -0.12, "wide": -0.30, "banner": -0.20, "skyscraper": -0.10}
RADII = {"square": 0.43, "portrait": 0.47, "tall": 0.54, "wide": 0.50, "banner": 0.60, "skyscraper": 0.33}
GLOWS = {"square": (0.42, 0.52), "portrait": (0.66, 0.44), "tall": (0.64, 0.50), "wide": (0.56, 0.56),
         "banner": (0.52, 0.54), "skyscraper": (0.34, 0.62)}
"""Apparent radius and height of the middle of the luminous disc on the wall behind the hero."""


def floor(aspect: str) -> float:
    """Return the height of the floor in this class."""
    return FLOORS[aspect]


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    sweep, disc, glow, ball = (studio.neutral(i) for i in range(4))
    _cove(FLOORS[aspect], sweep)
    studio.cylinder("disc", RADII[aspect], bottom=FLOORS[aspect], top=0.0, material=disc, bevel=0.02)
    radius, height = GLOWS[aspect]
    studio.prism("glow", studio.circle(radius, (0.0, height)), axis="y", start=0.56, end=0.62, material=glow, bevel=0.012)
    size = RADII[aspect] * 0.17
    studio.sphere("ball", size, (RADII[aspect] * 0.64, RADII[aspect] * 0.40), 0.0, ball)
    _light(aspect)


def _cove(floor_z: float, material: object) -> None:
    far, steps = 30.0, 48
    profile = [(-far, floor_z), (WALL_Y - CURVE, floor_z)]
    for step in range(1, steps + 1):
        turn = math.pi / 2 * step / steps
        profile.append((WALL_Y - CURVE + CURVE * math.sin(turn), floor_z + CURVE - CURVE * math.cos(turn)))
    profile.append((WALL_Y, far))
    points = [(x, y, z) for y, z in profile for x in (-far, far)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(profile) - 1)]
    studio.mesh("cove", points, faces, material, smooth=True)


def _light(aspect: str) -> None:
    studio.sun(**LIGHT, energy=1.7)
    studio.sky(0.50)
    studio.softbox((-3.5, -4.5, 4.5), (0, 0, 0.4), size=(4, 4), energy=150)
    studio.spot((0.9, -4.2, 4.2), (0.2, 1.2, 0.55), angle_deg=36, energy=210, radius=1.2)
    studio.spot((-0.6, -1.5, 4.5), (0.0, 0.0, 0.0), angle_deg=26, energy=110, radius=0.8)
