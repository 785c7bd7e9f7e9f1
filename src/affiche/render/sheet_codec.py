"""A Codec that knows the base of the creative it encodes: JPEG rows that the overlay left alone are taken from the base.

The base of a sheet is encoded once per quality; each creative costs the rows that differ. What comes out equals a full
encode byte for byte (that is what `RowCodec` promises), so a creative drawn alone equals one drawn in a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from affiche.ports import Chroma, Codec, FileFacts, FileFormat, Pixels, RowCodec
from affiche.values.geometry import Size

#: Encoded bases kept: two qualities in two chromas.
_KEPT = 4

#: (top, bottom) px, bottom excluded.
Band = tuple[int, int]


class SheetCodec:
    """As `codec`, but JPEG through `rows`. What is encoded equals `base` outside of the `touched` rows."""

    def __init__(self, codec: Codec, rows: RowCodec, base: Pixels) -> None:
        self._codec = codec
        self._rows = rows
        self._base = base
        self._encoded: dict[tuple[int, Chroma], bytes] = {}
        self.touched: tuple[Band, ...] = ()

    def encode(self, pixels: Pixels, *, format: FileFormat, quality: int, chroma: Chroma = "420") -> bytes:
        if format != "jpeg":
            return self._codec.encode(pixels, format=format, quality=quality, chroma=chroma)
        bands = changed_bands(self._base, pixels, self.touched)
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
            while len(self._encoded) >= _KEPT:
                del self._encoded[next(iter(self._encoded))]
            self._encoded[key] = self._rows.rows(self._base, quality=quality, chroma=chroma)
        return self._encoded[key]


def changed_bands(base: Pixels, pixels: Pixels, touched: Iterable[Band]) -> list[Band]:
    """(top, bottom) px of each run of rows inside the `touched` ones in which the two differ, bottom excluded."""
    return [band for top, bottom in touched for band in _runs(_row_differs(base[top:bottom], pixels[top:bottom]), top)]


def _row_differs(base: Pixels, pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Whether each row differs; the rows of both are contiguous."""
    height, width = base.shape[:2]
    # Two px at a time where the width allows it.
    unit = np.uint64 if width % 2 == 0 else np.uint32
    changed: npt.NDArray[np.bool_] = (
        base.reshape(height, width * 4).view(unit) != pixels.reshape(height, width * 4).view(unit)
    ).any(axis=1)
    return changed


def _runs(changed: npt.NDArray[np.bool_], top: int) -> list[Band]:
    at = np.flatnonzero(changed)
    if not at.size:
        return []
    breaks = np.flatnonzero(np.diff(at) > 1)
    starts, ends = at[np.r_[0, breaks + 1]], at[np.r_[breaks, at.size - 1]] + 1
    return [(top + int(first), top + int(last)) for first, last in zip(starts, ends, strict=True)]
