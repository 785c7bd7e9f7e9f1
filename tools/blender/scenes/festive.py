"""Celebration: discs of light on a warm wall, paper streamers and confetti, small presents, a round two-step stage."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import bpy
import props
import studio
from framing import Framing
from mathutils import Euler, Vector

NAME = "Celebration"
MOOD = ("festive", "joyful", "celebratory", "cheerful")
MATERIALS = ("wall", "floor", "podium", "present", "ribbon", "confetti", "light")
ROLES = {"wall": "surface", "floor": "surface-2", "podium": "primary", "present": "secondary", "ribbon": "accent",
         "confetti": "primary", "light": "paper"}
LIGHT = {"azimuth_deg": -36.0, "elevation_deg": 46.0, "softness_deg": 5.0}
SHADOW = {"softness": 0.4, "strength": 0.42}
WARMTH, NEUTRALISE = 0.5, 0.8

WALL_Y = 1.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: floor, radii and step of the stage, presents, streamers, and where light and confetti may be.

    A present is (x, y, half side, height); a streamer (apparent x, z of its top, length, depth); `air` is an apparent
    left, bottom, right, top.
    """

    floor: float
    podium: float
    plinth: tuple[float, float]
    presents: tuple[tuple[float, float, float, float], ...]
    streamers: tuple[tuple[float, float, float, float], ...]
    air: tuple[float, float, float, float]


SHAPES = {
    "square": Shape(floor=-0.28, podium=0.42, plinth=(0.52, -0.14), presents=((0.38, 0.50, 0.11, 0.40),),
                    streamers=((0.40, 1.62, 0.62, 0.5), (0.27, 1.70, 0.42, 0.7)), air=(-0.26, 0.05, 0.62, 1.45)),
    "portrait": Shape(floor=-0.28, podium=0.46, plinth=(0.58, -0.14),
                      presents=((0.60, 0.50, 0.15, 0.42), (0.80, 0.22, 0.10, 0.24)), streamers=(),
                      air=(-1.0, 0.05, 1.0, 0.98)),
    "tall": Shape(floor=-0.26, podium=0.45, plinth=(0.56, -0.13),
                  presents=((0.54, 0.52, 0.14, 0.40), (0.66, 0.22, 0.09, 0.22)), streamers=(),
                  air=(-0.95, 0.05, 0.95, 1.0)),
    "wide": Shape(floor=-0.28, podium=0.46, plinth=(0.58, -0.13),
                  presents=((0.60, 0.50, 0.14, 0.40), (0.78, 0.24, 0.09, 0.22)),
                  streamers=((0.60, 1.36, 0.50, 0.5), (0.44, 1.42, 0.34, 0.7)), air=(-0.55, 0.05, 0.95, 1.25)),
    "banner": Shape(floor=-0.32, podium=0.54, plinth=(0.70, -0.10),
                    presents=((0.82, 0.50, 0.16, 0.46), (1.06, 0.24, 0.11, 0.26)), streamers=(),
                    air=(-1.6, 0.05, 1.4, 1.2)),
    "skyscraper": Shape(floor=-0.22, podium=0.30, plinth=(0.345, -0.12), presents=((0.28, 0.36, 0.09, 0.26),),
                        streamers=(), air=(-0.45, 0.05, 0.45, 1.02)),
}


def floor(aspect: str) -> float:
    """Return the height of the floor in this class."""
    return SHAPES[aspect].floor


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, ground, podium, present, ribbon, confetti, light = (studio.neutral(i) for i in range(7))
    studio.room(shape.floor, WALL_Y, floor=ground, wall=wall)
    radius, step = shape.plinth
    studio.cylinder("podium", shape.podium, bottom=step, top=0.0, material=podium)
    studio.cylinder("plinth", radius, bottom=shape.floor, top=step, material=light)
    for number, place in enumerate(shape.presents):
        _present(number, place, shape.floor, (present, ribbon) if number % 2 == 0 else (light, ribbon))
    for number, (x, z, length, depth) in enumerate(shape.streamers):
        (at,) = props.behind([(x, z)], depth)
        props.streamer(f"streamer-{number}", (at[0], depth, at[1]), length, (ribbon, present)[number % 2])
    _discs(shape)
    _confetti(shape, (ribbon, confetti, light, present))
    _light()


def _present(number: int, place: tuple[float, float, float, float], floor_z: float, materials: tuple[object, object]) -> None:
    x, y, half, high = place
    box, ribbon = materials
    for name, grow, bottom, top, material in (("box", 0.0, 0.0, 0.80, box), ("lid", 0.012, 0.78, 1.0, box)):
        heights = (floor_z + bottom * high, floor_z + top * high)
        _block(f"{name}-{number}", (x, y), (half + grow, half + grow), heights, material)
    _block(f"band-x-{number}", (x, y), (half + 0.016, half * 0.17), (floor_z, floor_z + high + 0.004), ribbon)
    _block(f"band-y-{number}", (x, y), (half * 0.17, half + 0.016), (floor_z, floor_z + high + 0.004), ribbon)
    for side in (-1, 1):
        _loop(f"bow-{number}-{side}", (x, y, floor_z + high), side, half, ribbon)


def _block(name: str, at: tuple[float, float], half: tuple[float, float], zs: tuple[float, float], material: object) -> None:
    x, y, u, v = *at, *half
    outline = [(x - u, y - v), (x + u, y - v), (x + u, y + v), (x - u, y + v)]
    studio.prism(name, outline, axis="z", start=zs[0], end=zs[1], material=material, bevel=0.005)


def _loop(name: str, knot: studio.Point, side: int, half: float, material: bpy.types.Material) -> None:
    # Half a bow: a band bent into a drop that leans to its side.
    count, points = 32, []
    for step in range(count + 1):
        turn = math.pi * step / count
        reach, lift = math.sin(turn) * half * 0.95, math.sin(2 * turn) * half * 0.34
        x, z = knot[0] + side * reach, knot[2] + 0.01 + 0.42 * reach + lift * 0.8
        points += [(x, knot[1] - half * 0.2, z), (x, knot[1] + half * 0.2, z)]
    studio.mesh(name, points, [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(count)], material, smooth=True)


def _discs(shape: Shape) -> None:
    # Lights far out of focus: discs that let most of the wall through, larger ones fainter, none on top of another.
    chance = random.Random(11)
    left, bottom, right, top = shape.air
    hung: list[tuple[float, float, float]] = []
    for _ in range(round(56 * (right - left) * (top - bottom))):
        radius = chance.choice((0.03, 0.045, 0.06, 0.085, 0.12))
        x, z = chance.uniform(left + radius, right), chance.uniform(bottom, top - radius)
        thinned = chance.random() > _density(shape.air, x, z)
        if thinned or any(math.hypot(x - u, z - v) < 0.82 * (radius + other) for u, v, other in hung):
            continue
        hung.append((x, z, radius))
        veil = props.veil(6, weight=chance.uniform(0.10, 0.22) + 0.008 / radius, strength=0.008 / radius)
        props.disc(f"disc-{len(hung)}", radius, (x, z), WALL_Y - 0.002 - 0.001 * len(hung), veil)


def _density(air: tuple[float, float, float, float], x: float, z: float) -> float:
    # Thins out towards the words, so that the party has no edge.
    left, _, _, top = air
    return min(1.0, (x - left) / 0.7, (top - z) / 0.35)


def _confetti(shape: Shape, materials: tuple[object, ...]) -> None:
    chance = random.Random(5)
    left, bottom, right, top = shape.air
    for number in range(round(36 * (right - left) * (top - bottom))):
        depth = chance.uniform(0.35, 0.9)
        seen = chance.uniform(left, right), chance.uniform(bottom, top)
        ((x, z),) = props.behind([seen], depth)
        tilt = tuple(chance.uniform(0, math.tau) for _ in range(3))
        if chance.random() < _density(shape.air, *seen):
            _piece(f"air-{number}", (x, depth, z), tilt, chance, materials[number % 4])
    for number in range(46):
        x, y = chance.uniform(left * 1.4, right * 1.4), chance.uniform(-1.6, 0.95)
        away = math.hypot(x, y)
        if away > shape.plinth[0] + 0.03:
            tilt = (0.0, 0.0, chance.uniform(0, 6))
            _piece(f"lying-{number}", (x, y, shape.floor + 0.004), tilt, chance, materials[number % 4])


def _piece(name: str, at: studio.Point, tilt: tuple[float, ...], chance: random.Random, material: object) -> None:
    half = chance.uniform(0.014, 0.023)
    outline = studio.circle(half, count=24) if chance.random() < 0.45 else \
        [(-half * 1.5, -half * 0.6), (half * 1.5, -half * 0.6), (half * 1.5, half * 0.6), (-half * 1.5, half * 0.6)]
    turn = Euler(tilt).to_matrix()
    points = [tuple(Vector(at) + turn @ Vector((u, v, 0))) for u, v in outline]
    studio.mesh(name, points, [range(len(points))], material)


def _light() -> None:
    studio.sun(**LIGHT, energy=2.3, color=(1.0, 0.92, 0.80))
    studio.sky(0.50, (0.98, 0.97, 1.0))
    studio.softbox((4, -6, 4), (0, 0, 0.4), size=(5, 5), energy=110, color=(1.0, 0.96, 0.90))
    studio.spot((-1.2, -4.5, 5.0), (0.1, 0.9, 0.6), angle_deg=34, energy=220, color=(1.0, 0.93, 0.82))
