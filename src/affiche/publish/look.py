"""Look of our own thumbnails: decoded, averaged over a grid. The values and what is done with them are in `values/look.py`."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from affiche.values.look import FIELDS, GRID, Look, look_of

#: Brightness as the eye weighs it (Rec. 709), of values as they are stored: enough to say which of two is brighter.
_EYE = np.array([0.2126, 0.7152, 0.0722])


def look(pixels: Any) -> Look:
    """Of a picture: array height x width x 3 or 4, uint8."""
    whole = np.asarray(pixels)
    # The brightness of a field is that of its mean colour, for brightness is a weighted sum.
    grey = _means(whole, *GRID) @ _EYE
    return look_of(np.round(grey, 1).tolist(), [int(value) for value in _means(whole, FIELDS, FIELDS).round().reshape(-1)])


def _means(pixels: Any, across: int, down: int) -> Any:
    """Mean colour of each field of a grid, down x across x 3; pictures smaller than the grid repeat their pixels."""
    rows, columns = _spans(pixels.shape[0], down), _spans(pixels.shape[1], across)
    return np.array([[cv2.mean(pixels[top:bottom, left:right])[:3] for left, right in columns] for top, bottom in rows])


def _spans(size: int, fields: int) -> list[tuple[int, int]]:
    """Where each field begins and ends, one px at least."""
    edges = [min(size * field // fields, size - 1) for field in range(fields)]
    return [(start, max(start + 1, end)) for start, end in zip(edges, [*edges[1:], size], strict=True)]
