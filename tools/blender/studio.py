"""The studio that every set is built in: neutral materials that write their own masks, camera, lights, render.

Role: thin verbs over bpy. A material is a number; it shows albedo 0.8 to the light and writes coverage weight 1 into
its channel of a mask pass, so light and masks see the same geometry through the same camera. Scenes: `scenes/`.
Units: one hero height; origin = the point on the podium top where the hero stands; camera looks along +y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import bpy
from framing import CAMERA_DISTANCE, CAMERA_HEIGHT, Framing
from mathutils import Matrix, Vector

ALBEDO = 0.8
Point = tuple[float, float, float]


def new_studio(framing: Framing, *, samples: int, threads: int = 2, scale: float = 1.0) -> bpy.types.Scene:
    """Return an empty scene with Cycles settings, mask passes and the camera of this aspect class."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.render.resolution_x, scene.render.resolution_y = (round(side * scale) for side in framing.size)
    scene.view_settings.view_transform = "Raw"
    _set_sampling(scene.cycles, samples)
    _place_camera(scene, framing)
    return scene


def _set_sampling(cycles: object, samples: int) -> None:
    cycles.samples, cycles.use_adaptive_sampling = samples, True
    cycles.adaptive_threshold, cycles.adaptive_min_samples = 0.05, 8
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.caustics_reflective = 5, 3, False
    cycles.sample_clamp_indirect, cycles.seed = 4.0, 7


def _place_camera(scene: bpy.types.Scene, framing: Framing) -> None:
    # A level camera with lens shift keeps verticals vertical wherever the hero stands in the picture.
    left, right, bottom, top = framing.render_extent
    longest = max(right - left, top - bottom)
    data = bpy.data.cameras.new("camera")
    data.sensor_width, data.lens = 36.0, 36.0 * CAMERA_DISTANCE / longest
    data.shift_x = (left + right) / 2 / longest
    data.shift_y = ((bottom + top) / 2 - CAMERA_HEIGHT) / longest
    camera = link(bpy.data.objects.new("camera", data))
    camera.location, camera.rotation_euler = (0, -CAMERA_DISTANCE, CAMERA_HEIGHT), (math.pi / 2, 0, 0)
    scene.camera = camera


def link(thing: bpy.types.Object) -> bpy.types.Object:
    """Put an object into the scene and return it."""
    bpy.context.scene.collection.objects.link(thing)
    return thing


def neutral(index: int, *, roughness: float = 0.75, specular: float = 0.25) -> bpy.types.Material:
    """Return the neutral material of mask number `index` (0 writes no mask: it is the remainder)."""
    material = bpy.data.materials.new(f"material-{index}")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    shader = nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (ALBEDO, ALBEDO, ALBEDO, 1)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Specular IOR Level"].default_value = specular
    for number in (0, 1):
        channel = index - 1 - 3 * number
        output = nodes.new("ShaderNodeOutputAOV")
        output.aov_name = f"masks{number}"
        output.inputs["Color"].default_value = (*(float(channel == i) for i in range(3)), 1)
    return material


def mesh(name: str, points: Sequence[Point], faces: Sequence[Sequence[int]], material: bpy.types.Material,
         *, bevel: float = 0.0, smooth: bool = False) -> bpy.types.Object:
    """Add a mesh; `bevel` rounds its hard edges by that many units."""
    data = bpy.data.meshes.new(name)
    data.from_pydata(list(points), [], [list(face) for face in faces])
    data.update()
    thing = link(bpy.data.objects.new(name, data))
    data.materials.append(material)
    data.polygons.foreach_set("use_smooth", [smooth or bevel > 0] * len(data.polygons))
    if bevel:
        rounding = thing.modifiers.new("bevel", "BEVEL")
        rounding.width, rounding.segments = bevel, 5
        rounding.limit_method, rounding.angle_limit = "ANGLE", math.radians(35)
        rounding.harden_normals = True
    return thing


def prism(name: str, outline: Sequence[tuple[float, float]], *, axis: str, start: float, end: float,
          material: bpy.types.Material, bevel: float = 0.012) -> bpy.types.Object:
    """Extrude an outline: axis 'z' reads it as (x, y), axis 'y' as (x, z)."""
    count = len(outline)
    def place(point: tuple[float, float], depth: float) -> Point:
        return (point[0], point[1], depth) if axis == "z" else (point[0], depth, point[1])
    points = [place(p, start) for p in outline] + [place(p, end) for p in outline]
    sides = [(i, (i + 1) % count, count + (i + 1) % count, count + i) for i in range(count)]
    return mesh(name, points, [*sides, range(count)[::-1], range(count, 2 * count)], material, bevel=bevel)


def circle(radius: float, centre: tuple[float, float] = (0, 0), count: int = 192) -> list[tuple[float, float]]:
    """Return the outline of a circle."""
    turns = (2 * math.pi * i / count for i in range(count))
    return [(centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in turns]


def cylinder(name: str, radius: float, *, bottom: float, top: float, material: bpy.types.Material,
             centre: tuple[float, float] = (0, 0), bevel: float = 0.014) -> bpy.types.Object:
    """Add a standing cylinder with rounded edges."""
    return prism(name, circle(radius, centre), axis="z", start=bottom, end=top, material=material, bevel=bevel)


def sphere(name: str, radius: float, at: tuple[float, float], floor: float,
           material: bpy.types.Material) -> bpy.types.Object:
    """Add a ball that rests on `floor`."""
    bpy.ops.mesh.primitive_uv_sphere_add(radius=radius, segments=128, ring_count=64,
                                         location=(at[0], at[1], floor + radius))
    thing = bpy.context.object
    thing.name = name
    thing.data.materials.append(material)
    thing.data.polygons.foreach_set("use_smooth", [True] * len(thing.data.polygons))
    return thing


def room(floor_z: float, wall_y: float, *, floor: bpy.types.Material, wall: bpy.types.Material) -> None:
    """Add a floor and a back wall far larger than any picture."""
    far = 30.0
    mesh("floor", [(-far, -far, floor_z), (far, -far, floor_z), (far, wall_y, floor_z), (-far, wall_y, floor_z)],
         [(0, 1, 2, 3)], floor)
    mesh("wall", [(-far, wall_y, floor_z), (far, wall_y, floor_z), (far, wall_y, far), (-far, wall_y, far)],
         [(0, 1, 2, 3)], wall)


def aim(thing: bpy.types.Object, source: Point, target: Point) -> bpy.types.Object:
    """Move a light or card to `source` and turn it to `target`."""
    thing.location = source
    thing.rotation_euler = (Vector(target) - Vector(source)).to_track_quat("-Z", "Y").to_euler()
    return thing


def sun(*, azimuth_deg: float, elevation_deg: float, softness_deg: float, energy: float,
        color: Point = (1.0, 0.95, 0.88)) -> bpy.types.Object:
    """Add sunlight; azimuth 0 comes from the camera, negative from the left."""
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.angle, data.color = energy, math.radians(softness_deg), color
    return aim(link(bpy.data.objects.new("sun", data)), sun_direction(azimuth_deg, elevation_deg), (0, 0, 0))


def sun_direction(azimuth_deg: float, elevation_deg: float) -> Point:
    """Return the unit vector from the scene to the sun."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    flat = math.cos(elevation)
    return flat * math.sin(azimuth), -flat * math.cos(azimuth), math.sin(elevation)


def softbox(source: Point, target: Point, *, size: tuple[float, float], energy: float,
            color: Point = (1.0, 1.0, 1.0)) -> bpy.types.Object:
    """Add a rectangular area light."""
    data = bpy.data.lights.new("softbox", "AREA")
    data.shape, data.size, data.size_y, data.energy, data.color = "RECTANGLE", *size, energy, color
    return aim(link(bpy.data.objects.new("softbox", data)), source, target)


def spot(source: Point, target: Point, *, angle_deg: float, energy: float, radius: float = 0.5,
         color: Point = (1.0, 0.97, 0.92)) -> bpy.types.Object:
    """Add a spotlight with a fully feathered edge."""
    data = bpy.data.lights.new("spot", "SPOT")
    data.spot_size, data.spot_blend = math.radians(angle_deg), 1.0
    data.energy, data.shadow_soft_size, data.color = energy, radius, color
    return aim(link(bpy.data.objects.new("spot", data)), source, target)


def sky(strength: float, color: Point = (0.92, 0.96, 1.0)) -> None:
    """Set even light from everywhere."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value, background.inputs["Strength"].default_value = (*color, 1), strength


def shade(name: str, points: Sequence[Point], faces: Sequence[Sequence[int]]) -> bpy.types.Object:
    """Add a black card or leaf that only casts shadows."""
    black = bpy.data.materials.get("black") or bpy.data.materials.new("black")
    black.use_nodes = True
    black.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0, 0, 0, 1)
    thing = mesh(name, points, faces, black)
    thing.visible_camera = thing.visible_diffuse = thing.visible_glossy = False
    return thing


def window(target: Point, toward_sun: Point, *, distance: float, size: tuple[float, float],
           panes: tuple[int, int], bar: float) -> None:
    """Hang a window wall between sun and `target`: all dark but its panes, which throw light around the target."""
    centre = Vector(target) + Vector(toward_sun) * distance
    place = Matrix.Translation(centre) @ Vector(toward_sun).to_track_quat("Z", "Y").to_matrix().to_4x4()
    half_x, half_y, far = size[0] / 2, size[1] / 2, 14.0
    cards = [(-far, -far, -half_x, far), (half_x, -far, far, far), (-half_x, half_y, half_x, far),
             (-half_x, -far, half_x, -half_y)]
    for number in range(1, panes[0]):
        x = -half_x + size[0] * number / panes[0]
        cards.append((x - bar / 2, -half_y, x + bar / 2, half_y))
    for number in range(1, panes[1]):
        y = -half_y + size[1] * number / panes[1]
        cards.append((-half_x, y - bar / 2, half_x, y + bar / 2))
    for x0, y0, x1, y1 in cards:
        corners = [tuple(place @ Vector((x, y, 0))) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        shade("window", corners, [(0, 1, 2, 3)])


def pebble(name: str, radii: Point, at: tuple[float, float], floor: float, material: bpy.types.Material, *,
           turn_deg: float = 0.0) -> bpy.types.Object:
    """Add a smooth flat stone that rests on `floor`."""
    thing = sphere(name, 1.0, (0, 0), 0, material)
    thing.location, thing.scale = (at[0], at[1], floor + radii[2]), radii
    thing.rotation_euler = (0, 0, math.radians(turn_deg))
    return thing


def frond(target: Point, toward_sun: Point, *, distance: float, length: float, turn_deg: float,
          leaflets: int = 15, width: float = 0.05, spread: float = 0.62) -> None:
    """Hang a palm frond between sun and `target`, so that its soft shadow falls there."""
    centre = Vector(target) + Vector(toward_sun) * distance
    facing = Vector(toward_sun).to_track_quat("Z", "Y").to_matrix().to_4x4()
    turn = Matrix.Rotation(math.radians(turn_deg), 4, "Z")
    place = Matrix.Translation(centre) @ facing @ turn
    for blade in _blades(length, leaflets, width, spread):
        points = [tuple(place @ Vector((x, y, 0))) for x, y in blade]
        shade("frond", points, [range(len(points))])


def _blades(length: float, leaflets: int, width: float, spread: float) -> list[list[tuple[float, float]]]:
    blades = [[(-length / 2, -0.006), (length / 2, -0.002), (length / 2, 0.002), (-length / 2, 0.006)]]
    for number in range(leaflets):
        along = number / (leaflets - 1)
        reach = length * spread * (0.35 + 0.65 * math.sin(math.pi * (0.12 + 0.8 * along)))
        for side in (-1, 1):
            lean = math.radians(62 - 38 * along)
            root = (-length / 2 + length * along, 0.0)
            blades.append(_blade(root, reach, side * lean, width))
    return blades


def _blade(root: tuple[float, float], reach: float, lean: float, width: float) -> list[tuple[float, float]]:
    # A lancet: widest at a third of its length.
    shape = [(0, 0), (0.12, 0.6), (0.33, 1), (0.65, 0.7), (1, 0), (0.65, -0.7), (0.33, -1), (0.12, -0.6)]
    cos, sin = math.cos(lean), math.sin(lean)
    return [(root[0] + reach * u * cos - width / 2 * v * sin, root[1] + reach * u * sin + width / 2 * v * cos)
            for u, v in shape]


def render(light: Path, masks: Path) -> None:
    """Render light, then masks with many more camera rays and no light at all, into two multilayer EXRs."""
    scene = bpy.context.scene
    scene.render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    scene.render.image_settings.color_depth = "32"
    scene.render.image_settings.exr_codec = "ZIP"
    _render_to(light)
    _leave_only_coverage(scene)
    _render_to(masks)


def _leave_only_coverage(scene: bpy.types.Scene) -> None:
    # In light, adaptive sampling stops where light is even, which leaves coverage at edges ragged. Here each material
    # glows in a grey of its own, so that sampling goes on exactly where two of them share a pixel.
    for thing in list(scene.objects):
        if thing.type == "LIGHT" or not thing.visible_camera:
            bpy.data.objects.remove(thing)
    for number, material in enumerate(material for material in bpy.data.materials if material.use_nodes):
        _glow(material.node_tree, 0.08 + 0.15 * number)
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    for name in ("masks0", "masks1"):
        bpy.context.view_layer.aovs.add().name = name
    cycles = scene.cycles
    cycles.samples, cycles.adaptive_min_samples, cycles.adaptive_threshold = 64, 8, 0.01
    cycles.use_denoising, cycles.max_bounces = False, 0


def _glow(tree: bpy.types.NodeTree, grey: float) -> None:
    glow = tree.nodes.new("ShaderNodeEmission")
    glow.inputs["Color"].default_value = (grey, grey, grey, 1)
    tree.links.new(glow.outputs["Emission"], tree.nodes["Material Output"].inputs["Surface"])


def _render_to(path: Path) -> None:
    bpy.context.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
