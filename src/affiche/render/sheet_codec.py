"""A Codec that knows the base of the creative it encodes: what of a JPEG the overlay left alone is taken from it.

The base of a sheet is encoded once per quality; each creative costs the areas that it touches. What comes out equals a full
encode byte for byte (that is what `RowCodec` promises), so a creative drawn alone equals one drawn in a sheet.
"""

from __future__ import annotations

from affiche.ports import Chroma, Codec, FileFacts, FileFormat, Pixels, RowCodec
from affiche.values.geometry import Area, Size

#: Encoded bases kept: two qualities in two chromas.
_KEPT = 4


class SheetCodec:
    """As `codec`, but JPEG through `rows`. What is encoded equals `base` outside of the `touched` areas.

    `alone`: nothing else of this base is expected, so a creative is encoded whole instead of base and areas one after the other.
    """

    def __init__(self, codec: Codec, rows: RowCodec, base: Pixels, *, alone: bool = False) -> None:
        self.alone = alone
        self._codec = codec
        self._rows = rows
        self._base = base
        self._encoded: dict[tuple[int, Chroma], bytes] = {}
        self.touched: tuple[Area, ...] = ()

    def encode(self, pixels: Pixels, *, format: FileFormat, quality: int, chroma: Chroma = "420") -> bytes:
        if format != "jpeg":
            return self._codec.encode(pixels, format=format, quality=quality, chroma=chroma)
        if self.alone:
            return self._rows.rows(pixels, quality=quality, chroma=chroma)
        return self._rows.splice(self._base_rows(quality, chroma), pixels, self.touched, quality=quality, chroma=chroma)

    def forget(self) -> None:
        """The base has changed."""
        self._encoded.clear()

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

