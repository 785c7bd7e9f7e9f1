"""Fit: the largest size at which a measured text fits a box, and its lines. Arithmetic on widths in em;
nothing is drawn.

Theory of operation. Balanced text (headlines): for every number of lines n there is one best way to break it,
whatever the box; its exact widest line w(n) is worked out once. The largest size on n lines is then min(width
/ w(n), height / h(n)), and the answer is the best n. As w(n) and h(n) do not depend on the box, a larger box
can never give smaller type. Running text (`balance=False`) fills lines first-fit instead, and the size is
searched on the grid. If nothing fits at the minimum, coarser breaks are tried *at the minimum only* (within
phrases, then with hyphens); if they fail too, the answer says so and carries the size that would fit. Text is
never cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Literal

from affiche.compose.typeset.balance import balanced, first_fit
from affiche.compose.typeset.breaks import HYPHENATED, LOOSE, PHRASE
from affiche.compose.typeset.measure import Break, Measured, row_of
from affiche.compose.typeset.row import Row
from affiche.values.frame import TextRun
from affiche.values.locale import Direction, Locale
from affiche.values.quick import quick

#: Sizes are multiples of this many px, so that results are the same wherever they are worked out.
GRID = 0.5
#: A line may miss its limit by this much of a px: float noise of widths measured at the reference size, not
#: ink.
_TOLERANCE_PX = 0.01
#: Whole lines may be this much narrower than the sum of their segments, because letters kern across spaces.
_KERNING_LEEWAY = 0.96

Align = Literal["start", "center", "end"]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class FitSpec:
    """What a slot allows. Sizes in px per em; `balance` even lines (headlines) rather than full ones (running
    text)."""

    min_px: float
    max_px: float
    max_lines: int
    balance: bool = True
    align: Align = "start"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `text` in logical order without isolates, exact advance `width` px, offset `x` px from the
    block's left.

    `runs` are its stretches of other sizes, as `TextItem` has them.
    """

    text: str
    width: float
    x: float = 0.0
    runs: tuple[TextRun, ...] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A text set at `size_px`. Lengths in px; baselines are `ascent + i * line_height` below the block's top.

    `width` is the widest line, `height` the block with its ink. When `fits` is false the lines are those of
    the minimum size, for diagnosis, `reason` says why, and `reached_px` is the largest size that would fit.
    `remedy` names the coarser breaks that were needed ("" = none). `x` of lines is relative to the box width
    given.
    """

    size_px: float
    lines: tuple[Line, ...]
    line_height: float
    ascent: float
    descent: float
    width: float
    height: float
    fits: bool
    direction: Direction
    fonts: tuple[str, ...]
    tracking: float
    locale: str
    script: str
    reason: str | None = None
    reached_px: float = 0.0
    remedy: str = ""
    missing: tuple[str, ...] = ()

    def baselines(self, top: float = 0.0) -> tuple[float, ...]:
        """Baseline of each line in px when the block's top is at `top`."""
        return tuple(top + self.ascent + at * self.line_height for at in range(len(self.lines)))


def fit(measured: Measured, width: float, height: float, spec: FitSpec) -> Fitted:
    """Set a measured text as large as `spec` and a box of `width` x `height` px allow. Never cuts text.

    `fits` guarantees that every line is at most `width` wide as drawn, that the block with its ink is at most
    `height` high, and that no character lacks a glyph.
    """
    if not measured.text:
        return _result(measured, _EMPTY, spec.max_px, width, spec)
    best = _best(measured, PHRASE, width, height, spec)
    if best is not None and best[0] >= spec.min_px:
        return _result(measured, best[1], best[0], width, spec)
    for mode in (LOOSE, HYPHENATED):
        coarse = _best(measured, mode, width, height, spec)
        if coarse is not None and coarse[0] >= spec.min_px:
            again = _at(measured, mode, width, height, spec, spec.min_px)
            return _result(measured, again or coarse[1], spec.min_px, width, spec, remedy=mode)
    return _unfit(measured, width, height, spec)


_EMPTY = Break(lines=(), widths=(), runs=(), width=0.0)


def _best(measured: Measured, mode: str, width: float, height: float, spec: FitSpec) -> tuple[float, Break] | None:
    """Largest size on the grid (it may be below the minimum) and its lines; None when there is none at
    all."""
    if spec.balance:
        return _best_balanced(measured, mode, width, height, spec)
    return _best_filled(measured, mode, width, height, spec)


def _best_balanced(m: Measured, mode: str, width: float, height: float, spec: FitSpec) -> tuple[float, Break] | None:
    """The largest size over all numbers of lines; of equal sizes the one with fewer lines. Hopeless numbers
    are not broken."""
    row = row_of(m, mode)
    winner: tuple[float, int, Break] | None = None
    counts = range(1, spec.max_lines + 1)
    hopes = sorted([(-_hope(m, row, count, width, height, spec), count) for count in counts])
    for hope, count in hopes:
        if winner and (-hope, -count) <= (winner[0], -winner[1]):
            break
        broken = balanced(m, mode, count)
        if broken is None:
            continue
        tallest = _snap(min(spec.max_px, height / _height(m, count)))
        size = min(tallest, _snap((width + _TOLERANCE_PX) / broken.width) if broken.width else tallest)
        if size > 0 and (winner is None or (size, -count) > (winner[0], -winner[1])):
            winner = (size, count, broken)
    return (winner[0], winner[2]) if winner else None


def _hope(m: Measured, row: Row, count: int, width: float, height: float, spec: FitSpec) -> float:
    """An upper bound of the size on `count` lines: none is narrower than the longest segment or than an even
    share."""
    least = max(row.longest, row.total / count) * _KERNING_LEEWAY
    return _snap(min(spec.max_px, height / _height(m, count), width / least if least else spec.max_px))


def _best_filled(m: Measured, mode: str, width: float, height: float, spec: FitSpec) -> tuple[float, Break] | None:
    whole = _at(m, mode, width, height, spec, spec.max_px)
    if whole is not None:
        return spec.max_px, whole
    low, high = 0, floor(spec.max_px / GRID)
    found: Break | None = None
    while high - low > 1:
        middle = (low + high) // 2
        attempt = _at(m, mode, width, height, spec, middle * GRID)
        low, high, found = (middle, high, attempt) if attempt is not None else (low, middle, found)
    return (low * GRID, found) if found is not None else None


def _at(m: Measured, mode: str, width: float, height: float, spec: FitSpec, size: float) -> Break | None:
    """Lines at one size, or None when they do not fit."""
    allowed = min(spec.max_lines, _lines_in(m, height / size))
    if allowed < 1:
        return None
    limit = (width + _TOLERANCE_PX) / size
    if spec.balance:
        ways = (balanced(m, mode, count) for count in range(1, allowed + 1))
        return next((way for way in ways if way is not None and way.width <= limit), None)
    return first_fit(m, mode, limit, allowed)


def _height(m: Measured, count: int) -> float:
    return m.ascent + m.descent + (count - 1) * m.leading


def _lines_in(m: Measured, height_em: float) -> int:
    room = height_em - m.ascent - m.descent
    return floor(room / m.leading + 1e-9) + 1 if room >= -1e-9 else 0


def _snap(size: float) -> float:
    return floor(size / GRID + 1e-9) * GRID


def _unfit(measured: Measured, width: float, height: float, spec: FitSpec) -> Fitted:
    """The answer when nothing fits: lines at the minimum size, and the size that would do."""
    ways = [_best(measured, mode, width, height, spec) for mode in (PHRASE, LOOSE, HYPHENATED)]
    reached = max((way[0] for way in ways if way), default=0.0)
    filled = first_fit(measured, HYPHENATED, width / spec.min_px, len(measured.text))
    lines = filled or balanced(measured, PHRASE, 1) or _EMPTY
    fault = f"needs {reached:g} px" if reached else "does not fit at any size"
    reason = f"{fault}, min {spec.min_px:g}"
    return _result(measured, lines, spec.min_px, width, spec, reason=reason, reached=reached)


def _result(
    m: Measured, way: Break, size: float, width: float, spec: FitSpec, *, reason: str | None = None,
    reached: float | None = None, remedy: str = "",
) -> Fitted:  # fmt: skip
    lines = tuple([
        Line(text=text, width=em * size, x=_offset(text, em * size, width, spec.align, m, size), runs=runs)
        for text, em, runs in zip(way.lines, way.widths, way.runs, strict=True)
    ])
    if m.missing and reason is None:
        reason = "no glyph for " + " ".join(f"U+{ord(c):04X}" for c in m.missing[:5])
    widest = max([line.width for line in lines], default=0.0)
    height = _height(m, len(lines)) * size if lines else 0.0
    return Fitted(
        size_px=size, lines=lines, line_height=m.leading * size, ascent=m.ascent * size, descent=m.descent * size,
        width=widest, height=height, fits=reason is None, direction=m.direction, fonts=m.fonts,
        tracking=m.tracking, locale=m.locale, script=m.script, reason=reason, missing=m.missing, remedy=remedy,
        reached_px=size if reached is None else reached,
    )  # fmt: skip


#: Full-width punctuation whose ink fills only half of its box, as set in Japan and mainland China.
_HALF_LEFT, _HALF_RIGHT = frozenset("、。，．」』）】》〉’”"), frozenset("「『（【《〈‘“")


def _lean(text: str, m: Measured) -> float:
    """How far a centred line must move right for its ink, not its boxes, to be centred; em."""
    if m.script not in ("Hani", "Hira", "Kana") or not text or Locale.parse(m.locale).script == "Hant":
        return 0.0
    return ((text[-1] in _HALF_LEFT) - (text[0] in _HALF_RIGHT)) / 4


def _offset(text: str, line: float, width: float, align: Align, m: Measured, size: float) -> float:
    """Where a line `line` px wide starts in a box `width` px wide."""
    if align == "center":
        return min(max(0.0, (width - line) / 2 + _lean(text, m) * size), max(0.0, width - line))
    return width - line if (align == "end") == (m.direction == "ltr") else 0.0
