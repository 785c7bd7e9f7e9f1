"""Render packshots on transparency: `python packshots.py can LABEL.png OUT.png`.

Role: products in studio light, seen by the camera of the sets (level, 6 hero heights away, 6 degrees above the middle),
so that a packshot stands on any set. No ground and no shadow: the compositor makes them. Shapes of one brand each:
`products/`. Needs `bpy` in an environment of its own.
"""

from __future__ import annotations

import argparse
import importlib
import math
import tempfile
from pathlib import Path

import bpy
import studio
from framing import CAMERA_DISTANCE, CAMERA_HEIGHT
from PIL import Image

MAX_BYTES = 980_000


def main() -> None:
    """Render one product and save it trimmed."""
    asked = _arguments()
    product = importlib.import_module(f"products.{asked.product}")
    new_table(product.ASPECT, height=asked.height, samples=asked.samples)
    product.build(asked.label)
    with tempfile.TemporaryDirectory() as scratch:
        shot = Path(scratch) / "shot.png"
        _render(shot)
        save_trimmed(Image.open(shot), asked.out)


def new_table(aspect: float, *, height: int, samples: int) -> None:
    """Prepare an empty scene whose picture holds a product 1 unit high and `aspect` wide."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine, scene.render.film_transparent = "CYCLES", True
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    # The near rim of a wide product hangs below its middle, because the camera looks down on it.
    below = CAMERA_HEIGHT * (CAMERA_DISTANCE / (CAMERA_DISTANCE - aspect / 2) - 1) + 0.02
    wide = aspect * CAMERA_DISTANCE / (CAMERA_DISTANCE - aspect / 2) + 0.06
    scene.render.resolution_x, scene.render.resolution_y = round(height * wide), round(height * (1.05 + below))
    scene.view_settings.view_transform, scene.view_settings.look = "Standard", "None"
    cycles = scene.cycles
    cycles.samples, cycles.use_adaptive_sampling, cycles.adaptive_threshold = samples, True, 0.02
    cycles.use_denoising, cycles.denoising_prefilter = True, "ACCURATE"
    cycles.max_bounces, cycles.transmission_bounces, cycles.caustics_reflective = 10, 8, False
    cycles.sample_clamp_indirect, cycles.seed = 6.0, 11
    _place_camera(scene, wide, below)


def _place_camera(scene: bpy.types.Scene, wide: float, below: float) -> None:
    data = bpy.data.cameras.new("camera")
    longest = max(wide, 1.05 + below)
    data.sensor_width, data.lens = 36.0, 36.0 * CAMERA_DISTANCE / longest
    data.shift_y = ((1.05 - below) / 2 - CAMERA_HEIGHT) / longest
    camera = studio.link(bpy.data.objects.new("camera", data))
    camera.location, camera.rotation_euler = (0, -CAMERA_DISTANCE, CAMERA_HEIGHT), (math.pi / 2, 0, 0)
    scene.camera = camera


def lathe(name: str, profile: list[tuple[float, float]], material: bpy.types.Material, *,
          turns: int = 256) -> bpy.types.Object:
    """Turn a profile of (radius, z), bottom to top, around the z axis; u is the turn, v the height."""
    rings = len(profile)
    points = [(r * math.cos(a), r * math.sin(a), z) for a in (math.tau * i / turns for i in range(turns))
              for r, z in profile]
    faces = [(i * rings + k, (i + 1) % turns * rings + k, (i + 1) % turns * rings + k + 1, i * rings + k + 1)
             for i in range(turns) for k in range(rings - 1)]
    thing = studio.mesh(name, points, faces, material, smooth=True)
    low, high = min(z for _, z in profile), max(z for _, z in profile)
    layer = thing.data.uv_layers.new(name="turn")
    for polygon in thing.data.polygons:
        turn = polygon.index // (rings - 1)
        for loop, vertex in zip(polygon.loop_indices, polygon.vertices, strict=True):
            column, row = divmod(vertex, rings)
            u = (turn + 1) / turns if column != turn else turn / turns
            layer.data[loop].uv = (u, (profile[row][1] - low) / (high - low))
    return thing


def rounded(corners: list[tuple[float, float, float]], steps: int = 10) -> list[tuple[float, float]]:
    """Return a profile through corners (radius, z, rounding) with each corner rounded."""
    path: list[tuple[float, float]] = [corners[0][:2]]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        start, end = _toward(here, before), _toward(here, after)
        for step in range(steps + 1):
            t = step / steps
            path.append(tuple((1 - t) ** 2 * start[i] + 2 * t * (1 - t) * here[i] + t * t * end[i] for i in (0, 1)))
    return [*path, corners[-1][:2]]


def _toward(corner: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float]:
    dx, dz = other[0] - corner[0], other[1] - corner[1]
    length = math.hypot(dx, dz)
    share = min(corner[2] / length, 0.5) if length else 0
    return corner[0] + dx * share, corner[1] + dz * share


def surface(name: str, *, color: tuple[float, float, float] = (0.8, 0.8, 0.8), picture: Path | None = None,
            **inputs: float) -> bpy.types.Material:
    """Return a Principled material; keywords name its inputs with underscores for spaces."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*color, 1)
    for key, value in inputs.items():
        shader.inputs[key.replace("_", " ")].default_value = value
    if picture:
        texture = tree.nodes.new("ShaderNodeTexImage")
        texture.image, texture.interpolation = bpy.data.images.load(str(picture.resolve())), "Cubic"
        tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    return material


def _render(path: Path) -> None:
    settings = bpy.context.scene.render
    settings.image_settings.file_format, settings.image_settings.color_mode = "PNG", "RGBA"
    settings.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def save_trimmed(shot: Image.Image, path: Path) -> None:
    """Save with 2 % air around the product, smaller until it weighs less than a megabyte."""
    left, top, right, bottom = shot.getchannel("A").point(lambda value: 255 * (value > 8)).getbbox()
    air = round((bottom - top) * 0.02)
    shot = shot.crop((left - air, top - air, right + air, bottom + air))
    clear = shot.getchannel("A").point(lambda value: 255 * (value == 0))
    shot.paste((0, 0, 0, 0), (0, 0), clear)
    path.parent.mkdir(parents=True, exist_ok=True)
    share = 1.0
    while True:
        small = shot.resize((round(shot.width * share), round(shot.height * share)), Image.LANCZOS) if share < 1 else shot
        small.save(path, optimize=True)
        if path.stat().st_size < MAX_BYTES:
            return
        share *= 0.93


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("product", choices=["can", "serum", "cream"])
    parser.add_argument("label", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--height", type=int, default=1150)
    parser.add_argument("--samples", type=int, default=40)
    return parser.parse_args()


if __name__ == "__main__":
    main()
