"""A Codec that knows the base of the creative it encodes: JPEG rows that the overlay left alone are taken from the base.

The base of a sheet is encoded once per quality; each creative costs the rows that differ. What comes out equals a full
encode byte for byte (that is what `RowCodec` promises), so a creative drawn alone equals one drawn in a sheet.
"""

from __future__ import annotations

import numpy as np

from affiche.ports import Chroma, Codec, FileFacts, FileFormat, Pixels, RowCodec
from affiche.values.geometry import Size

#: Encoded bases kept: two qualities in two chromas.
_KEPT = 4


class SheetCodec:
    """As `codec`, but JPEG through `rows`. `base` sets what the next pictures have in common."""

    def __init__(self, codec: Codec, rows: RowCodec) -> None:
        self._codec = codec
        self._rows = rows
        self._base: Pixels | None = None
        self._encoded: dict[tuple[int, Chroma], bytes] = {}

    def start(self, base: Pixels) -> None:
        """From now on pictures are overlays on `base`; the same array again costs nothing."""
        if base is not self._base:
            self._base = base
            self._encoded.clear()

    def encode(self, pixels: Pixels, *, format: FileFormat, quality: int, chroma: Chroma = "420") -> bytes:
        if format != "jpeg":
            return self._codec.encode(pixels, format=format, quality=quality, chroma=chroma)
        if self._base is None or self._base.shape != pixels.shape:
            return self._rows.rows(pixels, quality=quality, chroma=chroma)
        bands = changed_bands(self._base, pixels)
        return self._rows.splice(self._base_rows(quality, chroma), pixels, bands, quality=quality, chroma=chroma)

    def decode(self, data: bytes) -> Pixels:
        return self._codec.decode(data)

    def inspect(self, data: bytes) -> FileFacts:
        return self._codec.inspect(data)

    def rasterise(self, data: bytes, size: Size) -> Pixels:
        return self._codec.rasterise(data, size)

    def _base_rows(self, quality: int, chroma: Chroma) -> bytes:
        key = (quality, chroma)
        if key not in self._encoded:
            assert self._base is not None
            while len(self._encoded) >= _KEPT:
                del self._encoded[next(iter(self._encoded))]
            self._encoded[key] = self._rows.rows(self._base, quality=quality, chroma=chroma)
        return self._encoded[key]


def changed_bands(base: Pixels, pixels: Pixels) -> list[tuple[int, int]]:
    """(top, bottom) px of each run of rows in which the two differ, bottom excluded."""
    changed = np.flatnonzero((base.view(np.uint32) != pixels.view(np.uint32)).any(axis=(1, 2)))
    if not changed.size:
        return []
    breaks = np.flatnonzero(np.diff(changed) > 1)
    starts, ends = changed[np.r_[0, breaks + 1]], changed[np.r_[breaks, changed.size - 1]] + 1
    return [(int(top), int(bottom)) for top, bottom in zip(starts, ends, strict=True)]
