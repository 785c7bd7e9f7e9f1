"""What saves work in a sheet changes no byte: spliced rows equal a full encode, kept pictures equal fresh ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.adapters.blobs import MemoryBlobs
from affiche.adapters.codec import CvRows, FileCodec
from affiche.errors import AssetError
from affiche.imagine import prepare, serialize
from affiche.ports import Pixels
from affiche.render.jobs import Ready
from affiche.render.sheet_codec import SheetCodec, changed_bands
from affiche.render.shelf import Shelf
from affiche.values.digest import digest

HEIGHT, WIDTH = 70, 50
BASE: Pixels = np.random.default_rng(5).integers(0, 255, (HEIGHT, WIDTH, 4), np.uint8)
BASE[..., 3] = 255

boxes = st.lists(st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.integers(1, 30), st.integers(1, 30)), max_size=4)


def overlaid(drawn: list[tuple[int, int, int, int]]) -> Pixels:
    pixels = BASE.copy()
    for top, left, height, width in drawn:
        pixels[top : top + height, left : left + width, :3] ^= 255
    return pixels


@settings(max_examples=60)
@given(boxes, st.sampled_from(["420", "444"]), st.sampled_from([92, 60]))
def test_a_file_from_a_sheet_equals_one_encoded_alone(drawn: list[tuple[int, int, int, int]], chroma: str, quality: int) -> None:
    codec, pixels = SheetCodec(FileCodec(), CvRows()), overlaid(drawn)
    codec.start(BASE)
    codec.encode(overlaid([(3, 3, 9, 9)]), format="jpeg", quality=quality, chroma=chroma)  # type: ignore[arg-type]
    alone = CvRows().rows(pixels, quality=quality, chroma=chroma)  # type: ignore[arg-type]
    assert codec.encode(pixels, format="jpeg", quality=quality, chroma=chroma) == alone  # type: ignore[arg-type]


def test_another_base_is_another_sheet() -> None:
    codec, other = SheetCodec(FileCodec(), CvRows()), 255 - BASE
    other[..., 3] = 255
    for base in (BASE, other):
        codec.start(base)
        assert codec.encode(base, format="jpeg", quality=90) == CvRows().rows(base, quality=90, chroma="420")


@given(boxes)
def test_bands_are_the_rows_that_differ(drawn: list[tuple[int, int, int, int]]) -> None:
    pixels = overlaid(drawn)
    bands = changed_bands(BASE, pixels)
    rows = [row for top, bottom in bands for row in range(top, bottom)]
    assert rows == [row for row in range(HEIGHT) if (BASE[row] != pixels[row]).any()]
    assert all(one[1] < other[0] for one, other in zip(bands, bands[1:], strict=False))


# -- the shelf ------------------------------------------------------------------------------------------------------------


class _Counting(MemoryBlobs):
    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def get(self, blob: object) -> bytes:
        self.read += 1
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
    shelf.load(first)  # type: ignore[arg-type]
    assert blobs.read == 4


def test_a_picture_that_was_not_announced_is_refused() -> None:
    with pytest.raises(AssetError, match="not prepared"):
        Shelf(MemoryBlobs(), FileCodec()).load(digest("never"))
