"""Letters: rows of shapes that look like words, in pictures that were to have none. Pure; measured, nothing is read.

Theory of operation. Whatever the script, words are shapes of one tone, with sharp edges, strokes of one width, side by side. So:

    shapes   regions that stay the same over many thresholds (MSER, Matas 2002), of lightness and of both colour axes, each
             with its tone, its spread inside, its stroke and its contrast to the ground
    rows     shapes beside each other that share tone, stroke and line; marks and dots join their letters
    words    rows that are even inside, alike in tone, as restless across as writing is, and long

Photographs have rows of similar shapes too (leaves, windows, keys of a piano), but their tones wander. Limits were tried on a
labelled set (`tests/unit/imagine/words.py`), whose results stand in docs/money-and-models.md. Doubtful: letters that are hollow,
shaded like a relief, hand-written in one stroke, turned by more than a few degrees, or lower than a hundredth of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from affiche.ports import Pixels
from affiche.values.geometry import Rect, Size

Floats = npt.NDArray[np.float32]

#: Longest side, px, on which is looked: letters of 3 % of the height then have strokes of more than a pixel.
_SIDE = 1200
#: Height of a shape: px, and of the picture. Higher shapes are things.
_LOWEST, _HIGHEST = 5, 0.17
#: Of a shape, in steps of 0..255 in Lab: least contrast to its ground, most spread inside.
_CONTRAST, _SPREAD = 18.0, 16.0
#: Of a row. Contrast 0..255; what is told against it is a share of that contrast.
_ROW_CONTRAST, _UNEVEN, _TONES, _GROUND, _STROKES = 55.0, 0.09, 0.10, 0.40, 0.45
#: Least height of a row (of the picture), and how steep its edges are at least (1: from ground to ink in one pixel).
_ROW_HEIGHT, _STEEP = 0.012, 0.45
#: Strokes that a line across meets, for each height of the row.
_RESTLESS = (1.2, 4.5)
#: A row counts with so many tall shapes, or when it is so many times longer than high (scripts whose letters are joined): then
#: it must be as flat and as much of one tone as only ink is (shares of the contrast).
_SHAPES, _LONG, _INK = 5, 2.75, 0.06
#: Shapes of one tone (a share of the contrast) and stroke may be further apart (of the height) and of any height: words beside
#: each other, bars, dots.
_ONE_TONE, _ONE_STROKE, _APART = 0.05, 1.6, 1.2
#: From here it is only doubtful: it costs quality, and refuses nothing.
_FEW, _SHORT = 4, 2.2
_NEAR = np.ones((3, 3), np.uint8)
#: Columns of a shape.
_X, _Y, _W, _H, _L, _A, _B, _SPREADS, _STROKE, _CONTRASTS, _EDGE, _RUNS = range(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What looks like words: where (fractions of the picture), how many shapes, and whether it is `sure` or only doubtful."""

    box: Rect
    shapes: int
    sure: bool

    @property
    def where(self) -> str:
        """In words: `at the lower left (x 6-40 %, y 82-90 %)`."""
        across, down = self.box.x + self.box.width / 2, self.box.y + self.box.height / 2
        side = "left" if across < 1 / 3 else "right" if across > 2 / 3 else ""
        height = "upper" if down < 1 / 3 else "lower" if down > 2 / 3 else ""
        name = f"at the {height} {side or 'middle'}" if height else f"at the {side}" if side else "in the middle"
        box = self.box
        return f"{name} (x {box.x:.0%}-{box.right:.0%}, y {box.y:.0%}-{box.bottom:.0%})".replace("%-", "-").replace("%", " %")


def rows_of_letters(pixels: Pixels, *, besides: Rect | None = None, foot: float = 0.0) -> tuple[Row, ...]:
    """Rows that look like words, the largest first.

    `besides`: a part (fractions) that is not looked at; `foot`: this share of the height at the foot is not looked at either.
    """
    lab = _lab(pixels)
    size = Size(width=lab.shape[1], height=lab.shape[0])
    found = _unlike(_shapes(lab))
    seen = found[~_hidden(found, size, besides, foot)]
    rows = [row for members in _rows(seen) if (row := _judged(members, size)) is not None]
    return tuple(sorted(rows, key=lambda row: (-row.sure, -row.box.width * row.box.height)))


def _lab(pixels: Pixels) -> Floats:
    """CIE Lab, each axis 0..255, at the size on which is looked."""
    height, width = pixels.shape[:2]
    scale = _SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    rgb = cv2.resize(np.ascontiguousarray(pixels[..., :3]), size, interpolation=way)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), np.float32)


# -- shapes


def _shapes(lab: Floats) -> Floats:
    """A line for each region that could be a letter, a part of one, or a word of joined letters."""
    height, width = lab.shape[:2]
    across, down = (cv2.Sobel(lab, cv2.CV_32F, *way, scale=0.25) for way in ((1, 0), (0, 1)))
    slope = np.sqrt((across**2 + down**2).sum(axis=2))
    axes = (lab[..., 0].astype(np.uint8), *(cv2.convertScaleAbs(lab[..., n], alpha=2, beta=-128) for n in (1, 2)))
    lines = []
    for axis in axes:
        finder = cv2.MSER.create(delta=6, min_area=14, max_area=int(0.03 * height * width), max_variation=0.4, min_diversity=0.35)
        for points, box in zip(*finder.detectRegions(np.ascontiguousarray(axis)), strict=True):
            if _plausible(len(points), box, lab.shape):
                line = _shape(np.asarray(points), box, lab, slope)
                if line is not None:
                    lines.append(line)
    return np.array(lines, np.float32).reshape(-1, _RUNS + 1)


def _plausible(area: int, box: tuple[int, int, int, int], shape: tuple[int, ...]) -> bool:
    x, y, width, height = box
    inside = x > 1 and y > 1 and x + width < shape[1] - 1 and y + height < shape[0] - 1
    return inside and _LOWEST <= height <= _HIGHEST * shape[0] and width <= 16 * height and area >= 0.06 * width * height


def _shape(points: npt.NDArray[np.int32], box: tuple[int, int, int, int], lab: Floats, slope: Floats) -> list[float] | None:
    """What is measured on one region, None when it is not even, not sharp, or a blot."""
    x, y, width, height = box
    pad = 3
    left, top = max(0, x - pad), max(0, y - pad)
    here = np.s_[top : y + height + pad, left : x + width + pad]
    part = lab[here]
    ink = np.zeros(part.shape[:2], np.uint8)
    ink[points[:, 1] - top, points[:, 0] - left] = 1
    core, wider = cv2.erode(ink, _NEAR), cv2.dilate(ink, _NEAR)
    rim = len(points) - int(core.sum())
    stroke = 2 * len(points) / max(1, rim) - 1
    if stroke > 0.6 * max(height, 0.5 * width):
        return None
    inner = part[core > 0] if core.sum() >= 6 else part[ink > 0]
    spread = float(inner.std(axis=0).max())
    around = part[(cv2.dilate(wider, _NEAR, iterations=2) > 0) & (wider == 0)]
    if spread > _SPREAD or len(around) < 8:
        return None
    tone = np.median(inner, axis=0)
    contrast = float(np.linalg.norm(np.median(around, axis=0) - tone))
    if contrast < _CONTRAST:
        return None
    edge = float(np.median(slope[here][(wider > 0) & (core == 0)])) / contrast
    starts = (np.diff(ink.astype(np.int8), axis=1, prepend=0) == 1).sum(axis=1)[y - top : y - top + height]
    runs = float(np.median(starts[height // 5 : max(height // 5 + 1, 4 * height // 5)]))
    return [x, y, width, height, *tone, spread, stroke, contrast, edge, runs]


def _unlike(shapes: Floats) -> Floats:
    """Without those that are the same region again, or lie within a better one of the same tone."""
    worth = shapes[:, _CONTRASTS] * np.minimum(1, shapes[:, _EDGE]) - shapes[:, _SPREADS]
    kept = np.zeros_like(shapes)
    count = 0
    for shape in shapes[np.argsort(-worth, kind="stable")]:
        before = kept[:count]
        wide = np.minimum(shape[_X] + shape[_W], before[:, _X] + before[:, _W]) - np.maximum(shape[_X], before[:, _X])
        high = np.minimum(shape[_Y] + shape[_H], before[:, _Y] + before[:, _H]) - np.maximum(shape[_Y], before[:, _Y])
        shared = np.clip(wide, 0, None) * np.clip(high, 0, None)
        own, theirs = shape[_W] * shape[_H], before[:, _W] * before[:, _H]
        same_tone = np.abs(before[:, _L : _B + 1] - shape[_L : _B + 1]).sum(axis=1) < 25
        if not ((shared > 0.5 * np.maximum(own, theirs)) | (same_tone & (shared > 0.8 * np.minimum(own, theirs)))).any():
            kept[count] = shape
            count += 1
    return kept[:count]


def _hidden(shapes: Floats, size: Size, besides: Rect | None, foot: float) -> npt.NDArray[np.bool_]:
    """Which shapes have their middle where nobody looks."""
    across = (shapes[:, _X] + shapes[:, _W] / 2) / size.width
    down = (shapes[:, _Y] + shapes[:, _H] / 2) / size.height
    hidden = down > 1 - foot
    if besides is not None:
        hidden |= (across > besides.x) & (across < besides.right) & (down > besides.y) & (down < besides.bottom)
    return np.asarray(hidden, bool)


# -- rows


def _rows(shapes: Floats) -> list[Floats]:
    """Shapes that stand side by side: each row holds what is linked, directly or through others."""
    row_of = np.arange(len(shapes))
    for at in range(len(shapes)):
        for other in row_of[_beside(shapes, at)]:
            row_of[row_of == other] = row_of[at]
    return [shapes[row_of == row] for row in np.unique(row_of)]


def _beside(shapes: Floats, at: int) -> npt.NDArray[np.bool_]:
    """Which shapes continue the one `at` a place: near, on its line, of its tone and stroke."""
    one = shapes[at]
    higher, lower = np.maximum(one[_H], shapes[:, _H]), np.minimum(one[_H], shapes[:, _H])
    gap = np.maximum(shapes[:, _X] - (one[_X] + one[_W]), one[_X] - (shapes[:, _X] + shapes[:, _W]))
    shared = np.minimum(one[_Y] + one[_H], shapes[:, _Y] + shapes[:, _H]) - np.maximum(one[_Y], shapes[:, _Y])
    tones = np.linalg.norm(shapes[:, _L : _B + 1] - one[_L : _B + 1], axis=1)
    strokes = np.maximum(one[_STROKE], shapes[:, _STROKE]) / np.maximum(0.1, np.minimum(one[_STROKE], shapes[:, _STROKE]))
    contrast = np.minimum(one[_CONTRASTS], shapes[:, _CONTRASTS])
    alike = (gap < 0.75 * higher) & (higher < 4 * lower) & (tones < 28) & (strokes < 2)
    same = (gap < _APART * higher) & (higher < 12 * lower) & (tones < _ONE_TONE * contrast) & (strokes < _ONE_STROKE)
    return np.asarray((shared > 0.6 * lower) & (alike | same), bool)


def _judged(row: Floats, size: Size) -> Row | None:
    """The row when it looks like words, at least doubtfully."""
    left, top = float(row[:, _X].min()), float(row[:, _Y].min())
    width = float((row[:, _X] + row[:, _W]).max()) - left
    height = float((row[:, _Y] + row[:, _H]).max()) - top
    tall = int((row[:, _H] >= 0.5 * np.quantile(row[:, _H], 0.8)).sum())
    long = width / height
    if long < 1.8 or height < _ROW_HEIGHT * size.height or (tall < _FEW and long < _SHORT) or not _even(row, long, height):
        return None
    box = Rect(left / size.width, top / size.height, width / size.width, height / size.height)
    return Row(box=box, shapes=len(row), sure=tall >= _SHAPES or (long >= _LONG and _is_ink(row)))


def _is_ink(row: Floats) -> bool:
    """Whether all of it is flat and of one tone."""
    contrast = float(np.median(row[:, _CONTRASTS]))
    spread = max(float(np.median(row[:, _SPREADS])), float(row[:, _L : _B + 1].std(axis=0).max()))
    return spread <= _INK * contrast


def _even(row: Floats, long: float, height: float) -> bool:
    """Whether the shapes of a row are as even, as sharp and as alike as the letters of a word."""
    contrast, strokes = float(np.median(row[:, _CONTRASTS])), row[:, _STROKE]
    return bool(
        contrast >= _ROW_CONTRAST
        and np.median(row[:, _SPREADS]) <= _UNEVEN * contrast
        and row[:, _L : _B + 1].std(axis=0).max() <= _TONES * contrast
        and row[:, _CONTRASTS].std() <= _GROUND * row[:, _CONTRASTS].mean()
        and strokes.std() <= _STROKES * strokes.mean()
        and np.median(strokes) <= 0.22 * height
        and np.median(row[:, _EDGE]) >= _STEEP
        and _RESTLESS[0] <= row[:, _RUNS].sum() / long <= _RESTLESS[1]
    )
