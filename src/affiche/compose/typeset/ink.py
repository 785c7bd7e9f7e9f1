"""Ink: where the drawn letters of a fitted text really are, so that layout can align what the eye sees.

Advance boxes have air at the sides, above capitals and below baselines; big type set flush by its boxes looks
indented and low. Answers come from a probe drawing of each line, made once at a fixed size and scaled. Next:
shape.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce

from affiche.compose.typeset import fonts, shape
from affiche.compose.typeset.fit import Fitted, Line
from affiche.values.frame import TextRun
from affiche.values.geometry import Rect
from affiche.values.locale import Direction

#: px per em of the probe drawing; ink is known to one pixel of it, rounded outwards.
_PROBE = 64.0
#: Scripts whose characters fill their square from top to foot.
SQUARE = frozenset({"Hani", "Hira", "Kana", "Hang"})
#: A letter whose height stands for the whole script, as H does for Latin: full, flat, without marks.
_FACE_LETTER = {
    "Hani": "国", "Hira": "国", "Kana": "国", "Hang": "한", "Arab": "ا", "Aran": "ا",
    "Hebr": "ה", "Deva": "क", "Beng": "ক", "Taml": "க", "Telu": "క", "Gujr": "ક",
    "Guru": "ਕ", "Knda": "ಕ", "Mlym": "ക", "Sinh": "ක", "Orya": "କ", "Thai": "ก",
    "Laoo": "ກ", "Khmr": "ក", "Mymr": "က", "Geor": "ა", "Armn": "Ա", "Ethi": "ሀ",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """Heights the eye aligns to, px. `face_top`: block top to the flat top of the first line's letters (cap
    height, or the face of the script); `last_baseline`: block top to the last baseline, or to the foot of
    ideographs.

    `face_height` is what looks like the height of one line; `x_height` that of small letters (= face height
    elsewhere).
    """

    face_top: float
    last_baseline: float
    face_height: float
    x_height: float


def optics(fitted: Fitted) -> Optics:
    """Optical heights of a fitted block; two blocks look level when their `face_top` are."""
    alias = fitted.fonts[0]
    face = fonts.metrics(alias)
    letter = _FACE_LETTER.get(fitted.script)
    above, below = fonts.glyph_extent(alias, ord(letter)) if letter else (face.cap_height, 0.0)
    below = below if fitted.script in SQUARE else 0.0
    small = face.x_height if letter is None else above + below
    size, count = fitted.size_px, max(1, len(fitted.lines))
    return Optics(
        face_top=fitted.ascent - above * size,
        last_baseline=fitted.ascent + (count - 1) * fitted.line_height + below * size,
        face_height=(above + below) * size,
        x_height=small * size,
    )


def line_ink(fitted: Fitted, line: Line) -> Rect:
    """Box of a line's ink in px relative to the line's origin (left end of its advance box, baseline), y
    down."""
    left, top, right, bottom = _probe(
        line.text, fitted.fonts, fitted.tracking, fitted.locale, fitted.direction, line.runs
    )
    size = fitted.size_px
    return Rect(left * size, top * size, (right - left) * size, (bottom - top) * size)


def ink_bounds(fitted: Fitted) -> Rect:
    """Box of all ink in px relative to the block's top-left, lines placed at their `x`; empty for an empty
    text."""
    placed = zip(fitted.lines, fitted.baselines(), strict=True)
    boxes = [_moved(line_ink(fitted, line), line.x, baseline) for line, baseline in placed]
    return reduce(Rect.union, boxes) if boxes else Rect(0.0, 0.0, 0.0, 0.0)


def _moved(box: Rect, x: float, y: float) -> Rect:
    return Rect(box.x + x, box.y + y, box.width, box.height)


@lru_cache(maxsize=16384)
def _probe(
    text: str, chain: tuple[str, ...], tracking: float, locale: str, direction: Direction, runs: tuple[TextRun, ...]
) -> tuple[float, float, float, float]:
    box = shape.ink_box(text, chain, _PROBE, tracking, locale, direction, runs=runs)
    return box[0] / _PROBE, box[1] / _PROBE, box[2] / _PROBE, box[3] / _PROBE
