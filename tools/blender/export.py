"""Turn a multilayer EXR into the files of a shipped set: light JPEG, mask PNGs, `set.yaml`.

Role: numbers to bytes, no bpy. The light is irradiance over the mean irradiance of the calm area: 1.0 there shows a
brand colour as it is. It is stored divided by `scale`, sRGB-encoded. What the scenes say: `scenes/*.py`.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import OpenEXR
import yaml
from framing import CAMERA_DISTANCE, CAMERA_HEIGHT, CLASSES, Framing
from PIL import Image

ALBEDO = 0.8
MAX_BYTES = 400_000
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
NEUTRALISE = 0.6
"""Share of the calm area's tint that is removed, so that brand colours stay true and the sun stays warm."""


def write_class(scene: object, aspect: str, framing: Framing, pictures: tuple[Path, Path],
                folder: Path) -> dict[str, object]:
    """Write light and masks; return the facts about this class for `write_yaml`."""
    combined, masks = (_read_layers(picture) for picture in pictures)
    light, scale = normalised(combined["Combined"], framing, exposure=getattr(scene, "EXPOSURE", 1.0),
                              neutralise=getattr(scene, "NEUTRALISE", NEUTRALISE))
    _write_jpeg(light / scale, folder / f"{aspect}.light.jpg")
    count = math.ceil((len(scene.MATERIALS) - 1) / 3)
    for number in range(count):
        _write_mask(masks[f"masks{number}"], folder / f"{aspect}.masks-{number}.png")
    facts = _class_facts(framing, light.shape[1], scale)
    facts["horizon"] = _horizon(framing, scene.floor(aspect), getattr(scene, "HORIZON_Y", scene.WALL_Y))
    return facts


def _read_layers(picture: Path) -> dict[str, np.ndarray]:
    with OpenEXR.File(str(picture)) as file:
        return {
            key.split(".")[1]: np.asarray(channel.pixels, np.float32)[..., :3]
            for key, channel in file.channels().items()
            if key.split(".")[1] in ("Combined", "masks0", "masks1")
        }


def normalised(combined: np.ndarray, framing: Framing, *, exposure: float,
               neutralise: float) -> tuple[np.ndarray, float]:
    """Return irradiance with mean `exposure` in the calm area, and the scale that maps it into 0..1."""
    light = combined / ALBEDO
    height, width = light.shape[:2]
    x0, y0 = framing.in_render(framing.calm[0], framing.calm[1])
    x1, y1 = framing.in_render(framing.calm[0] + framing.calm[2], framing.calm[1] + framing.calm[3])
    calm = light[int(y0 * height) : int(y1 * height), int(x0 * width) : int(x1 * width)].mean((0, 1))
    tint = (calm / (calm @ LUMINANCE)) ** neutralise
    light = light / tint * (exposure / float((calm / tint) @ LUMINANCE))
    return light, round(float(np.quantile(light, 0.9995)), 3)


def _srgb(linear: np.ndarray) -> np.ndarray:
    curve = 1.055 * np.clip(linear, 1e-6, None) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, curve)


def _write_jpeg(linear: np.ndarray, path: Path) -> None:
    # A little fixed noise before rounding keeps long gradients free of steps.
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, linear.shape[:2])[..., None]
    data = np.clip(_srgb(np.clip(linear, 0, 1)) * 255 + noise, 0, 255).round().astype(np.uint8)
    for quality in range(94, 80, -1):
        Image.fromarray(data).save(path, quality=quality, subsampling=0, optimize=True)
        if path.stat().st_size < MAX_BYTES:
            return


def _write_mask(weights: np.ndarray, path: Path) -> None:
    data = (np.clip(weights, 0, 1) * 255).round().astype(np.uint8)
    Image.fromarray(data).save(path, optimize=True)


def _class_facts(framing: Framing, width: int, scale: float) -> dict[str, object]:
    factor = width / framing.size[0]
    side, top, _ = framing.margins
    hero = framing.in_render(*framing.hero)
    x, y = framing.in_render(framing.calm[0], framing.calm[1])
    right, bottom = framing.in_render(framing.calm[0] + framing.calm[2], framing.calm[1] + framing.calm[3])
    canvas = (side, top, *framing.canvas)
    return {
        "size": [round(value * factor) for value in framing.size],
        "canvas": [round(value * factor) for value in canvas],
        "scale": scale,
        "hero": {"x": _r(hero[0]), "y": _r(hero[1]), "height": _r(framing.px_per_unit / framing.size[1])},
        "calm": [[_r(x), _r(y), _r(right - x), _r(bottom - y)]],
    }


def _horizon(framing: Framing, floor: float, wall_y: float) -> float:
    shown = CAMERA_HEIGHT + (floor - CAMERA_HEIGHT) * CAMERA_DISTANCE / (CAMERA_DISTANCE + wall_y)
    _, _, bottom, top = framing.render_extent
    return _r((top - shown) / (top - bottom))


def write_yaml(scene: object, set_id: str, folder: Path, fresh: dict[str, dict[str, object]]) -> None:
    """Write `set.yaml`: the scene's words, the facts of fresh classes and those of classes rendered before."""
    file = folder / "set.yaml"
    before = yaml.safe_load(file.read_text())["classes"] if file.exists() else {}
    text = yaml.dump(_head(scene, set_id), sort_keys=False, default_flow_style=None, width=110)
    text += "classes:\n"
    for aspect in CLASSES:
        facts = fresh.get(aspect) or before.get(aspect)
        if facts:
            line = yaml.dump(facts, sort_keys=False, default_flow_style=True, width=400).strip()
            text += f"  {aspect}: {line}\n"
    file.write_text(text)


def _head(scene: object, set_id: str) -> dict[str, object]:
    azimuth, elevation = scene.LIGHT["azimuth_deg"], scene.LIGHT["elevation_deg"]
    reach = 1 / math.tan(math.radians(elevation))
    return {
        "set": 1,
        "id": set_id,
        "name": scene.NAME,
        "mood": list(scene.MOOD),
        **({"row": True} if getattr(scene, "ROW", False) else {}),
        "materials": list(scene.MATERIALS),
        "roles": dict(scene.ROLES),
        "light": {
            "from": "left" if azimuth < 0 else "right",
            "azimuth_deg": azimuth,
            "elevation_deg": elevation,
            "shadow_softness": scene.SHADOW["softness"],
            "shadow_strength": scene.SHADOW["strength"],
            "shadow_reach": [_r(-reach * math.sin(math.radians(azimuth))), _r(reach * math.cos(math.radians(azimuth)))],
            "warmth": getattr(scene, "WARMTH", 0.3),
        },
    }


def _r(value: float) -> float:
    return round(float(value), 4)
