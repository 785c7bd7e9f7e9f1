"""Measure: the width of every segment of a text, once, in em; everything a fit needs without asking the
engine again.

Widths are taken at one reference size with hinting that never touches advances and subpixel positions, where
they are linear in the size (checked by test), so that one measurement serves every placement. Next: fit.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from affiche.compose.typeset import breaks, figures, fonts, itemize, shape
from affiche.compose.typeset.figures import Setting
from affiche.compose.typeset.row import Row
from affiche.compose.typeset.table import Table
from affiche.values.frame import TextRun
from affiche.values.locale import Direction, Locale
from affiche.values.quick import quick

#: px per em of the reference size; a power of two keeps the division exact.
REFERENCE = 256.0

Use = Literal["display", "text"]

#: (display, text) leading in em per script of the first face; Latin when absent. Sources: the line gaps the
#: faces' designers set, then by eye on the specimen sheet.
_LEADING = {
    "Aran": (1.95, 2.1), "Arab": (1.28, 1.6), "Hebr": (1.12, 1.45), "Deva": (1.3, 1.6), "Beng": (1.32, 1.6),
    "Taml": (1.3, 1.55), "Telu": (1.42, 1.65), "Gujr": (1.32, 1.6), "Guru": (1.3, 1.55), "Knda": (1.4, 1.65),
    "Mlym": (1.34, 1.6), "Sinh": (1.34, 1.6), "Orya": (1.4, 1.65), "Thai": (1.36, 1.6), "Laoo": (1.42, 1.65),
    "Khmr": (1.5, 1.75), "Mymr": (1.6, 1.85), "Hani": (1.26, 1.6), "Hang": (1.26, 1.55), "Ethi": (1.25, 1.5),
}  # fmt: skip
_LATIN_LEADING = (1.06, 1.4)
#: Smallest distance of baselines as a part of the ink's height. Nastaliq slopes: its highest and lowest
#: points of two lines hardly ever meet.
_CLOSEST = {"Aran": 0.78}
#: How far ink may hang over the end of its advance, em: Nastaliq's last letters sweep out to the left.
_OVERHANG = {"Aran": 0.25}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle:
    """How a text is set, whatever its size. `tracking` in em; `leading` in em as meant for Latin (None = by
    script).

    `use` picks the leading of headlines (`display`) or of running text (`text`).
    """

    family: str
    weight: int = 400
    tracking: float = 0.0
    leading: float | None = None
    case: Literal["none", "upper"] = "none"
    use: Use = "display"
    #: `price` sets cents and signs small and raised (see figures.py).
    figures: Setting = "plain"
    #: Digits to write numbers in, a CLDR numbering system (`arab`, `latn`); empty = as the copy has them.
    numerals: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A way to set the text on a number of lines: `lines` as drawn, their exact `widths` in em, the widest as
    `width`, and their stretches of other sizes as `TextItem` has them."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    runs: tuple[tuple[TextRun, ...], ...]
    width: float


@dataclass(slots=True, kw_only=True, eq=False)
class Memo:
    """Answers already worked out for one measured text; they depend on nothing else, so sharing them changes
    no result."""

    rows: dict[str, Row] = field(default_factory=dict)
    breaks: dict[tuple[str, int], Break | None] = field(default_factory=dict)
    filled: dict[tuple[str, float, int], Break | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A text with its faces and leading chosen. All lengths in em.

    `missing` lists characters no face covers: draw nothing while it is not empty. `leading` is the distance
    of baselines, `ascent` / `descent` the room above the first and below the last baseline, `ink` how far ink
    reaches above and below a baseline, `overhang` how far it may reach beyond the advance of a line.
    """

    text: str
    style: TextStyle
    locale: str
    script: str
    direction: Direction
    fonts: tuple[str, ...]
    tracking: float
    leading: float
    ascent: float
    descent: float
    ink: tuple[float, float]
    overhang: float
    missing: tuple[str, ...]
    figures: Setting = "plain"
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)


@lru_cache(maxsize=4096)
def measure(text: str, style: TextStyle, locale: str) -> Measured:
    """Choose faces and measure a text in a style. `locale` is a BCP 47 tag; ValueError when it is none.
    Cached."""
    where = Locale.parse(locale)
    script = writing(where)
    written = figures.in_digits(text, style.numerals) if style.numerals else text
    written = figures.minus(written) if style.figures != "plain" else written
    ready = breaks.prepare(written, where.language, where.script, style.case, where.region)
    chain = itemize.choose_fonts(ready, style.family, style.weight, script)
    lead = itemize.primary_script(ready, script)
    lead = "Aran" if script == "Aran" and lead == "Arab" else lead
    tracking = 0.0 if lead in fonts.NO_TRACKING else style.tracking
    above, below = _ink_extent(ready, chain, where.tag)
    leading = line_distance(style, lead, above + below)
    ascent, descent = _first_and_last(chain[0], leading, above, below)
    return Measured(
        text=ready, style=style, locale=where.tag, script=lead, direction=where.direction, fonts=chain,
        tracking=tracking, leading=leading, ascent=ascent, descent=descent, ink=(above, below), overhang=_OVERHANG.get(lead, 0.0),
        missing=itemize.missing(ready, chain), figures=figures.setting_of(ready, style.figures),
    )  # fmt: skip


def writing(where: Locale) -> str:
    """The script of a locale, `Aran` where Arabic letters are written as Nastaliq."""
    return "Aran" if where.script == "Arab" and where.language in ("ur", "pa", "ks") else where.script


def line_distance(style: TextStyle, script: str, ink: float) -> float:
    """Leading in em: the script's own, moved as far as the style's differs from Latin's, never so tight that
    lines touch."""
    column = 0 if style.use == "display" else 1
    own = _LEADING.get(script, _LATIN_LEADING)[column]
    if style.leading is not None:
        own += style.leading - _LATIN_LEADING[column]
    return round(max(own, ink * _CLOSEST.get(script, 0.94)), 4)


def _first_and_last(alias: str, leading: float, above: float, below: float) -> tuple[float, float]:
    """Room above the first and below the last baseline: half the leading each way, more when the ink needs
    it."""
    face = fonts.metrics(alias)
    slack = (leading - face.ascent - face.descent) / 2
    return round(max(face.ascent + slack, above), 4), round(max(face.descent + slack, below), 4)


#: Scripts whose marks stay inside the bounds of single glyphs; elsewhere marks stack and the drawn text is
#: looked at.
_SIMPLE = frozenset({"Latn", "Cyrl", "Grek", "Hani", "Hira", "Kana", "Hang", "Bopo", "Geor", "Armn", "Ethi"})


def _ink_extent(text: str, chain: tuple[str, ...], locale: str) -> tuple[float, float]:
    """How far the ink of a text reaches above and below the baseline, in em (below >= 0)."""
    letters = set(text)
    plain = itemize.scripts_in(text) <= _SIMPLE and not any("\u0300" <= c < "\u0370" for c in letters)
    if plain and not itemize.has_emoji(text):
        reach = _reaches(chain)
        found = [reach[c] for c in letters if not c.isspace()]
        return max((a for a, _ in found), default=0.7), max(0.0, *(b for _, b in found), 0.0)
    return shape.drawn_extent(text.replace("\n", " "), chain, locale)


@lru_cache(maxsize=1024)
def _reaches(chain: tuple[str, ...]) -> Table[str, tuple[float, float]]:
    """How far each character reaches above and below the baseline in the face that draws it, em."""
    return Table(lambda character: _glyph_reach(character, chain))


def _glyph_reach(character: str, chain: tuple[str, ...]) -> tuple[float, float]:
    script = itemize.script_of(character)
    order = sorted(chain, key=lambda a: script not in fonts.scripts_of(a)) if script else chain
    alias = next((a for a in order if a != itemize.EMOJI_ALIAS and fonts.covers(a, ord(character))), None)
    return fonts.glyph_extent(alias, ord(character)) if alias else (0.0, 0.0)


def row_of(measured: Measured, mode: str) -> Row:
    """The segments of a break mode with their widths. Worked out once."""
    known = measured.memo.rows.get(mode)
    if known is None:
        found = breaks.segments(measured.text, measured.locale, mode)
        widths, spaces = [width_of(s.text, measured) for s in found], [_space(s.space, measured) for s in found]
        hyphen = width_of("-", measured) if any(s.hyphen for s in found) else 0.0
        known = measured.memo.rows[mode] = Row(found, widths, spaces, hyphen)
    return known


def width_of(line: str, measured: Measured) -> float:
    """Exact advance width of a line in em, without the trailing half of the tracking on either side."""
    m = measured
    return line_width(line, m.fonts, m.tracking, m.locale, m.direction, m.figures)


@lru_cache(maxsize=65536)
def line_width(
    line: str, chain: tuple[str, ...], tracking: float, locale: str, direction: Direction, setting: Setting = "plain"
) -> float:
    """Advance width in em of a line as `shape.draw_line` draws it."""
    if not line:
        return 0.0
    runs = figures.runs_of(line, chain, locale, setting)
    return shape.advance(line, chain, REFERENCE, tracking, locale, direction, runs=runs) / REFERENCE


def _space(space: str, measured: Measured) -> float:
    """What joining two segments adds: the space between them and the tracking the join lets in."""
    gaps = (len(space) + 1) * measured.tracking
    return _blank(space, measured.fonts, measured.locale) + gaps if space else gaps


@lru_cache(maxsize=1024)
def _blank(space: str, chain: tuple[str, ...], locale: str) -> float:
    return shape.advance(space, chain, REFERENCE, 0.0, locale, "ltr") / REFERENCE
