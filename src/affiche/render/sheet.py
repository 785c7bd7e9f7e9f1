"""Sheet: one painted base, the canvas on which its creatives are drawn one after the other, and the codec that knows it.

A creative costs the areas that it touches: they are drawn, encoded and then mended from the base, so that the next creative
finds the canvas as the first one did. That is why a creative drawn alone equals one drawn in a sheet.

A logo that leads the overlay of the first creative is drawn on the base too, for the others mostly lead with it. One that
does not takes it away from there, for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile

from affiche.ports import Codec, Painted, Painter, Pictures, Pixels, RowCodec
from affiche.publish.thumbnail import Halves, thumbnail
from affiche.render.sheet_codec import SheetCodec
from affiche.values.frame import Frame, Item
from affiche.values.geometry import Area


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
        #: What stands on the base (None = not decided yet), what is behind its lines, and what it covers.
        self._lead: tuple[Item, ...] | None = None
        self._behind: dict[int, Pixels] = {}
        self._covered: list[tuple[Area, Pixels]] = []

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
            standing = self._settled(frame, pictures)
            done = self._painter.painted(frame, self._base, pictures, self._canvas, standing=standing)
            self.codec.touched = done.touched
            yield replace(done, grounds={**self._behind, **done.grounds}) if self._behind else done
        finally:
            # A creative that broke may have drawn anywhere.
            for left, top, right, bottom in done.touched if done else ((0, 0, frame.size.width, frame.size.height),):
                self._canvas[top:bottom, left:right] = self._base[top:bottom, left:right]

    def _settled(self, frame: Frame, pictures: Pictures) -> int:
        """How many items of `frame` stand on the base: decided when company is expected, none after a creative without them."""
        if self._lead is None and not self.codec.alone:
            lead = tuple(takewhile(lambda item: getattr(item, "slot", "") == "logo", frame.overlay))
            self._stand(replace(frame, overlay=lead), pictures)
            self._lead = lead
        elif self._lead and frame.overlay[: len(self._lead)] != self._lead:
            self._clear()
        return len(self._lead or ())

    def _stand(self, lead: Frame, pictures: Pictures) -> None:
        if not lead.overlay:
            return
        made = self._painter.painted(lead, self._base, pictures, self._canvas)
        self._behind = {number: ground.copy() for number, ground in made.grounds.items()}
        for area in made.touched:
            left, top, right, bottom = area
            self._covered.append((area, self._base[top:bottom, left:right].copy()))
            self._base[top:bottom, left:right] = self._canvas[top:bottom, left:right]
        self._rebased()

    def _clear(self) -> None:
        self._lead, self._behind = (), {}
        # The last one first: areas may overlap.
        for (left, top, right, bottom), bare in reversed(self._covered):
            self._base[top:bottom, left:right] = bare
            self._canvas[top:bottom, left:right] = bare
        self._covered.clear()
        self._rebased()

    def _rebased(self) -> None:
        self.codec.forget()
        self._halves = None
