"""Frees a logo from the plain light paper it was exported on: everywhere, also inside letters."""

from __future__ import annotations

import cv2
import numpy as np

from affiche.imagine.matte import model_ground
from affiche.ports import Pixels

#: Share of border px that must be paper.
_PLAIN = 0.97
#: Darkest paper, Lab L 0..100: a logo on a dark or coloured box keeps its box, which belongs to it.
_LIGHT = 85.0
_NEUTRAL = 12.0
#: RGB distances: below the first it is JPEG noise of the paper; ink is at least the second.
_NOISE, _INK = 9.0, 40.0
_REACH = 4


def freed(pixels: Pixels) -> Pixels | None:
    """RGBA with the paper removed, None when the ground is not plain light paper.

    Alpha is the distance to the paper, relative to the strongest ink within a few px: edges become soft, and fine pale
    lines stay full colour. The paper's share is taken out of the colours.
    """
    rgb = pixels[..., :3]
    paper = np.median(np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]), axis=0)
    lab = cv2.cvtColor((paper[None, None] / 255).astype(np.float32), cv2.COLOR_RGB2LAB)[0, 0]
    ground = model_ground(cv2.resize(rgb, (256, 256), interpolation=cv2.INTER_AREA))
    if ground.plain < _PLAIN or ground.noise > 6 or lab[0] < _LIGHT or abs(lab[1]) + abs(lab[2]) > _NEUTRAL:
        return None
    away = np.linalg.norm(rgb.astype(np.float32) - paper.astype(np.float32), axis=-1)
    reach = max(_REACH, round(max(rgb.shape[:2]) / 400))
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    ink = np.maximum(cv2.dilate(away, around) * 0.96, _INK)
    alpha = np.clip((away - _NOISE) / np.maximum(ink - _NOISE, 1), 0, 1)
    share = float((alpha > 0.5).mean())
    if not 0.002 < share < 0.9:
        return None
    a = np.maximum(alpha, 0.05)[..., None]
    out = np.empty_like(pixels)
    out[..., :3] = np.clip(np.rint((rgb - (1 - a) * paper) / a), 0, 255).astype(np.uint8)
    out[..., 3] = np.rint(alpha * 255).astype(np.uint8)
    return out
