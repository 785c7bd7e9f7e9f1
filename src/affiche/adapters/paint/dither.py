"""Rounding to 8 bits without steps: ordered high-frequency noise of half a step, the same on every run.

Interleaved gradient noise (Jimenez, "Next Generation Post Processing in Call of Duty: Advanced Warfare", SIGGRAPH 2014):
cheap, no visible pattern at 1:1, and JPEG keeps enough of it to hide the steps of long gradients.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

_SIDE = 256


@cache
def tile() -> npt.NDArray[np.float32]:
    """Shape (256, 256, 3), values 0..1; the channels are shifted against each other, so that no grey pattern appears."""
    y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float64)

    def plane(dx: int, dy: int) -> npt.NDArray[np.float64]:
        return np.asarray(np.modf(52.9829189 * np.modf(0.06711056 * (x + dx) + 0.00583715 * (y + dy))[0])[0])

    return np.stack([plane(0, 0), plane(47, 17), plane(101, 59)], axis=2).astype(np.float32)


@cache
def rows(width: int) -> npt.NDArray[np.float32]:
    """The tile repeated to `width` px: shape (256, width, 3)."""
    return np.ascontiguousarray(np.tile(tile(), (1, -(-width // _SIDE), 1))[:, :width])


def rounded(values: npt.NDArray[np.float32], x: int = 0, y: int = 0) -> npt.NDArray[np.uint8]:
    """`values` 0..255 as uint8, shape (h, w, 3); (x, y) is where they lie on the canvas."""
    height, width = values.shape[:2]
    wide = rows(-(-(x % _SIDE + width) // _SIDE) * _SIDE)[:, x % _SIDE : x % _SIDE + width]
    noise = wide[y % _SIDE : y % _SIDE + height] if y % _SIDE + height <= _SIDE else wide[np.arange(y, y + height) % _SIDE]
    noisy = values + noise
    result: npt.NDArray[np.uint8] = np.clip(noisy, 0, 255, out=noisy).astype(np.uint8)
    return result
