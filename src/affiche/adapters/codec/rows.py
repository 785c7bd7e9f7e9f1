"""JPEG splice: the base of a sheet is encoded once, each creative encodes only the cells that its overlay touches.

Theory of operation. In a baseline JPEG with restart markers the blocks between two markers (a *cell*) are independent: the
DC prediction and the bit buffer start anew at each marker. Cells divide every row of blocks evenly, so an area of whole cells
that is encoded alone with the same interval holds the same cells as the whole picture, as long as quality, subsampling and
Huffman tables are the same. Splicing replaces those cells; the markers between them (RST0..RST7 in turn) go by place and
stay. Costs 0.3 to 1.5 % of file size, most in flat pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from affiche.errors import PaintError
from affiche.ports import Chroma, Pixels
from affiche.values.geometry import Area, disjoint

#: RST0..RST7 in turn; entropy-coded data never looks like one.
_MARKERS = tuple(bytes((0xFF, 0xD0 + number)) for number in range(8))
_MARKER = re.compile(rb"\xff[\xd0-\xd7]")
_END = b"\xff\xd9"
_FACTORS = {
    "420": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "444": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
}
#: Side of a block of the whole picture (MCU), px.
BLOCK = {"420": 16, "444": 8}
#: Fewest blocks in a cell: shorter ones cost more in markers than they save in encoding.
_SHORTEST = 15
#: Largest area whose memory is kept for the next one: a story, encoded whole.
_KEPT_BYTES = 1080 * 1920 * 4
#: JPEG keeps the restart interval and both sides in 16 bits.
_MAX_SIDE = 65_500


class CvRows:
    """RowCodec on libjpeg-turbo as OpenCV ships it (it lets us set the restart interval). For one thread at a time."""

    def __init__(self) -> None:
        self._swapped = np.empty(0, np.uint8)

    def rows(self, pixels: Pixels, *, quality: int, chroma: Chroma) -> bytes:
        """A whole baseline JPEG whose rows of blocks are divided into cells of `cell_of` blocks."""
        return self._encoded(pixels, quality, chroma, cell_of(pixels.shape[1], chroma)).tobytes()

    def splice(self, base: bytes, pixels: Pixels, areas: Iterable[Area], *, quality: int, chroma: Chroma) -> bytes:
        """`base` with the cells touched by `areas` taken from `pixels`.

        Byte-identical to `rows(pixels)` when `pixels` differs from the base inside the areas only.
        """
        head, starts = _starts(base)
        height, width = pixels.shape[:2]
        block, cell = BLOCK[chroma], cell_of(width, chroma)
        across = -(-width // (block * cell))
        if len(starts) != across * -(-height // block) + 1:
            raise PaintError("The base was encoded from a picture of another size or colour resolution.")
        fresh: list[tuple[int, list[bytes]]] = []
        for left, top, right, bottom in cell_areas(areas, (width, height), (block * cell, block)):
            part = pixels[top * block : bottom * block, left * block * cell : right * block * cell]
            wide = right - left
            scan = self._encoded(part, quality, chroma, cell)[head : -len(_END)].tobytes()
            cells = _cells(scan, wide * (bottom - top))
            fresh += [(row * across + left, cells[(row - top) * wide :][:wide]) for row in range(top, bottom)]
        return _joined(base, starts, sorted(fresh))

    def _encoded(self, pixels: Pixels, quality: int, chroma: Chroma, interval: int) -> npt.NDArray[np.uint8]:
        height, width = pixels.shape[:2]
        if max(height, width) > _MAX_SIDE:
            raise PaintError(f"JPEG cannot hold {width}x{height} pixels.")
        options = [
            cv2.IMWRITE_JPEG_QUALITY, quality,
            cv2.IMWRITE_JPEG_RST_INTERVAL, interval,
            cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _FACTORS[chroma],
        ]  # fmt: skip
        done, data = cv2.imencode(".jpg", self._bgra(pixels), options)
        if not done:
            raise PaintError("The JPEG encoder failed.")
        return data

    def _bgra(self, pixels: Pixels) -> Pixels:
        """`pixels` as the encoder reads them (with four channels, for three are copied first), valid until the next call."""
        # Fresh memory for every area would cost more than the swap.
        if self._swapped.size < pixels.size <= _KEPT_BYTES:
            self._swapped = np.empty(_KEPT_BYTES, np.uint8)
        room = self._swapped if pixels.size <= _KEPT_BYTES else np.empty(pixels.size, np.uint8)
        swapped = room[: pixels.size].reshape(pixels.shape)
        cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA, dst=swapped)
        return swapped


@lru_cache(maxsize=256)
def cell_of(width: int, chroma: Chroma) -> int:
    """Blocks in a cell of a picture `width` px wide: the least even share of a row that is not too short."""
    blocks = -(-width // BLOCK[chroma])
    return next((share for share in range(_SHORTEST, blocks) if blocks % share == 0), blocks)


def cell_areas(areas: Iterable[Area], size: tuple[int, int], cell: tuple[int, int]) -> list[Area]:
    """Px areas, clipped to `size`, as disjoint areas counted in cells of `cell` px (width, height)."""
    (width, height), (across, down) = size, cell
    return disjoint(
        (max(0, left) // across, max(0, top) // down, -(-min(width, right) // across), -(-min(height, bottom) // down))
        for left, top, right, bottom in areas
        if left < min(width, right) and top < min(height, bottom) and right > 0 and bottom > 0
    )


@lru_cache(maxsize=16)
def _starts(jpeg: bytes) -> tuple[int, tuple[int, ...]]:
    """Where the entropy-coded cells of a whole file begin: the first one, and each one with the end of the file as the last.

    Two bytes before each of them are the marker that ends the cell before it, or the end of the picture. The header of any
    other picture of the same quality and chroma is as long.
    """
    at = _scan_start(jpeg)
    return at, (at, *(found.end() for found in _MARKER.finditer(jpeg, at)), len(jpeg))


def _cells(scan: bytes, count: int) -> list[bytes]:
    """The cells of a scan, without markers. Raises PaintError when they are not `count`."""
    cells = _MARKER.split(scan)
    if len(cells) != count:
        raise PaintError("The encoder did not divide an area into cells as it did the base.")
    return cells


def _joined(base: bytes, starts: tuple[int, ...], fresh: list[tuple[int, list[bytes]]]) -> bytes:
    """`base` with other cells in some places: (number of the first one, cells in a row), in order and apart."""
    whole, kept = memoryview(base), 0
    pieces: list[bytes | memoryview] = []
    for first, cells in fresh:
        pieces.append(whole[kept : starts[first]])
        for number, cell in enumerate(cells, first):
            pieces += (cell, _MARKERS[number % 8])
        del pieces[-1]  # the last marker is the base's
        kept = starts[first + len(cells)] - 2
    pieces.append(whole[kept:])
    return b"".join(pieces)


def _scan_start(jpeg: bytes) -> int:
    at = 2
    while jpeg[at] == 0xFF:
        kind, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        at += 2 + length
        if kind == 0xDA:
            return at
    raise PaintError("Not a baseline JPEG with one scan.")
