"""Pictures without a letter: parts of real photographs, studio sets as our own painter draws them, gradients, drawn scenes."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from affiche.adapters.codec import FileCodec
from affiche.adapters.paint import SetFiles
from affiche.adapters.paint.picture import Box
from affiche.adapters.paint.studio import Backdrops
from affiche.compose.shipped_sets import shipped_sets, view_files
from affiche.values.color import Color
from affiche.values.frame import SetItem
from affiche.values.geometry import Rect

ROOT = Path(__file__).resolve().parents[2]
CROPS = ROOT / "tests" / "data" / "crops"
#: Photographs of the shared corpus in which nothing can be read, by eye.
CLEAN = (
    "packshot-alpha-00.png", "packshot-alpha-02.png", "packshot-alpha-03.png", "packshot-alpha-04.png", "packshot-alpha-22.png",
    "packshot-alpha-34.png", "packshot-alpha-35.png", "packshot-alpha-83.png", "packshot-plain-61.png", "people-14.jpg",
    "people-21.jpg", "people-28.png", "people-76.jpg", "scene-05.png", "scene-24.png", "scene-29.png", "scene-79.jpg",
    "scene-82.png", "scene-84.jpg",
)  # fmt: skip
#: In this one letters stand beside the labelled product too.
WRITTEN_ALL_OVER = ("people-78.png",)
#: Width to height of what is bought (plan/imagined.py).
RATIOS = (9 / 16, 4 / 5, 1.0, 3 / 2, 16 / 9)
PALETTES = (
    ("#0F5C4E", "#F6C667", "#F4EFE6", "#D9482B", "#E9B949", "#14211E"),
    ("#7C6BB0", "#F3E9D2", "#0E2A47", "#F27B50", "#D98E9F", "#FFFFFF"),
    ("#1B1B1F", "#3A3A44", "#C9A227", "#8C1C13", "#F0EDE5", "#5B8E7D"),
)
_LONGEST = 1400


def photographs(folder: Path, *, crops: int = 5, seed: int = 3) -> Iterator[tuple[str, np.ndarray]]:
    """Clean photographs and `crops` parts of each, and of the others the parts beside the labelled product."""
    chance = random.Random(seed)
    for name in CLEAN:
        pixels = read(folder / name)
        yield name, fitted(pixels)
        for number in range(crops):
            part = _crop(pixels, chance)
            yield f"{name}#{number}", fitted(np.ascontiguousarray(part[:, ::-1] if number % 2 else part))
    boxes = tomllib.loads((CROPS / "photographs.toml").read_text())["boxes"]
    for name, box in boxes.items():
        if name not in CLEAN and name not in WRITTEN_ALL_OVER:
            yield from ((f"{name} {side}", fitted(part)) for side, part in _beside(read(folder / name), box))


def drawn() -> Iterator[tuple[str, np.ndarray]]:
    """The drawn scenes of the crop set whose products are small: streets, planks, tiles, leaves, lights."""
    for path in sorted(CROPS.glob("*.jpg")):
        yield path.stem, fitted(read(path))


def sets() -> Iterator[tuple[str, np.ndarray]]:
    """Every shipped studio set in every aspect class, tinted with three palettes by our painter."""
    for name, studio in shipped_sets().items():
        for kind in studio.views:
            yield from ((f"{name} {kind} {n}", set_view(name, kind, n)) for n in range(len(PALETTES)))


@cache
def set_view(name: str, kind: str, palette: int) -> np.ndarray:
    """One view of a set as it is painted, RGBA."""
    view, light, masks = view_files(name, kind)
    colors = PALETTES[palette]
    chosen = tuple(Color.parse(colors[n % len(colors)]) for n in range(len(shipped_sets()[name].materials)))
    item = SetItem(set=name, aspect_class=kind, digest=view.digest, palette=chosen, rect=view.canvas, source=view.canvas)
    files = SetFiles(digest=view.digest, light=light, masks=masks, scale=view.scale)
    scale = min(1.0, _LONGEST / max(view.canvas.width, view.canvas.height))
    pixels = Backdrops(0).tinted(files, item, Box(0, 0, round(view.canvas.width * scale), round(view.canvas.height * scale)))
    return with_alpha(pixels)


def gradient(number: int) -> np.ndarray:
    """Two colours that run into each other, with a little grain."""
    chance = random.Random(number)
    width, height = chance.choice([(1264, 1264), (1696, 960), (960, 1696), (1536, 1024), (1136, 1424)])
    one, other = (np.array([chance.randint(0, 255) for _ in range(3)], float) for _ in range(2))
    down, across = np.linspace(0, 1, height)[:, None, None], np.linspace(0, 1, width)[None, :, None]
    mix = down * chance.random() + across * chance.random()
    grain = np.random.default_rng(number).normal(0, 2, (height, width, 1))
    return with_alpha((one * (1 - mix) + other * mix + grain).clip(0, 255).astype(np.uint8))


def read(path: Path) -> np.ndarray:
    """RGBA on white."""
    pixels = FileCodec().decode(path.read_bytes())
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return with_alpha(np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8))


def fitted(pixels: np.ndarray) -> np.ndarray:
    """As large as a picture that is bought."""
    scale = 1264 / max(pixels.shape[:2])
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)


def with_alpha(rgb: np.ndarray) -> np.ndarray:
    """Opaque RGBA."""
    return np.ascontiguousarray(np.dstack([rgb[..., :3], np.full(rgb.shape[:2], 255, np.uint8)]))


def _crop(pixels: np.ndarray, chance: random.Random) -> np.ndarray:
    height, width = pixels.shape[:2]
    ratio, share = chance.choice(RATIOS), chance.uniform(0.55, 1)
    wide = int(min(width, height * ratio) * share)
    high = min(height, int(wide / ratio))
    left, top = chance.randint(0, width - wide), chance.randint(0, height - high)
    return pixels[top : top + high, left : left + wide]


def _beside(pixels: np.ndarray, box: list[float]) -> Iterator[tuple[str, np.ndarray]]:
    height, width = pixels.shape[:2]
    area = Rect(box[0] * width, box[1] * height, box[2] * width, box[3] * height)
    parts = {
        "left": pixels[:, : max(0, int(area.x) - 8)], "right": pixels[:, int(area.right) + 8 :],
        "above": pixels[: max(0, int(area.y) - 8)], "below": pixels[int(area.bottom) + 8 :],
    }  # fmt: skip
    return ((side, part) for side, part in parts.items() if min(part.shape[:2]) > 180)
