"""Stones and raked sand: a flat boulder to stand on, stacked pebbles, slow rings in the sand, soft morning sun."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import bpy
import studio
from framing import Framing

NAME = "Stones and raked sand"
MOOD = ("natural", "quiet", "balanced", "organic", "sustainable", "pure", "mindful")
MATERIALS = ("wall", "sand", "rock", "pebble", "accent")
ROLES = {"wall": "surface", "sand": "surface-2", "rock": "paper", "pebble": "secondary", "accent": "primary"}
LIGHT = {"azimuth_deg": -40.0, "elevation_deg": 42.0, "softness_deg": 4.0}
SHADOW = {"softness": 0.35, "strength": 0.45}

WALL_Y = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One class: height of the sand, half width of the boulder, stacked and lying pebbles as (x, y, size, base)."""

    sand: float
    rock: float
    stack: tuple[float, float, float]
    lying: tuple[tuple[float, float, float], ...]


SHAPES = {
    "square": Shape(sand=-0.11, rock=0.42, stack=(0.315, 0.44, 0.10), lying=((-0.46, 0.40, 0.085),)),
    "portrait": Shape(sand=-0.10, rock=0.50, stack=(0.55, 0.42, 0.14), lying=((-0.62, 0.60, 0.13), (0.60, -0.35, 0.07))),
    "tall": Shape(sand=-0.11, rock=0.52, stack=(0.52, 0.46, 0.13), lying=((-0.52, 0.62, 0.12), (0.34, -0.95, 0.08))),
    "wide": Shape(sand=-0.09, rock=0.50, stack=(0.54, 0.42, 0.13), lying=((-0.62, 0.66, 0.12),)),
    "banner": Shape(sand=-0.04, rock=0.55, stack=(0.70, 0.42, 0.15), lying=((-0.75, 0.55, 0.12), (1.0, 0.30, 0.09))),
    "skyscraper": Shape(sand=-0.09, rock=0.335, stack=(0.27, 0.44, 0.08), lying=((-0.28, 0.5, 0.07), (0.20, -0.85, 0.045))),
}


def floor(aspect: str) -> float:
    """Return the height of the sand in this class."""
    return SHAPES[aspect].sand


def build(framing: Framing, aspect: str) -> None:
    """Build the set for one aspect class."""
    shape = SHAPES[aspect]
    wall, rock, pebble, accent = (studio.neutral(i) for i in (0, 2, 3, 4))
    sand = studio.neutral(1, roughness=0.9, specular=0.1)
    studio.room(shape.sand - 0.5, WALL_Y, floor=wall, wall=wall)
    _sand(shape, sand)
    _boulder(shape, rock)
    x, y, size = shape.stack
    level = shape.sand - size * 0.12
    for number, share in enumerate((1.0, 0.74, 0.50)):
        radii = (size * share, size * share * 0.86, size * share * 0.46)
        shift = (0.0, -0.10, 0.05)[number] * size
        studio.pebble(f"stack-{number}", radii, (x + shift, y), level, (pebble, rock, accent)[number], turn_deg=40 * number)
        level += 2 * radii[2] * 0.97
    for number, (at_x, at_y, radius) in enumerate(shape.lying):
        radii = (radius, radius * 0.8, radius * 0.5)
        studio.pebble(f"lying-{number}", radii, (at_x, at_y), shape.sand - radius * 0.2,
                      (pebble, accent)[number % 2], turn_deg=25)
    _light()


def _boulder(shape: Shape, material: object) -> None:
    # A superellipse keeps the top flat enough to stand on and the edge soft; a little noise makes it a found thing.
    chance, rings, turns = random.Random(4), 40, 160
    bumps = [(chance.uniform(0, math.tau), chance.choice((2, 3, 5)), chance.uniform(0.006, 0.018)) for _ in range(5)]
    deep, points = 0.30, []
    for ring in range(rings + 1):
        fall = math.pi * ring / rings
        reach, lift = abs(math.sin(fall)) ** 0.42, math.copysign(abs(math.cos(fall)) ** 0.42, math.cos(fall))
        for turn in range(turns):
            angle = math.tau * turn / turns
            swell = 1 + sum(size * math.sin(count * angle + phase) for phase, count, size in bumps)
            points.append((shape.rock * reach * swell * math.cos(angle), shape.rock * 0.86 * reach * swell * math.sin(angle),
                           deep / 2 * lift - deep / 2))
    faces = [(r * turns + t, (r + 1) * turns + t, (r + 1) * turns + (t + 1) % turns, r * turns + (t + 1) % turns)
             for r in range(rings) for t in range(turns)]
    studio.mesh("boulder", points, faces, material, smooth=True)


def _sand(shape: Shape, material: bpy.types.Material) -> None:
    far = 30.0
    z = shape.sand
    studio.mesh("sand", [(-far, -far, z), (far, -far, z), (far, WALL_Y, z), (-far, WALL_Y, z)], [(0, 1, 2, 3)], material)
    tree = material.node_tree
    place = tree.nodes.new("ShaderNodeTexCoord")
    waves = tree.nodes.new("ShaderNodeTexWave")
    waves.wave_type, waves.rings_direction, waves.wave_profile = "RINGS", "Z", "SIN"
    for name, value in (("Scale", 2.2), ("Distortion", 1.1), ("Detail", 1.0)):
        waves.inputs[name].default_value = value
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 0.3, 0.05
    tree.links.new(place.outputs["Object"], waves.inputs["Vector"])
    tree.links.new(waves.outputs["Fac"], bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], tree.nodes["Principled BSDF"].inputs["Normal"])


def _light() -> None:
    toward_sun = studio.sun_direction(LIGHT["azimuth_deg"], LIGHT["elevation_deg"])
    studio.sun(**LIGHT, energy=2.6)
    studio.sky(0.5, (0.92, 0.96, 1.0))
    studio.softbox((4, -5, 4), (0, 0, 0.4), size=(5, 5), energy=100)
    studio.frond((1.3, WALL_Y, 0.5), toward_sun, distance=3.4, length=1.5, turn_deg=120, leaflets=10, width=0.13)
