"""Relative luminance and contrast of many pixels at once (WCAG 2.2), by table: no powers are taken per pixel.

Sources: WCAG 2.2, definitions of relative luminance and contrast ratio; success criteria 1.4.3 and 1.4.11.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from affiche.ports import Pixels
from affiche.values.color import Color, to_linear
from affiche.values.geometry import Rect

Floats = npt.NDArray[np.float32]

_LINEAR = np.array([to_linear(i) for i in range(256)])
_RED, _GREEN, _BLUE = ((weight * _LINEAR).astype(np.float32) for weight in (0.2126, 0.7152, 0.0722))
#: Pixels looked at behind one line of type. 2048 give the 5th percentile of a photograph within 2 % (measured).
_SAMPLES = 2048


def luminances(pixels: npt.NDArray[Any]) -> Floats:
    """Relative luminance 0..1 of uint8 pixels (..., 3 or 4); alpha is not looked at."""
    found: Floats = _RED.take(pixels[..., 0])
    found += _GREEN.take(pixels[..., 1])
    found += _BLUE.take(pixels[..., 2])
    return found


def ground_pixels(canvas: Pixels, rect: Rect) -> Pixels:
    """The part of `canvas` under `rect`, rounded outwards and clipped (may be empty)."""
    x, y = max(0, math.floor(rect.x)), max(0, math.floor(rect.y))
    return canvas[y : max(y, math.ceil(rect.bottom)), x : max(x, math.ceil(rect.right))]


def thinned(pixels: Pixels, samples: int = _SAMPLES) -> Pixels:
    """About `samples` pixels on a regular raster, (n, 4)."""
    height, width = pixels.shape[:2]
    step = max(1, math.isqrt(height * width // samples))
    if step == 1:
        return pixels.reshape(-1, pixels.shape[2])
    top, left = min(step // 2, (height - 1) // 2), min(step // 2, (width - 1) // 2)
    return every(pixels, step, top, left).reshape(-1, pixels.shape[2])


def every(pixels: Pixels, step: int, top: int, left: int) -> Pixels:
    """A copy of every `step`-th pixel across and down, from (left, top)."""
    if pixels.shape[2] != 4:
        return np.ascontiguousarray(pixels[top::step, left::step])
    # Each pixel as one number: four single bytes are copied three times as slowly.
    whole = np.ascontiguousarray(pixels.view(np.uint32)[top::step, left::step])
    return np.asarray(whole.view(np.uint8))


def worst_contrast(text: Color, ground: Pixels, *, share: float = 0.05) -> float:
    """The contrast that all but the worst `share` of the pixels of `ground` (h, w, 4; not empty) reach under `text`.

    Half-transparent type is blended with each pixel first, in sRGB-coded values, as painters do.
    """
    pixels = thinned(ground)
    behind = luminances(pixels)
    at = int(share * (behind.size - 1))
    if text.a < 255:
        alpha = text.a / 255
        rgb = np.array([text.r, text.g, text.b], np.float32)
        mixed = pixels[:, :3] * np.float32(1 - alpha) + rgb * np.float32(alpha)
        return float(np.partition(_ratios(luminances((mixed + 0.5).astype(np.uint8)), behind), at)[at])
    # Type is nearly always darker or lighter than all that is behind it: then the order of luminances is that of ratios.
    front = text.luminance
    if behind.min() >= front:
        return float(_ratios(front, np.partition(behind, at)[at]))
    if behind.max() <= front:
        last = behind.size - 1 - at
        return float(_ratios(front, np.partition(behind, last)[last]))
    return float(np.partition(_ratios(front, behind), at)[at])


def _ratios(front: Floats | float, behind: Any) -> Any:
    """Contrast of each pair, float32."""
    return (np.maximum(front, behind) + 0.05) / (np.minimum(front, behind) + 0.05)
