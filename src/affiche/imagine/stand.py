"""Stand: a packshot set onto a backdrop, its own pixels untouched, with the shadow of a thing that stands. Pure.

The backdrop is a model's, the product never is: its pixels are scaled (never up) and laid over. Where it stands is what the
prompt asked to be free.
"""

from __future__ import annotations

import cv2
import numpy as np

from affiche.imagine import edge
from affiche.imagine.place import FOOT, HIGH, WIDE
from affiche.ports import Pixels
from affiche.values.geometry import Rect


def stood(backdrop: Pixels, product: Pixels) -> tuple[Pixels, Rect]:
    """The opaque picture and the box of the product in it, px. `product` is cut out and trimmed, RGBA not premultiplied."""
    height, width = backdrop.shape[:2]
    scale = min(1.0, HIGH * height / product.shape[0], WIDE * width / product.shape[1])
    size = (max(1, round(product.shape[1] * scale)), max(1, round(product.shape[0] * scale)))
    small = np.asarray(cv2.resize(edge.premultiplied(product), size, interpolation=cv2.INTER_AREA), np.float32)
    left, top = (width - size[0]) // 2, round(FOOT * height) - size[1]
    ground = _shaded(backdrop[..., :3].astype(np.float32), left, top, size)
    place = ground[top : top + size[1], left : left + size[0]]
    place[:] = place * (1 - small[..., 3:] / 255) + small[..., :3]
    out = np.dstack([np.rint(ground).clip(0, 255).astype(np.uint8), np.full((height, width), 255, np.uint8)])
    return np.ascontiguousarray(out), Rect(float(left), float(top), float(size[0]), float(size[1]))


def _shaded(ground: np.ndarray, left: int, top: int, size: tuple[int, int]) -> np.ndarray:
    """`ground` with a dark line where the product touches it and a soft shadow around."""
    height, width = ground.shape[:2]
    shade = np.zeros((height, width), np.float32)
    middle, foot = (left + size[0] // 2, top + size[1]), max(2, size[0])
    cv2.ellipse(shade, (middle[0], middle[1] - foot // 40), (round(foot * 0.62), max(2, foot // 11)), 0, 0, 360, 0.34, -1)
    soft = cv2.GaussianBlur(shade, (0, 0), max(1.0, foot / 16))
    touch = np.zeros_like(shade)
    cv2.ellipse(touch, (middle[0], middle[1] - foot // 80), (round(foot * 0.46), max(1, foot // 34)), 0, 0, 360, 0.5, -1)
    dark = np.maximum(soft, cv2.GaussianBlur(touch, (0, 0), max(1.0, foot / 60)))
    return np.asarray(ground * (1 - dark[..., None]), np.float32)
