"""Proof sheets: many frames drawn small on one picture, for people who judge a template."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from affiche.ports import Pixels

_GAP, _GROUND = 14, 225


def sheet_of(rows: Sequence[Sequence[Pixels]], *, cell: int) -> Pixels:
    """`rows` of RGBA pictures, each at most `cell` px wide and high, on grey. shape (height, width, 3), RGB, uint8."""
    small = [[_small(picture, cell) for picture in row] for row in rows]
    height = _GAP + sum(max(p.shape[0] for p in row) + _GAP for row in small)
    width = _GAP + max(sum(p.shape[1] + _GAP for p in row) for row in small)
    sheet = np.full((height, width, 3), _GROUND, np.uint8)
    y = _GAP
    for row in small:
        x = _GAP
        for picture in row:
            sheet[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
            x += picture.shape[1] + _GAP
        y += max(p.shape[0] for p in row) + _GAP
    return sheet


def _small(picture: Pixels, cell: int) -> Pixels:
    scale = min(1.0, cell / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(np.ascontiguousarray(picture[..., :3]), size, interpolation=cv2.INTER_AREA), np.uint8)
