"""The fingerprint of a picture: 64 bits that stay nearly the same when it is scaled, compressed or slightly retouched.

The low frequencies of a cosine transform of the luma, each above or below their median (Zauner 2010, "pHash"). Crops, mirrored
pictures and those with much text laid over them get other fingerprints; flat pictures get none, because all of them would be
equal.
Compared in `values/likeness.py`.
"""

from __future__ import annotations

import cv2
import numpy as np

from affiche.ports import Pixels

_SIDE, _LOW = 32, 8
#: Luma 0..255: below this spread there is nothing to compare.
_FLAT = 6.0


def fingerprint(pixels: Pixels) -> str:
    """16 hex digits, or "" for a picture that shows next to nothing. `pixels`: RGBA; what is transparent counts as white."""
    alpha = pixels[..., 3:].astype(np.float32) / 255
    rgb = pixels[..., :3].astype(np.float32) * alpha + 255 * (1 - alpha)
    luma = cv2.cvtColor(cv2.resize(rgb, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) / 255, cv2.COLOR_RGB2GRAY) * 255
    if float(luma.std()) < _FLAT:
        return ""
    low = np.asarray(cv2.dct(luma.astype(np.float32)))[:_LOW, :_LOW].ravel()
    bits = low > np.median(low[1:])
    bits[0] = False  # the mean: brightness is no likeness
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"
