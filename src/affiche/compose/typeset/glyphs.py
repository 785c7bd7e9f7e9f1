"""Glyphs: a line shaped once, in em, whatever its size and colour; measured and drawn from the same positions.

Theory of operation. The engine's paragraphs do everything (bidi, fallback inside a run, emoji), but shape a line again for
every size and colour, which takes longer than to draw it. Most lines need none of that: each piece of one script in one face,
all from left to right. Those go to HarfBuzz, which is also inside the engine, at a scale of 65,536 units per em, and the
answer is kept. What is not as plain as that is None here, and `shape.py` asks the engine. Both give the same glyphs in the
same places (a test over all locales). Next: shape.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from affiche.compose.typeset import fonts, itemize

#: Parts per em that positions are counted in.
_EM = 65536
#: Scripts written from right to left: theirs is the bidirectional algorithm, and so the engine.
_LEFTWARD = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Glyphs of one face: `ids`, and where each stands, em from the start of the line; `lifts` up from it (empty = none)."""

    alias: str
    scale: float
    ids: list[int]
    places: list[float]
    lifts: list[float]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A line as drawn, left to right. `advance` in em, without the outer halves of the tracking."""

    runs: tuple[GlyphRun, ...]
    advance: float


#: (text, faces, scale, rise): what `shape.py` cuts a line into.
Piece = tuple[str, tuple[str, ...], float, float]


def shaped(pieces: tuple[Piece, ...], tracking: float, locale: str) -> Glyphs | None:
    """The glyphs of a line from left to right; None when only a paragraph of the engine can tell. Tracking in em."""
    if not pieces:
        return Glyphs((), 0.0)
    runs: list[GlyphRun] = []
    pen = -tracking * pieces[0][2] / 2
    for text, faces, scale, rise in pieces:
        for part, script in _by_script(text):
            if script in _LEFTWARD or not _plain(part, faces[0]):
                return None
            buffer = _buffer(part, script, faces[0], locale)
            if tracking and len({info.cluster for info in buffer.glyph_infos}) != len(part):
                return None  # the engine has its own way to space ligatures
            run, pen = _run(buffer, faces[0], (pen, scale, rise, tracking * scale))
            runs.append(run)
    return Glyphs(tuple(runs), pen - tracking * pieces[-1][2] / 2)


def _buffer(text: str, script: str, alias: str, locale: str) -> Any:
    """HarfBuzz's answer for one run."""
    harfbuzz, font = _font(alias)
    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", script or "Zyyy", locale
    harfbuzz.shape(font, buffer)
    return buffer


def _run(buffer: Any, alias: str, place: tuple[float, float, float, float]) -> tuple[GlyphRun, float]:
    """One run, and where the next one starts. `place`: (start, scale, rise, gap around each cluster, half on each side), em."""
    pen, scale, rise, gap = place
    infos, unit = buffer.glyph_infos, scale / _EM
    clusters = [info.cluster for info in infos] if gap else []
    places, lifts = [], []
    pen += gap / 2
    for at, position in enumerate(buffer.glyph_positions):
        if gap and at and clusters[at] != clusters[at - 1]:
            pen += gap
        places.append(pen + position.x_offset * unit)
        lifts.append(rise + position.y_offset * unit)
        pen += position.x_advance * unit
    return GlyphRun(alias, scale, [info.codepoint for info in infos], places, lifts if any(lifts) else []), pen + gap / 2


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
        least, most = (min(run.lifts), max(run.lifts)) if run.lifts else (0.0, 0.0)
        top, bottom = min(top, highest - most), max(bottom, lowest - least)
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
    return alias != itemize.EMOJI_ALIAS and fonts.covers_all(alias, text)


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
