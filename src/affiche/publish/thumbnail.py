"""Thumbnails: the small WebP of a creative that the gallery and the contact sheet show.

Made where the pixels are, in the render process; a pure function of them.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from affiche.ports import Pixels

#: px; twice what the gallery shows by default, so that it is crisp on dense screens (480 would cost a third more).
LONG_SIDE = 400
_QUALITY = 60


def thumbnail(pixels: Pixels) -> bytes:
    """A WebP of `pixels` with its long side at most LONG_SIDE px (never enlarged). Same pixels, same bytes."""
    small = _shrunk(pixels, min(1.0, LONG_SIDE / max(pixels.shape[:2])))
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(small[:, :, :3])).save(out, "WEBP", quality=_QUALITY, method=0)
    return out.getvalue()


def _shrunk(pixels: Pixels, scale: float) -> Pixels:
    """Whole steps by area first, the rest linear: looks like area alone, five times as quick (1.7 against 9.7 ms)."""
    height, width = pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    step = int(1 / scale)
    if step > 1:
        whole = max(1, width // step), max(1, height // step)
        pixels = cv2.resize(pixels[: whole[1] * step, : whole[0] * step], whole, interpolation=cv2.INTER_AREA)
    return pixels if scale == 1.0 else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
