"""Things that stand, hang or shine in a set: turned vases, cut paper, streamers, lamps, discs of light on a wall.

Role: shapes and materials that more than one scene may want, made of the verbs of `studio.py`; scenes: `scenes/`.
Units: one hero height; "apparent" sizes are what the camera sees at the hero's distance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import studio
from framing import CAMERA_DISTANCE, CAMERA_HEIGHT

Outline = list[tuple[float, float]]


def behind(outline: Sequence[tuple[float, float]], depth: float) -> Outline:
    """Return apparent (x, z) points as the points `depth` units behind the hero that look like them."""
    grow = (CAMERA_DISTANCE + depth) / CAMERA_DISTANCE
    return [(x * grow, CAMERA_HEIGHT + (z - CAMERA_HEIGHT) * grow) for x, z in outline]


def sheet(name: str, outline: Sequence[tuple[float, float]], depth: float, material: bpy.types.Material, *,
          thickness: float = 0.02) -> bpy.types.Object:
    """Stand a sheet of thick paper, cut along an apparent outline, `depth` units behind the hero."""
    return studio.prism(name, behind(outline, depth), axis="y", start=depth, end=depth + thickness,
                        material=material, bevel=0.004)


def disc(name: str, radius: float, centre: tuple[float, float], depth: float,
         material: bpy.types.Material) -> bpy.types.Object:
    """Hang a flat disc without thickness or shadow; radius and centre are apparent."""
    outline = behind(studio.circle(radius, centre, 96), depth)
    thing = studio.mesh(name, [(x, depth, z) for x, z in outline], [range(len(outline))], material)
    thing.visible_shadow = thing.visible_diffuse = False
    return thing


def turned(name: str, profile: Sequence[tuple[float, float]], at: tuple[float, float], floor: float,
           material: bpy.types.Material, *, turns: int = 128) -> bpy.types.Object:
    """Turn a profile of (radius, height) points on a lathe and stand it on `floor`."""
    points = [(at[0] + radius * math.cos(math.tau * t / turns), at[1] + radius * math.sin(math.tau * t / turns),
               floor + height) for radius, height in profile for t in range(turns)]
    faces = [(r * turns + t, r * turns + (t + 1) % turns, (r + 1) * turns + (t + 1) % turns, (r + 1) * turns + t)
             for r in range(len(profile) - 1) for t in range(turns)]
    return studio.mesh(name, points, faces, material, smooth=True)


def tube(name: str, path: Sequence[studio.Point], radius: float, material: bpy.types.Material, *,
         closed: bool = False) -> bpy.types.Object:
    """Lay a round tube along a path; its open ends taper to a point."""
    data = bpy.data.curves.new(name, "CURVE")
    data.dimensions, data.bevel_depth, data.bevel_resolution = "3D", radius, 4
    spline = data.splines.new("POLY")
    spline.points.add(len(path) - 1)
    for number, (point, place) in enumerate(zip(spline.points, path, strict=True)):
        point.co = (*place, 1)
        point.radius = 1.0 if closed else min(1.0, 0.3 + 4 * min(number, len(path) - 1 - number) / len(path))
    spline.use_cyclic_u = closed
    thing = studio.link(bpy.data.objects.new(name, data))
    data.materials.append(material)
    return thing


def ring(name: str, radius: float, centre: studio.Point, thickness: float, material: bpy.types.Material, *,
         lying: bool = False) -> bpy.types.Object:
    """Add a round tube, standing across the view or lying flat."""
    flat = studio.circle(radius, count=160)
    path = [(centre[0] + u, centre[1] + (v if lying else 0), centre[2] + (0 if lying else v)) for u, v in flat]
    return tube(name, path, thickness, material, closed=True)


def streamer(name: str, top: studio.Point, length: float, material: bpy.types.Material, *, radius: float = 0.05,
             coils: float = 3.5, width: float = 0.04) -> bpy.types.Object:
    """Hang a curled paper streamer that widens and tires towards its end."""
    count = round(48 * coils)
    points = []
    for step in range(count + 1):
        share = step / count
        turn, reach = math.tau * coils * share, radius * (0.7 + 0.5 * share)
        x, y = top[0] + reach * math.cos(turn), top[1] + reach * math.sin(turn)
        z = top[2] - length * share**0.85
        points += [(x, y, z), (x, y, z - width)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(count)]
    return studio.mesh(name, points, faces, material, smooth=True)


def lamp(index: int, strength: float, *, throw: float = 1.0) -> bpy.types.Material:
    """Return the material of mask number `index` that also shines: 1.0 shines as bright as a lit white wall.

    It lights its surroundings `throw` times as strongly as it looks, because thin lamps would not be seen to glow.
    """
    material = studio.neutral(index)
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Emission Color"].default_value = (1, 1, 1, 1)
    seen, power = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMapRange")
    power.inputs["To Min"].default_value = strength * studio.ALBEDO * throw
    power.inputs["To Max"].default_value = strength * studio.ALBEDO
    tree.links.new(seen.outputs["Is Camera Ray"], power.inputs["Value"])
    tree.links.new(power.outputs["Result"], shader.inputs["Emission Strength"])
    return material


def veil(index: int, *, weight: float, strength: float) -> bpy.types.Material:
    """Return a lamp that covers only `weight` of what is behind it (material 0) in the masks: a disc of light."""
    material = lamp(index, strength)
    for node in material.node_tree.nodes:
        if node.bl_idname == "ShaderNodeOutputAOV":
            red, green, blue, alpha = node.inputs["Color"].default_value
            node.inputs["Color"].default_value = (red * weight, green * weight, blue * weight, alpha)
    return material
