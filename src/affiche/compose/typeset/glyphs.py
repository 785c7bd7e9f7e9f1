"""Glyphs: a line shaped once, in em, whatever its size and colour; measured and drawn from the same positions.

Theory of operation. The engine's paragraphs do everything (bidi, fallback inside a run, emoji), but shape a line again for
every size and colour, which takes longer than to draw it. Most lines need none of that: each piece of one script in one face,
its direction known (bidi.py). Those go to HarfBuzz, which is also inside the engine, at a scale of 65,536 units per em, and
the answer is kept. What is not as plain as that is None here, and `shape.py` asks the engine. Both give the same glyphs in
the same places (a test over all locales). Next: shape.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from affiche.compose.typeset import bidi, fonts, itemize
from affiche.values.locale import Direction
from affiche.values.quick import quick

#: Parts per em that positions are counted in.
_EM = 65536
#: What decides how letters join, without a glyph of its own.
_JOINERS = frozenset("\u200c\u200d")
#: Scripts written from right to left: in a line that runs from left to right they are left to the engine.
_LEFTWARD = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})


@quick
@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Glyphs of one face: `ids`, and where each stands, em from the start of the line; `lifts` up from it (empty = none)."""

    alias: str
    scale: float
    ids: list[int]
    places: list[float]
    lifts: list[float]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """A line as drawn, left to right. `advance` in em, without the outer halves of the tracking. Equal to itself alone."""

    runs: tuple[GlyphRun, ...]
    advance: float


#: (text, faces, scale, rise): what `shape.py` cuts a line into.
Piece = tuple[str, tuple[str, ...], float, float]


class _Part(NamedTuple):
    """A stretch of one script, face, size and direction."""

    text: str
    script: str
    alias: str
    scale: float
    rise: float
    leftward: bool = False


def shaped(pieces: tuple[Piece, ...], tracking: float, locale: str, direction: Direction) -> Glyphs | None:
    """The glyphs of a line from left to right; None when only a paragraph of the engine can tell. Tracking in em."""
    parts = _parts(pieces) if direction == "ltr" else _parts_of_leftward(pieces)
    if parts is None or not all(_plain(part.text, part.alias) for part in parts):
        return None
    if not parts:
        return Glyphs((), 0.0)
    runs: list[GlyphRun] = []
    pen = -tracking * parts[0].scale / 2
    for part in parts:
        buffer = _buffer(part, locale)
        if tracking and (part.script == "Arab" or len({info.cluster for info in buffer.glyph_infos}) != len(part.text)):
            return None  # the engine has its own way to space ligatures and letters that join
        run, pen = _run(buffer, part, pen, tracking * part.scale)
        runs.append(run)
    return Glyphs(tuple(runs), pen - tracking * parts[-1].scale / 2)


def _parts(pieces: tuple[Piece, ...]) -> list[_Part] | None:
    """The parts of a line that runs from left to right, None when a part of it does not."""
    parts = [
        _Part(part, script, faces[0], scale, rise)
        for text, faces, scale, rise in pieces for part, script in _by_script(text)
    ]  # fmt: skip
    return None if any(part.script in _LEFTWARD for part in parts) else parts


def _parts_of_leftward(pieces: tuple[Piece, ...]) -> list[_Part] | None:
    """The parts of a line that runs from right to left, the leftmost first; None when its order is not plain."""
    sides = bidi.leftward("".join(text for text, *_ in pieces))
    if sides is None:
        return None
    parts: list[_Part] = []
    side = iter(sides)
    for text, faces, scale, rise in pieces:
        for part, script in _by_script(text):
            for leftward, group in groupby(zip(part, side, strict=False), key=itemgetter(1)):
                cut = "".join(character for character, _ in group)
                parts.append(_Part(cut, script, faces[0], scale, rise, leftward))
    stretches = [list(group) for _, group in groupby(parts, key=attrgetter("leftward"))]
    return [part for stretch in reversed(stretches) for part in (reversed(stretch) if stretch[0].leftward else stretch)]


def _buffer(part: _Part, locale: str) -> Any:
    """HarfBuzz's answer for one part."""
    harfbuzz, font = _font(part.alias)
    buffer = harfbuzz.Buffer()
    buffer.add_str(part.text)
    buffer.direction, buffer.script, buffer.language = "rtl" if part.leftward else "ltr", part.script or "Zyyy", locale
    harfbuzz.shape(font, buffer)
    return buffer


def _run(buffer: Any, part: _Part, pen: float, gap: float) -> tuple[GlyphRun, float]:
    """One run from `pen` on, and where the next one starts; `gap` around each cluster, half on each side; all em."""
    infos, positions, unit, rise = buffer.glyph_infos, buffer.glyph_positions, part.scale / _EM, part.rise
    steps = [position.x_advance * unit for position in positions]
    starts = _spaced(steps, [info.cluster for info in infos], pen, gap) if gap else list(accumulate(steps, initial=pen))
    places = [start + position.x_offset * unit for start, position in zip(starts, positions, strict=False)]
    lifts = [rise + position.y_offset * unit for position in positions]
    ids = [info.codepoint for info in infos]
    return GlyphRun(part.alias, part.scale, ids, places, lifts if any(lifts) else []), starts[-1]


def _spaced(steps: list[float], clusters: list[int], pen: float, gap: float) -> list[float]:
    """Where each glyph starts and the last one ends, with `gap` around each cluster, half on each side."""
    starts = []
    pen += gap / 2
    for at, step in enumerate(steps):
        if at and clusters[at] != clusters[at - 1]:
            pen += gap
        starts.append(pen)
        pen += step
    return [*starts, pen + gap / 2]


@lru_cache(maxsize=2048)
def outline_box(glyphs: Glyphs) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of all outlines, em from the start of the line on its baseline, y down; zeros when empty."""
    left = top = right = bottom = 0.0
    for run in glyphs.runs:
        outlines = _outlines(run.alias, run.scale)
        highest = lowest = 0.0
        # Branches instead of min and max, which take twice as long: this runs for each letter that is drawn.
        for glyph, place in zip(run.ids, run.places, strict=True):
            start, above, end, below = outlines[glyph]
            if place + start < left:
                left = place + start
            if place + end > right:
                right = place + end
            if above < highest:
                highest = above
            if below > lowest:
                lowest = below
        if run.lifts:
            lifted = [(outlines[glyph], lift) for glyph, lift in zip(run.ids, run.lifts, strict=True)]
            highest, lowest = min(box[1] - lift for box, lift in lifted), max(box[3] - lift for box, lift in lifted)
        top, bottom = min(top, highest), max(bottom, lowest)
    return left, top, right, bottom


class _Outlines(dict[int, tuple[float, float, float, float]]):
    """Glyph id -> (left, top, right, bottom) of its outline in one face, em of the line, y down; found when first asked for."""

    def __init__(self, alias: str, scale: float) -> None:
        super().__init__()
        self._alias, self._scale = alias, scale

    def __missing__(self, glyph: int) -> tuple[float, float, float, float]:
        left, top, right, bottom = fonts.outline(self._alias, glyph)
        scale = self._scale
        self[glyph] = found = left * scale, top * scale, right * scale, bottom * scale
        return found


@lru_cache(maxsize=512)
def _outlines(alias: str, scale: float) -> _Outlines:
    return _Outlines(alias, scale)


def _plain(text: str, alias: str) -> bool:
    """Whether one face that is no picture font has it all."""
    return alias != itemize.EMOJI_ALIAS and fonts.covers_all(alias, set(text) - _JOINERS)


def _by_script(text: str) -> list[tuple[str, str]]:
    """Stretches of one script, as the engine makes them: common characters go with those before them."""
    present = itemize.scripts_in(text)
    if len(present) <= 1:
        return [(text, next(iter(present), ""))]
    found: list[tuple[str, str]] = []
    start, current = 0, ""
    for at, character in enumerate(text):
        script = itemize.script_of(character)
        if script and current and script != current:
            found.append((text[start:at], current))
            start = at
        current = script or current
    found.append((text[start:], current))
    return found


@cache
def _font(alias: str) -> tuple[Any, Any]:
    """HarfBuzz and a face for it."""
    import uharfbuzz

    source, index = fonts.source(alias)
    blob = uharfbuzz.Blob(source) if isinstance(source, bytes) else uharfbuzz.Blob.from_file_path(str(source))
    font = uharfbuzz.Font(uharfbuzz.Face(blob, index))
    font.scale = (_EM, _EM)
    return uharfbuzz, font
