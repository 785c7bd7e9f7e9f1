"""What saves work in a sheet changes no byte: spliced rows equal a full encode, kept pictures equal fresh ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.adapters.blobs import MemoryBlobs
from affiche.adapters.codec import CvRows, FileCodec
from affiche.adapters.paint import SkiaPainter
from affiche.compose.compose import compose
from affiche.compose.typeset.shape import draw_line, line_box
from affiche.errors import AssetError
from affiche.imagine.prepare import prepare
from affiche.imagine.store import serialize
from affiche.ports import Painted, Pixels
from affiche.publish.thumbnail import Halves, thumbnail
from affiche.render.jobs import Ready
from affiche.render.sheet import Sheet
from affiche.render.sheet_codec import SheetCodec
from affiche.render.shelf import Shelf
from affiche.values.digest import digest
from affiche.values.frame import Frame
from affiche.values.geometry import Rect, Size
from tests.unit.compose.requests import request

HEIGHT, WIDTH = 70, 50
BASE: Pixels = np.random.default_rng(5).integers(0, 255, (HEIGHT, WIDTH, 4), np.uint8)
BASE[..., 3] = 255

boxes = st.lists(st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.integers(1, 30), st.integers(1, 30)), max_size=4)


def overlaid(drawn: list[tuple[int, int, int, int]]) -> Pixels:
    pixels = BASE.copy()
    for top, left, height, width in drawn:
        pixels[top : top + height, left : left + width, :3] ^= 255
    return pixels


#: More than differs, as a painter may say it.
WHOLE = ((0, 0, WIDTH, HEIGHT),)


@settings(max_examples=60)
@given(boxes, st.sampled_from(["420", "444"]), st.sampled_from([92, 60]))
def test_a_file_from_a_sheet_equals_one_encoded_alone(drawn: list[tuple[int, int, int, int]], chroma: str, quality: int) -> None:
    codec, pixels = SheetCodec(FileCodec(), CvRows(), BASE), overlaid(drawn)
    codec.touched = WHOLE
    codec.encode(overlaid([(3, 3, 9, 9)]), format="jpeg", quality=quality, chroma=chroma)  # type: ignore[arg-type]
    codec.touched = tuple((x, y, x + wide, y + tall) for y, x, tall, wide in drawn)
    alone = CvRows().rows(pixels, quality=quality, chroma=chroma)  # type: ignore[arg-type]
    assert codec.encode(pixels, format="jpeg", quality=quality, chroma=chroma) == alone  # type: ignore[arg-type]
    lonely = SheetCodec(FileCodec(), CvRows(), BASE, alone=True)
    assert lonely.encode(pixels, format="jpeg", quality=quality, chroma=chroma) == alone  # type: ignore[arg-type]
    lonely.alone, lonely.touched = False, codec.touched
    assert lonely.encode(pixels, format="jpeg", quality=quality, chroma=chroma) == alone, "company came"  # type: ignore[arg-type]


@settings(max_examples=60)
@given(st.lists(boxes, min_size=1, max_size=3), st.sampled_from([9, 17, 24, 35, 200]), st.sampled_from([(70, 50), (69, 47)]))
def test_a_thumbnail_from_a_sheet_equals_one_of_the_whole(
    creatives: list[list[tuple[int, int, int, int]]], long_side: int, size: tuple[int, int]
) -> None:
    height, width = size
    halves = Halves(BASE[:height, :width], long_side=long_side)
    for drawn in creatives:
        pixels = np.ascontiguousarray(overlaid(drawn)[:height, :width])
        touched = [(x, y, min(width, x + wide), min(height, y + tall)) for y, x, tall, wide in drawn]
        assert halves.thumbnail(pixels, touched) == thumbnail(pixels, long_side=long_side)


# -- the canvas -------------------------------------------------------------------------------------------------------------


class _Painter:
    """Draws a square where the frame's safe area is; breaks on request, with half of the square drawn."""

    def __init__(self) -> None:
        self.bases = 0

    def base(self, frame: Frame, pictures: object) -> Pixels:
        self.bases += 1
        return BASE.copy()

    def painted(self, frame: Frame, base: Pixels, pictures: object, canvas: Pixels | None = None, standing: int = 0) -> Painted:
        assert canvas is not None and (canvas == base).all()
        top = int(frame.safe.y)
        canvas[top : top + 4] ^= 255
        if frame.template == "broken":
            raise ValueError("broken")
        return Painted(pixels=canvas, grounds={}, touched=((0, top, WIDTH, top + 4),))


def framed(top: int, template: str = "") -> Frame:
    size = Size(width=WIDTH, height=HEIGHT)
    return Frame(size=size, base=(), overlay=(), slots={}, safe=Rect(0, top, 9, 9), template=template)


def differing(pixels: Pixels) -> list[int]:
    return [int(row) for row in np.flatnonzero((pixels != BASE).any(axis=(1, 2)))]


def test_a_creative_finds_the_canvas_as_the_first_one_did() -> None:
    sheet = Sheet(framed(0), _Painter(), None, FileCodec(), CvRows())  # type: ignore[arg-type]
    for top in (0, 30, 5):
        with sheet.painted(framed(top), None) as done:  # type: ignore[arg-type]
            assert differing(done.pixels) == list(range(top, top + 4))


def test_a_creative_that_breaks_leaves_nothing_behind() -> None:
    sheet = Sheet(framed(0), _Painter(), None, FileCodec(), CvRows())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="broken"), sheet.painted(framed(8, "broken"), None):  # type: ignore[arg-type]
        pass
    with sheet.painted(framed(50), None) as done:  # type: ignore[arg-type]
        assert differing(done.pixels) == list(range(50, 54))


# -- what stands on the base ---------------------------------------------------------------------------------------------------


def ad(name: str, headline: str, **changes: str) -> Frame:
    """A creative with its brand's name set as type, which leads the overlay; or without one."""
    wanted = request("stage", (1080, 1080), picture=None, headline=headline, **changes)
    return compose(replace(wanted, wordmark=name))


def drawn(sheet: Sheet, frame: Frame) -> tuple[Any, ...]:
    """Everything that comes out of a sheet."""
    with sheet.painted(frame, None) as done:  # type: ignore[arg-type]
        grounds = {number: ground.tobytes() for number, ground in done.grounds.items()}
        file = sheet.codec.encode(done.pixels, format="jpeg", quality=92)
        return done.pixels.tobytes(), grounds, file, sheet.thumbnail(done)


class _Counted(SkiaPainter):
    """Counts the lines of brand names that are drawn."""

    def __init__(self) -> None:
        self.names = 0

        def counted(canvas: Any, *, text: str, **line: Any) -> None:
            self.names += text in ("Verde", "Azul")
            draw_line(canvas, text=text, **line)

        super().__init__(draw_line=counted, line_box=line_box, load_set=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "times"),
    [
        (["Verde"] * 4, 1),
        (["Verde", "Verde", "Azul", "Verde"], 3),  # another name ends it: each draws its own from there on
        (["", "Verde", "Verde"], 2),
    ],
)
def test_a_name_that_leads_is_drawn_once_for_all_and_every_creative_is_as_if_alone(names: list[str], times: int) -> None:
    frames = [ad(name, f"Wake up {number}", legal="Small print") for number, name in enumerate(names)]
    painter = _Counted()
    sheet = Sheet(frames[0], painter, None, FileCodec(), CvRows())  # type: ignore[arg-type]
    made = [drawn(sheet, frame) for frame in frames]
    assert painter.names == times
    assert all(sheet.holds(frame) for frame in frames)
    for frame, shared in zip(frames, made, strict=True):
        lonely = Sheet(frame, _Counted(), None, FileCodec(), CvRows(), alone=True)  # type: ignore[arg-type]
        assert drawn(lonely, frame) == shared


def test_company_that_comes_later_shares_the_name_too() -> None:
    frames = [ad("Verde", f"Wake up {number}") for number in range(3)]
    painter = _Counted()
    sheet = Sheet(frames[0], painter, None, FileCodec(), CvRows(), alone=True)  # type: ignore[arg-type]
    first = drawn(sheet, frames[0])
    sheet.codec.alone = False
    assert painter.names == 1
    assert [first, *(drawn(sheet, frame) for frame in frames[1:])] == [
        drawn(Sheet(frame, _Counted(), None, FileCodec(), CvRows(), alone=True), frame) for frame in frames  # type: ignore[arg-type]
    ]
    assert painter.names == 2


# -- the shelf ------------------------------------------------------------------------------------------------------------


class _Counting(MemoryBlobs):
    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.seen: Callable[[], object] = lambda: None

    def get(self, blob: object) -> bytes:
        self.read += 1
        self.seen()
        return super().get(blob)  # type: ignore[arg-type]


def _announced(blobs: MemoryBlobs, count: int) -> dict[object, Ready]:
    codec, found = FileCodec(), {}
    for number in range(count):
        pixels = np.roll(np.repeat(np.repeat(BASE, 2, 0), 2, 1), number, 0)
        source = codec.encode(pixels, format="png", quality=100)
        made = prepare(source, codec=codec, digest=digest("picture", number))
        found[made.info.digest] = Ready(info=made.info, pixels=blobs.put(serialize(made, source)))
    return found


def test_a_picture_is_decoded_once_while_there_is_room() -> None:
    blobs = _Counting()
    ready = _announced(blobs, 3)
    size = HEIGHT * WIDTH * 4 * 4
    shelf = Shelf(blobs, FileCodec(), max_bytes=2 * size)
    shelf.show(ready)  # type: ignore[arg-type]
    first, second, third = ready
    for picture in (first, second, first, second):
        shelf.load(picture)  # type: ignore[arg-type]
    assert blobs.read == 2
    shelf.load(third)  # type: ignore[arg-type]
    shelf.load(second)  # type: ignore[arg-type]
    assert blobs.read == 3
    held: list[int] = []
    blobs.seen = lambda: held.append(len(shelf._kept))
    shelf.load(first)  # type: ignore[arg-type]
    assert blobs.read == 4
    assert held == [1], "room is made before a picture is decoded, not after"


def test_a_picture_that_was_not_announced_is_refused() -> None:
    with pytest.raises(AssetError, match="not prepared"):
        Shelf(MemoryBlobs(), FileCodec()).load(digest("never"))
