"""Sheet: one painted base, the canvas on which its creatives are drawn one after the other, and the codec that knows it.

A creative costs the areas that it touches: they are drawn, encoded and then mended from the base, so that the next creative
finds the canvas as the first one did. That is why a creative drawn alone equals one drawn in a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from affiche.ports import Codec, Painted, Painter, Pictures, RowCodec
from affiche.publish.thumbnail import Halves, thumbnail
from affiche.render.sheet_codec import SheetCodec
from affiche.values.frame import Frame


class Sheet:
    """The base of `frame`, painted; `alone` while only one creative is expected on it. Raises PaintError, AssetError."""

    def __init__(
        self, frame: Frame, painter: Painter, pictures: Pictures, codec: Codec, rows: RowCodec, *, alone: bool = False
    ) -> None:
        self._size, self._items = frame.size, frame.base
        self._painter = painter
        self._base = painter.base(frame, pictures)
        self._canvas = self._base.copy()
        self.codec = SheetCodec(codec, rows, self._base, alone=alone)
        self._halves: Halves | None = None

    def holds(self, frame: Frame) -> bool:
        """Whether `frame` has this base."""
        return self._size == frame.size and self._items == frame.base

    def thumbnail(self, painted: Painted) -> bytes:
        """The thumbnail of a creative of this sheet, as `publish.thumbnail` gives it."""
        if self.codec.alone:
            return thumbnail(painted.pixels)
        if self._halves is None:
            self._halves = Halves(self._base)
        return self._halves.thumbnail(painted.pixels, painted.touched)

    @contextmanager
    def painted(self, frame: Frame, pictures: Pictures) -> Iterator[Painted]:
        """A creative of this sheet; its pixels are valid inside the `with` only."""
        done = None
        try:
            done = self._painter.painted(frame, self._base, pictures, self._canvas)
            self.codec.touched = done.touched
            yield done
        finally:
            # A creative that broke may have drawn anywhere.
            for left, top, right, bottom in done.touched if done else ((0, 0, frame.size.width, frame.size.height),):
                self._canvas[top:bottom, left:right] = self._base[top:bottom, left:right]
