"""contact-sheet.png: the campaign at one glance, for a mail or a wall. Made of at most CELLS thumbnails.

Every ad gets about the same area, whatever its ratio, so that no placement shouts; ads stand on a common line
with their locale below, product by product. Labels are ids and locale tags (Latin); the words of the ads are in
the ads.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import affiche_fonts
from affiche.ports import Pixels
from affiche.publish.model import PublishedCreative, PublishedRun, status_counts
from affiche.publish.png import png
from affiche.publish.thumbnail import LONG_SIDE
from affiche.values.digest import Digest
from affiche.values.finding import CreativeStatus

NAME = "contact-sheet.png"
CELLS = 120
MAX_BYTES = 3_000_000
_WIDTH, _MARGIN, _GAP, _CAPTION, _HEADING = 2400, 64, 28, 30, 76
#: A caption needs room for the longest usual tag (zh-Hant-TW) even below a skyscraper.
_LABEL = 104
#: px² of thumbnails on the whole sheet: in true colour it mostly stays under MAX_BYTES for photos (1.1 bytes per px).
_PICTURE_AREA = 2_400_000
_SIDE = (120.0, 400.0)
#: Faces and sizes px of the two lines of the header.
_TITLE, _FACTS = ("Inter 700", 52), ("Inter 400", 26)

_GROUND, _INK, _QUIET, _EDGE = (244, 245, 247), (16, 24, 40), (102, 112, 133), (214, 218, 225)
_MARKS: dict[CreativeStatus, tuple[int, int, int]] = {
    "passed": (18, 148, 90), "flagged": (214, 138, 0), "failed": (214, 48, 62), "error": (140, 60, 190),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a creative is shown, px of the sheet."""

    creative: PublishedCreative
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A laid-out contact sheet: cells, headings (text, y of the baseline), width and height px."""

    cells: tuple[Cell, ...]
    headings: tuple[tuple[str, int], ...]
    width: int
    height: int


def render(title: str, creatives: Sequence[PublishedCreative], load: Callable[[Digest], bytes]) -> bytes:
    """The sheet as PNG of less than MAX_BYTES; `load` gives thumbnails by blob digest. Same input, same bytes."""
    shown = sample([c for c in creatives if c.thumbnail is not None])
    sheet = arrange(shown)
    facts = _facts(creatives, len(shown))
    image = Image.new("RGB", (max(sheet.width, _wide_enough(title, facts)), sheet.height), _GROUND)
    _draw_header(image, title, facts)
    _draw_cells(image, sheet, load)
    return _compressed(image)


def title_of(run: PublishedRun) -> str:
    """The name of the campaign when the sheet's one Latin face can show it whole, else its id."""
    return run.name if run.name and all(" " <= c < "\u0250" or c in "–—‘’“”…" for c in run.name) else run.campaign


def sample(creatives: Sequence[PublishedCreative], limit: int = CELLS) -> list[PublishedCreative]:
    """At most `limit` creatives, evenly taken from all in the order product, shape, placement, locale."""
    ordered = sorted(creatives, key=lambda c: (c.product, _ratio(c), c.placement, c.locale, c.variant))
    if len(ordered) <= limit:
        return ordered
    return [ordered[i * len(ordered) // limit] for i in range(limit)]


def _ratio(creative: PublishedCreative) -> float:
    return creative.files[0].width / creative.files[0].height if creative.files else 1.0


def arrange(creatives: Sequence[PublishedCreative]) -> Sheet:
    """Cells of equal area in rows, standing on the bottom of their row; a heading begins each product."""
    side = min(_SIDE[1], max(_SIDE[0], (_PICTURE_AREA / max(1, len(creatives))) ** 0.5))
    cells: list[Cell] = []
    headings: list[tuple[str, int]] = []
    y = 190
    for product in dict.fromkeys(c.product for c in creatives):
        headings.append((product, y + 44))
        y += _HEADING
        for row in _rows([c for c in creatives if c.product == product], side):
            placed = _stand(row, y)
            cells += placed
            y = max(c.y + c.height for c in placed) + _CAPTION + _GAP
    right = max((c.x + max(c.width, _LABEL) for c in cells), default=0)
    return Sheet(cells=tuple(cells), headings=tuple(headings), width=right + _MARGIN, height=y + _MARGIN - _GAP)


def _size(creative: PublishedCreative, side: float) -> tuple[int, int]:
    """About `side`² px², no side longer than thumbnails have pixels or the sheet is wide."""
    ratio = _ratio(creative)
    width, height = side * ratio**0.5, side / ratio**0.5
    fit = min(1.0, LONG_SIDE / width, LONG_SIDE / height)
    return max(1, round(width * fit)), max(1, round(height * fit))


_Row = list[tuple[PublishedCreative, int, int]]


def _rows(creatives: Sequence[PublishedCreative], side: float) -> list[_Row]:
    rows: list[_Row] = [[]]
    x = _MARGIN
    for creative in creatives:
        width, height = _size(creative, side)
        if x + width > _WIDTH - _MARGIN and rows[-1]:
            rows.append([])
            x = _MARGIN
        rows[-1].append((creative, width, height))
        x += max(width, _LABEL) + _GAP
    return rows


def _stand(row: _Row, y: int) -> list[Cell]:
    tallest = max(height for _, _, height in row)
    cells, x = [], _MARGIN
    for creative, width, height in row:
        cells.append(Cell(creative=creative, x=x, y=y + tallest - height, width=width, height=height))
        x += max(width, _LABEL) + _GAP
    return cells


@cache
def _font(alias: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(affiche_fonts.path(alias)), size, layout_engine=ImageFont.Layout.BASIC)


def _facts(creatives: Sequence[PublishedCreative], shown: int) -> str:
    counts = [f"{count:,} {status}" for status, count in status_counts(creatives).items() if count]
    part = [f"{shown} shown"] if shown < len(creatives) else []
    return " · ".join([f"{len(creatives):,} creatives", *counts, *part])


def _wide_enough(title: str, facts: str) -> int:
    """Px of a sheet that holds its header; a title that is longer than the widest sheet is cut at its edge."""
    widest = max(_font(*_TITLE).getlength(title), _font(*_FACTS).getlength(facts))
    return min(_WIDTH, round(widest) + 2 * _MARGIN)


def _draw_header(image: Image.Image, title: str, facts: str) -> None:
    draw = ImageDraw.Draw(image)
    draw.text((_MARGIN, 104), title, _INK, font=_font(*_TITLE), anchor="ls")
    draw.text((_MARGIN, 150), facts, _QUIET, font=_font(*_FACTS), anchor="ls")


def _draw_cells(image: Image.Image, sheet: Sheet, load: Callable[[Digest], bytes]) -> None:
    draw = ImageDraw.Draw(image)
    for text, y in sheet.headings:
        draw.text((_MARGIN, y), text, _INK, font=_font("Inter 600", 28), anchor="ls")
    caption = _font("Inter 500", 17)
    for cell in sheet.cells:
        box = (cell.x - 1, cell.y - 1, cell.x + cell.width, cell.y + cell.height)
        draw.rectangle(box, outline=_EDGE)
        image.paste(_picture(load(cell.creative.thumbnail or Digest("")), cell), (cell.x, cell.y))
        y = cell.y + cell.height + 16
        draw.ellipse((cell.x, y - 4, cell.x + 8, y + 4), fill=_MARKS[cell.creative.status])
        draw.text((cell.x + 15, y), cell.creative.locale, _QUIET, font=caption, anchor="lm")


def _picture(data: bytes, cell: Cell) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as small:
        return small.convert("RGB").resize((cell.width, cell.height), Image.Resampling.BOX, reducing_gap=None)


def _coarse(step: int) -> Pixels:
    """Every level to the nearest multiple of `step`: rounded, not cut off, so that the mean tone stays."""
    return np.minimum((np.arange(256) + step // 2) // step * step, 255).astype(np.uint8)


def _compressed(image: Image.Image) -> bytes:
    """True colour when it is light enough, else 64 or 32 levels per channel (a palette makes skies blotchy), else smaller."""
    pixels = np.asarray(image)
    for step in (1, 4, 8):
        data = png(pixels if step == 1 else np.asarray(cv2.LUT(pixels, _coarse(step)), np.uint8))
        if len(data) < MAX_BYTES:
            return data
    return _compressed(image.reduce(2))
