"""A slim can in a satin label, with condensation."""

from __future__ import annotations

import math
import random
from pathlib import Path

import bpy
import packshots
import studio

ASPECT = 0.41
UNIT = 1 / 4.97
"""The profile below is drawn with a body radius of 1; a packshot is one unit high."""


def build(label: Path) -> None:
    """Stand the can on the origin and light it."""
    metal = packshots.surface("metal", color=(0.83, 0.84, 0.85), Metallic=1.0, Roughness=0.2)
    printed = packshots.surface("label", picture=label, Metallic=0.0, Roughness=0.36, Coat_Weight=0.6,
                                Coat_Roughness=0.12)
    packshots.lathe("base", _scaled(packshots.rounded(
        [(0.0, 0.12, 0), (0.60, 0.10, 0.1), (0.74, 0.0, 0.06), (0.80, 0.0, 0.03), (0.93, 0.13, 0.06), (0.945, 0.17, 0)])), metal)
    packshots.lathe("body", _scaled(_body()), printed)
    packshots.lathe("lid", _scaled(packshots.rounded(
        [(0.842, 4.76, 0), (0.825, 4.83, 0.03), (0.885, 4.88, 0.03), (0.885, 4.965, 0.04), (0.84, 4.97, 0.03),
         (0.80, 4.86, 0.04), (0.0, 4.86, 0)])), metal)
    _condensation()
    _light()


def _scaled(profile: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(radius * UNIT, z * UNIT) for radius, z in profile]


def _body() -> list[tuple[float, float]]:
    corners = [(0.945, 0.17, 0), (1.0, 0.42, 0.22), (1.0, 4.26, 0.30), (0.90, 4.62, 0.2), (0.842, 4.76, 0)]
    return packshots.rounded(corners, steps=16)


def _condensation() -> None:
    water = packshots.surface("water", color=(1, 1, 1), Roughness=0.0, IOR=1.33, Transmission_Weight=1.0)
    bpy.ops.mesh.primitive_uv_sphere_add(radius=1, segments=24, ring_count=12)
    drop = bpy.context.object
    drop.data.materials.append(water)
    drop.data.polygons.foreach_set("use_smooth", [True] * len(drop.data.polygons))
    for turn, z, size in _drops(random.Random(5)):
        thing = studio.link(bpy.data.objects.new("drop", drop.data))
        thing.location = (UNIT * math.cos(turn), UNIT * math.sin(turn), z * UNIT)
        thing.rotation_euler = (0, 0, turn)
        thing.visible_shadow = False  # without caustics a drop would darken what lies under it
        thing.scale = (size * 0.5, size, size * 1.12)
    bpy.data.objects.remove(drop)


def _drops(chance: random.Random) -> list[tuple[float, float, float]]:
    found: list[tuple[float, float, float]] = []
    while len(found) < 300:
        turn, z = chance.uniform(math.pi, math.tau), chance.uniform(0.45, 4.2)
        size = UNIT * min(0.010 + chance.paretovariate(2.2) * 0.0085, 0.050)
        near = any(abs(turn - t) + abs(z - h) < (size + s) / UNIT * 1.3 for t, h, s in found)
        if not near:
            found.append((turn, z, size))
    return found


def _light() -> None:
    # The label is lit from so high that the front of the can mirrors none of it; strips draw the shape.
    middle = (0, 0, 0.5)
    studio.softbox((-0.8, -2.2, 3.3), middle, size=(1.6, 1.6), energy=118, color=(1.0, 0.98, 0.95))
    studio.softbox((-1.45, -0.75, 0.62), middle, size=(0.34, 1.5), energy=17, color=(1.0, 0.97, 0.93))
    studio.softbox((1.5, -0.35, 0.6), middle, size=(0.16, 1.5), energy=9, color=(0.94, 0.97, 1.0))
    studio.softbox((-0.75, 1.3, 0.8), middle, size=(0.5, 1.4), energy=5)
    studio.softbox((0.95, 1.2, 0.8), middle, size=(0.5, 1.4), energy=5)
    studio.sky(0.13)
