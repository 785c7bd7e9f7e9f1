"""`SkiaPainter`: the Painter port."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol

import numpy as np
import skia

from affiche.adapters.paint import shadow, studio, touched, vector
from affiche.adapters.paint.picture import Box, clipped, placed
from affiche.adapters.paint.studio import SetFiles
from affiche.errors import PaintError
from affiche.ports import Painted, Pictures, Pixels
from affiche.values.color import Color
from affiche.values.frame import Fill, Frame, Item, PictureItem, SetItem, Shadow, TextItem, TextRun
from affiche.values.geometry import Area, Rect, Size
from affiche.values.locale import Direction


class DrawLine(Protocol):
    """Draws one line of text; typesetting owns how. Fields are those of `TextItem`, `color` is 0xAARRGGBB."""

    def __call__(
        self, canvas: skia.Canvas, *, text: str, fonts: tuple[str, ...], size: float, direction: Direction, x: float,
        baseline: float, color: int, locale: str, tracking: float, runs: tuple[TextRun, ...],
    ) -> None: ...  # fmt: skip


class LineBox(Protocol):
    """The box px of the outlines of a line (fields as `DrawLine`); None = typesetting cannot tell without drawing."""

    def __call__(
        self, *, text: str, fonts: tuple[str, ...], size: float, direction: Direction, x: float, baseline: float,
        locale: str, tracking: float, runs: tuple[TextRun, ...],
    ) -> Rect | None: ...  # fmt: skip


#: The stored files of the render that a set item shows.
LoadSet = Callable[[SetItem], SetFiles]
#: A logo of 400 x 160 px takes 256 kB.
_SHELF_BYTES = 16_000_000
#: What a set shows in 1080 x 1350 px takes 6 MB: that of the usual placements.
_BACKDROP_BYTES = 48_000_000


class SkiaPainter:
    """Draws frames; holds small caches only (the last logos and backdrops), so that one creative alone equals one of a sheet."""

    def __init__(self, *, draw_line: DrawLine, line_box: LineBox, load_set: LoadSet) -> None:
        self._draw_line = draw_line
        self._line_box = line_box
        self._load_set = load_set
        self._shelf = _Shelf(_SHELF_BYTES)
        self._backdrops = studio.Backdrops(_BACKDROP_BYTES)
        self._outlines = shadow.Outlines()

    def base(self, frame: Frame, pictures: Pictures) -> Pixels:
        """The base layer, opaque RGBA (white where no item covers it). Raises PaintError, AssetError."""
        ground, items = _grounded(frame)
        height, width = frame.size.height, frame.size.width
        canvas: Pixels = np.full((height, width), ground, np.uint32).view(np.uint8).reshape(height, width, 4)
        for item in items:
            self._draw(canvas, item, pictures)
        return canvas

    def overlay(self, frame: Frame, base: Pixels, pictures: Pictures) -> Pixels:
        """The overlay drawn on a copy of `base`. Raises PaintError, AssetError."""
        return self.painted(frame, base, pictures).pixels

    def painted(self, frame: Frame, base: Pixels, pictures: Pictures, canvas: Pixels | None = None, standing: int = 0) -> Painted:
        """The overlay drawn on `canvas`, which equals `base` (None = a copy of it), but for the first `standing` items.

        Raises PaintError, AssetError.
        """
        canvas = _sized(base, frame).copy() if canvas is None else _sized(canvas, frame)
        grounds: dict[int, Pixels] = {}
        areas: list[Area] = []
        before = sum(isinstance(item, TextItem) for item in frame.overlay[:standing])
        with vector.canvas_on(canvas) as target:
            for kind, run in groupby(frame.overlay[standing:], key=_kind):
                items = list(run)
                if kind != "picture":
                    grounds |= _grounds(items, before + len(grounds), canvas, base, areas)
                areas += [self._draw_flat(target, canvas, item, pictures) for item in items]
        return Painted(pixels=canvas, grounds=grounds, touched=tuple(areas))

    def _draw(self, canvas: Pixels, item: Item, pictures: Pictures) -> None:
        match item:
            case SetItem():
                self._draw_set(canvas, item)
            case Shadow():
                shadow.draw(canvas, item, pictures.load(item.picture), self._outlines)
            case _:
                with vector.canvas_on(canvas) as target:
                    self._draw_flat(target, canvas, item, pictures)

    def _draw_flat(self, target: skia.Canvas, canvas: Pixels, item: Item, pictures: Pictures) -> Area:
        """Draws an item; the area that it may have touched."""
        height, width = canvas.shape[:2]
        area = touched.area_of(item, width, height, self._letters(item))
        match item:
            case Fill():
                vector.draw_fill(target, item)
            case PictureItem():
                box = Box.around(item.rect)
                vector.draw_premultiplied(target, self._shelf.placed(item, box, pictures), box, item.radius)
            case TextItem():
                target.save()
                target.clipRect(skia.Rect.MakeLTRB(*area))
                self._draw_text(target, item)
                target.restore()
            case _:
                self._draw(canvas, item, pictures)
        return area

    def _letters(self, item: Item) -> Rect | None:
        """The box px of what is drawn of a line of text, where that is known."""
        if not isinstance(item, TextItem):
            return None
        letters = self._line_box(
            text=item.text, fonts=item.fonts, size=item.size, direction=item.direction, x=item.x, baseline=item.baseline,
            locale=item.locale, tracking=item.tracking, runs=item.runs,
        )  # fmt: skip
        return letters.union(_strike(item)) if letters and item.struck else letters

    def _draw_text(self, target: skia.Canvas, line: TextItem) -> None:
        self._draw_line(
            target, text=line.text, fonts=line.fonts, size=line.size, direction=line.direction, x=line.x,
            baseline=line.baseline, color=line.color.argb, locale=line.locale, tracking=line.tracking, runs=line.runs,
        )  # fmt: skip
        if line.struck:
            vector.draw_fill(target, Fill(rect=_strike(line), paint=line.color))

    def _draw_set(self, canvas: Pixels, item: SetItem) -> None:
        box = Box.around(item.rect)
        tinted = self._backdrops.tinted(self._load_set(item), item, box)
        left, top, right, bottom = clipped(box, canvas)
        if left < right and top < bottom:
            canvas[top:bottom, left:right] = tinted[top - box.y : bottom - box.y, left - box.x : right - box.x]


def _kind(item: Item) -> str:
    """A brand's name set as type stands by itself: it is behind the words of a creative, as a logo would be."""
    if not isinstance(item, TextItem):
        return "picture"
    return "name" if item.slot == "logo" else "words"


def _grounded(frame: Frame) -> tuple[np.uint32, Sequence[Item]]:
    """The px that the base begins with, and what is drawn on it: a plain colour of the whole canvas, else white."""
    match frame.base[:1]:
        case (Fill(rect=rect, paint=Color(a=255) as color, radius=0.0, stroke=0.0),) if rect == _whole(frame.size):
            return np.array([color.r, color.g, color.b, 255], np.uint8).view(np.uint32)[0], frame.base[1:]
    return np.uint32(0xFFFFFFFF), frame.base


def _whole(size: Size) -> Rect:
    return Rect(0.0, 0.0, float(size.width), float(size.height))


def _strike(line: TextItem) -> Rect:
    """A line through the middle of lower-case letters and figures alike."""
    return Rect(line.x, line.baseline - 0.335 * line.size, line.width, max(1.0, 0.065 * line.size))


class _Shelf:
    """The last small pictures as placed (logos, badges), by everything that determines them; bounded in bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: dict[tuple[PictureItem, Box], Pixels] = {}

    def placed(self, item: PictureItem, box: Box, pictures: Pictures) -> Pixels:
        key = (item, box)
        if key in self._kept:
            return self._kept[key]
        pixels = placed(*_sharp(item, box, pictures), box)
        if pixels.nbytes <= self._max_bytes // 4:
            self._kept[key] = pixels
            while sum(kept.nbytes for kept in self._kept.values()) > self._max_bytes:
                del self._kept[next(iter(self._kept))]
        return pixels


def _sharp(item: PictureItem, box: Box, pictures: Pictures) -> tuple[Pixels, PictureItem]:
    """The pixels of `item`; a vector that would be enlarged is drawn again as large as it is needed, its source to match."""
    pixels = pictures.load(item.picture)
    factor = max(box.width / max(1.0, item.source.width), box.height / max(1.0, item.source.height))
    if factor <= 1.0:
        return pixels, item
    height, width = pixels.shape[:2]
    larger = pictures.load_vector(item.picture, Size(width=math.ceil(width * factor), height=math.ceil(height * factor)))
    across, down = larger.shape[1] / width, larger.shape[0] / height
    source = Rect(item.source.x * across, item.source.y * down, item.source.width * across, item.source.height * down)
    return larger, replace(item, source=source)


def _sized(canvas: Pixels, frame: Frame) -> Pixels:
    if canvas.shape != (frame.size.height, frame.size.width, 4):
        raise PaintError(f"The base is {canvas.shape[1]}x{canvas.shape[0]}, the frame {frame.size}.")
    return canvas


def _grounds(lines: list[Item], first: int, canvas: Pixels, base: Pixels, drawn: list[Area]) -> Mapping[int, Pixels]:
    """What lies behind a run of lines, before any of them is drawn (their boxes may overlap): copied where it is not the base."""
    grounds: dict[int, Pixels] = {}
    for number, line in enumerate(lines, first):
        if isinstance(line, TextItem):
            left, top, right, bottom = box = _outwards(line.ink)
            covered = any(touched.meet(box, area) for area in drawn)
            grounds[number] = canvas[top:bottom, left:right].copy() if covered else base[top:bottom, left:right]
    return grounds


def _outwards(rect: Rect) -> Area:
    x, y = max(0, math.floor(rect.x)), max(0, math.floor(rect.y))
    return x, y, max(x, math.ceil(rect.right)), max(y, math.ceil(rect.bottom))
