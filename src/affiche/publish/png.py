"""PNG of true colour for pages and sheets, fast: one filter for all rows, deflate by ISA-L.

Against OpenCV's PNG with run lengths only, on a sheet of photographs on a plain ground: 0.36 of the time, 2 % more bytes.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from isal import isal_zlib

from affiche.ports import Pixels

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Filter 2 of the PNG specification (W3C, 9.2): each byte less the one above it.
_UP = 2


def png(rgb: Pixels) -> bytes:
    """The file of `rgb` (height x width x 3, uint8). Same pixels, same bytes."""
    height, width = rgb.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = isal_zlib.compress(_filtered(rgb), 1)
    return b"".join((_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", packed), _chunk(b"IEND", b"")))


def _filtered(rgb: Pixels) -> Pixels:
    flat = np.ascontiguousarray(rgb).reshape(rgb.shape[0], -1)
    rows = np.empty((flat.shape[0], flat.shape[1] + 1), np.uint8)
    rows[:, 0] = _UP
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    return rows


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", zlib.crc32(kind + data))))
