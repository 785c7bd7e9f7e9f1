"""Grades photographs: a 3-D table of colours, gentle by construction.

Theory of operation. In OKLab each colour moves along daylight's axis by at most `_WARMTH`, less the more colour it has, so
that the light of the scene turns warmer or cooler and the product keeps its hue; colours of skin are spared. Lightness
follows an S curve of at most `_CONTRAST` around middle grey; black and white stay. The table has 17 steps a side (a grade
this smooth is off by less than half an 8-bit step between them) and is applied by Pillow, trilinear.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from affiche.ports import Pixels
from affiche.values.frame import Grade

Floats = npt.NDArray[np.float64]

_STEPS = 17
#: Largest moves, OKLab (just noticeable side by side is about 0.02).
_WARMTH, _CONTRAST = 0.013, 0.018
_AXIS = (0.32, 0.95)
#: Chroma at which a colour has only 1/e of the warmth.
_COLORFUL = 0.045
#: Hue of skin of any complexion (OKLab, degrees) and how far it reaches.
_SKIN_HUE, _SKIN_REACH = 55.0, 22.0

# OKLab (Ottosson 2020): linear sRGB to cone responses, their cube roots to Lab.
_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def graded(part: Pixels, grade: Grade) -> Pixels:
    """An opaque RGBA picture in the grade; alpha as it was."""
    rgb = Image.fromarray(np.ascontiguousarray(part[..., :3])).filter(_table(grade))
    return np.asarray(cv2.merge([*cv2.split(np.asarray(rgb)), np.ascontiguousarray(part[..., 3])]), np.uint8)


def moved(lab: Floats, grade: Grade) -> Floats:
    """OKLab colours, shape (..., 3), after the grade."""
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
    skin = np.exp(-(((hue - _SKIN_HUE) / _SKIN_REACH) ** 2)) * np.clip(chroma / 0.03, 0, 1)
    # Nothing at the ends: paper stays white, and a coloured black would be noise.
    reach = 4 * lightness * (1 - lightness)
    share = grade.warmth * _WARMTH * np.clip(reach, 0, 1) * np.exp(-((chroma / _COLORFUL) ** 2)) * (1 - skin)
    out = lab.copy()
    out[..., 0] = lightness + grade.contrast * _CONTRAST * np.sin(2 * np.pi * (lightness - 0.5))
    out[..., 1] += share * _AXIS[0]
    out[..., 2] += share * _AXIS[1]
    return out


@lru_cache(maxsize=8)
def _table(grade: Grade) -> ImageFilter.Color3DLUT:
    steps = np.linspace(0, 1, _STEPS)
    # Pillow wants red to change fastest.
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    coded = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    rgb = _coded(moved(_oklab(coded), grade))
    return ImageFilter.Color3DLUT(_STEPS, rgb.ravel().tolist())


def _oklab(coded: Floats) -> Floats:
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _CONES.T) @ _LAB.T)


def _coded(lab: Floats) -> Floats:
    linear = (lab @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_CONES).T
    linear = np.clip(linear, 0, 1)
    return np.clip(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055), 0, 1)
