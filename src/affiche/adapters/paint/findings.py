"""Findings drawn on a creative: thin numbered frames where something was found, and on request a legend beside it.

May live here: how findings look on a picture. Which findings there are is decided in `check`; the gallery draws its own in
the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import skia

import affiche_fonts
from affiche.adapters.paint import vector
from affiche.ports import Pixels
from affiche.values.finding import Finding
from affiche.values.geometry import Rect

#: ARGB by status; dark enough for white digits, told apart also by lightness.
_COLORS = {
    "fail": 0xFFD92D3A,
    "error": 0xFF7A3FC4,
    "warn": 0xFFC96A00,
    "pass": 0xFF1F8A5B,
    "skip": 0xFF6B7280,
}
_ORDER = ("error", "fail", "warn", "pass", "skip")
_WHITE, _PANEL, _TEXT, _QUIET = 0xFFFFFFFF, 0xFFF7F7F5, 0xFF17191C, 0xFF5B616B
#: Canvases narrower than this get the legend at their side, px.
_LEGEND_BELOW_FROM = 560
_LEGEND_SIDE = 420


@dataclass(frozen=True, slots=True)
class _Mark:
    number: int
    finding: Finding


def overlay_findings(
    pixels: Pixels, findings: Iterable[Finding], *, passes: bool = False, legend: bool = False
) -> Pixels:
    """A copy of `pixels` (RGBA) with a numbered frame for each finding that has a rectangle.

    `passes` draws what is in order as well; `legend` makes the picture larger by a list of the numbers. Same input, same
    pixels.
    """
    wanted = [f for f in findings if f.status in ("fail", "error", "warn") or (passes and f.status == "pass")]
    wanted.sort(key=lambda f: _ORDER.index(f.status))
    marks = [_Mark(number, finding) for number, finding in enumerate(wanted, 1)]
    height, width = pixels.shape[:2]
    unit = max(10.0, min(26.0, min(width, height) / 34))
    drawn = _opaque(pixels)
    with vector.canvas_on(drawn) as canvas:
        for mark in marks:
            if mark.finding.rect is not None:
                seen = mark.finding.rect.intersection(Rect(0, 0, width, height))
                _frame(canvas, mark, seen.grown(-max(0.0, unit / 9 - _room(seen, width, height))), unit)
        for (x, y), mark in zip(_tag_places(marks, width, height, unit), _framed(marks), strict=True):
            _tag(canvas, mark, x, y, unit)
    return _with_legend(drawn, marks) if legend else drawn


def _opaque(pixels: Pixels) -> Pixels:
    """A copy over white."""
    if (pixels[..., 3] == 255).all():
        return pixels.copy()
    alpha = pixels[..., 3:].astype(np.uint16)
    drawn = ((pixels * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
    drawn[..., 3] = 255
    return drawn


def _framed(marks: Sequence[_Mark]) -> list[_Mark]:
    return [mark for mark in marks if mark.finding.rect is not None]


def _room(rect: Rect, width: int, height: int) -> float:
    """Px between `rect` and the nearest edge of the canvas."""
    return min(rect.x, rect.y, width - rect.right, height - rect.bottom)


def _frame(canvas: skia.Canvas, mark: _Mark, rect: Rect, unit: float) -> None:
    """A frame in the colour of the status with a white rim, so that it shows on any picture."""
    line = max(1.5, unit / 9)
    around = skia.Rect.MakeXYWH(rect.x - line, rect.y - line, rect.width + 2 * line, rect.height + 2 * line)
    for color, width in ((0xCCFFFFFF, line * 2.2), (_COLORS[mark.finding.status], line)):
        canvas.drawRoundRect(around, line * 2, line * 2, _paint(color, stroke=width))


def _tag_places(
    marks: Sequence[_Mark], width: int, height: int, unit: float
) -> Iterator[tuple[float, float]]:
    """Centres for the tags: the top left corner of each frame, moved right while another tag lies there."""
    taken: list[tuple[float, float]] = []
    radius = unit * 0.62
    for mark in _framed(marks):
        rect = mark.finding.rect
        assert rect is not None
        x, y = min(max(rect.x, radius), width - radius), min(max(rect.y, radius), height - radius)
        while (
            any(abs(x - a) < 2 * radius and abs(y - b) < 2 * radius for a, b in taken) and x < width - radius
        ):
            x += 2 * radius
        taken.append((x, y))
        yield x, y


def _tag(canvas: skia.Canvas, mark: _Mark, x: float, y: float, unit: float) -> None:
    radius, font = unit * 0.62, _font("Inter 700", unit * 0.72)
    canvas.drawCircle(x, y, radius * 1.14, _paint(_WHITE))
    canvas.drawCircle(x, y, radius, _paint(_COLORS[mark.finding.status]))
    digits = str(mark.number)
    canvas.drawString(digits, x - font.measureText(digits) / 2, y + unit * 0.26, font, _paint(_WHITE))


# -- legend ------------------------------------------------------------------------------------------------------------


def _with_legend(drawn: Pixels, marks: Sequence[_Mark]) -> Pixels:
    height, width = drawn.shape[:2]
    below = width >= _LEGEND_BELOW_FROM
    room = width if below else _LEGEND_SIDE
    size = max(13.0, min(22.0, room / 46))
    needed = round(_legend(None, marks, room, size)) + 1
    sheet = np.empty(
        (height + needed if below else max(height, needed), width if below else width + room, 4), np.uint8
    )
    sheet[:] = (0xF7, 0xF7, 0xF5, 255)
    sheet[:height, :width] = drawn
    with vector.canvas_on(sheet) as canvas:
        canvas.translate(0 if below else width, height if below else 0)
        _legend(canvas, marks, room, size)
    return sheet


def _legend(canvas: skia.Canvas | None, marks: Sequence[_Mark], width: float, size: float) -> float:
    """Draws the list (or only measures it, without a canvas) and returns its height px."""
    left, y = size * 3.4, size * 1.6
    if not marks:
        _write(canvas, "Nothing to object.", size * 1.4, y, _font("Inter 600", size), _TEXT)
        return y + size * 1.2
    for mark in marks:
        finding = mark.finding
        if canvas is not None:
            _tag(canvas, mark, size * 2.0, y - size * 0.35, size * 1.5)
        _write(canvas, finding.code, left, y, _font("Inter 700", size), _TEXT)
        numbers = " / ".join(part for part in (finding.measured, finding.limit) if part)
        for font, text, color in (
            (_font("Inter 500", size), finding.message, _TEXT),
            (_font("Inter 400", size * 0.92), numbers, _QUIET),
        ):
            for line in _wrapped(text, font, width - left - size * 1.4):
                y += size * 1.38
                _write(canvas, line, left, y, font, color)
        y += size * 2.2
    return y


def _write(canvas: skia.Canvas | None, text: str, x: float, y: float, font: skia.Font, color: int) -> None:
    if canvas is not None:
        canvas.drawString(text, x, y, font, _paint(color))


def _wrapped(text: str, font: skia.Font, width: float) -> Iterator[str]:
    line = ""
    for word in _latin(text, font).split():
        longer = f"{line} {word}".strip()
        if line and font.measureText(longer) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _latin(text: str, font: skia.Font) -> str:
    """Words in other scripts are left out of the legend (…): they stand in the picture, inside the frame."""
    known = "".join(c if c.isspace() or font.unicharToGlyph(ord(c)) else "\ufffd" for c in text)
    while "\ufffd\ufffd" in known:
        known = known.replace("\ufffd\ufffd", "\ufffd")
    return known.replace("\ufffd", "…")


def _paint(color: int, *, stroke: float = 0.0) -> skia.Paint:
    paint = skia.Paint(AntiAlias=True, Color=color)
    if stroke:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(stroke)
    return paint


def _font(alias: str, size: float) -> skia.Font:
    font = skia.Font(_typeface(alias), size)
    font.setSubpixel(True)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    return font


@cache
def _typeface(alias: str) -> skia.Typeface:
    return skia.FontMgr.New_Custom_Empty().makeFromFile(str(affiche_fonts.path(alias)), 0)
