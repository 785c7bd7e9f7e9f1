"""Look of our own thumbnails: decoded, averaged over a grid. The values and what is done with them are in `values/look.py`."""

from __future__ import annotations

from typing import Any

import numpy as np

from affiche.values.look import FIELDS, GRID, Look, look_of

#: Brightness as the eye weighs it (Rec. 709), of values as they are stored: enough to say which of two is brighter.
_EYE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def look(pixels: Any) -> Look:
    """Of a picture: array height x width x 3 or more, 0..255."""
    rgb = np.asarray(pixels)[:, :, :3].astype(np.float32)
    grey = _means(rgb @ _EYE, *GRID)
    colours = np.stack([_means(rgb[:, :, channel], FIELDS, FIELDS) for channel in range(3)], axis=-1)
    return look_of(np.round(grey, 1).tolist(), [int(value) for value in colours.round().reshape(-1)])


def _means(plane: Any, across: int, down: int) -> Any:
    """Mean of each field of a grid over a plane; planes smaller than the grid repeat their pixels."""
    rows = np.linspace(0, plane.shape[0], down + 1)
    columns = np.linspace(0, plane.shape[1], across + 1)
    tops, lefts = _starts(rows, plane.shape[0]), _starts(columns, plane.shape[1])
    sums = np.add.reduceat(np.add.reduceat(plane, tops, axis=0), lefts, axis=1)
    high = np.diff(np.append(tops, plane.shape[0])).clip(min=1)
    wide = np.diff(np.append(lefts, plane.shape[1])).clip(min=1)
    return sums / (high[:, None] * wide[None, :])


def _starts(edges: Any, size: int) -> Any:
    return edges[:-1].astype(int).clip(max=size - 1)
