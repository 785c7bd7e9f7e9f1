"""Shape: one line of text to a drawable paragraph; the only code that draws letters, used alike to measure
and to paint.

Each line is its own paragraph: right-to-left lines are wrapped in isolates, because the binding has no base
direction; runs carry their own face lists (itemize.py); letter spacing, which the engine puts half on each
side, is cut off at both ends. What is measured here is therefore exactly what is painted. Next: fit.py, which
never calls this at fit time.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from math import floor
from typing import Any

from affiche.compose.typeset import fonts, itemize
from affiche.compose.typeset.glyphs import Glyphs, outline_box, shaped
from affiche.values.frame import TextRun
from affiche.values.geometry import Rect
from affiche.values.locale import Direction, Locale

_UNBOUNDED = 1e7
_BLACK = 0xFF000000
#: The type of banners is drawn with light hinting, which moves edges to whole px (at most one px from what was
#: measured); larger type exactly as measured. Paragraphs cannot turn hinting off, but the engine does so for
#: letters that lean: these do, by a thirtieth of a degree, around their baseline.
_HINTED_BELOW, _UNHINTED = 15.0, 1 / 1900
#: Letters of display type stand on whole px across (at most half a px from what was measured, less than one in a
#: hundred of their size): half as many images of them have to be made.
_SUBPIXEL_BELOW = 64.0
#: px per em and half height in em of the bitmap the ink of stacked scripts is looked for in.
_PROBE_SIZE, _PROBE_REACH = 48, 3


def paragraph(
    text: str, chain: tuple[str, ...], size: float, color: int, *, tracking: float, locale: str, direction: Direction,
    runs: tuple[TextRun, ...] = (),
) -> Any:  # fmt: skip
    """A skia textlayout paragraph of one line, laid out. `size` px per em, `color` 0xAARRGGBB, `tracking` in
    em; `runs` as `TextItem` has them."""
    host = fonts.engine()
    outer = _paragraph_style(chain, size, color, tracking, locale)
    builder = host.skia.textlayout.ParagraphBuilder.make(outer, host.collection, host.unicode)
    pieces = _pieces(text, chain, _script(locale), runs)
    opening, closing = ("\u2067", "\u2069") if direction == "rtl" else ("", "")
    for at, (piece, faces, scale, rise) in enumerate(pieces):
        head = opening if at == 0 else ""
        tail = closing if at == len(pieces) - 1 else ""
        builder.pushStyle(_style(faces, size * scale, color, tracking, locale, rise * size))
        builder.addText(head + piece + tail)
        builder.pop()
    built = builder.Build()
    built.layout(_UNBOUNDED)
    return built


@lru_cache(maxsize=4096)
def _pieces(
    text: str, chain: tuple[str, ...], script: str, runs: tuple[TextRun, ...]
) -> tuple[tuple[str, tuple[str, ...], float, float], ...]:
    """(text, faces, scale, rise) of what is drawn: faces are chosen for the whole line, sizes by `runs`."""
    whole = itemize.runs(text, chain, script)
    if not runs:
        return tuple((run.text, run.fonts, 1.0, 0.0) for run in whole)
    faces = [run.fonts for run in whole for _ in run.text]
    sizes = [(run.scale, run.rise) for run in runs for _ in run.text]
    cut: list[tuple[str, tuple[str, ...], float, float]] = []
    for (face, (scale, rise)), group in groupby(zip(faces, sizes, text, strict=True), key=lambda row: row[:2]):
        if scale > 0:
            cut.append(("".join(character for *_, character in group), face, scale, rise))
    return tuple(cut)


@lru_cache(maxsize=512)
def _script(locale: str) -> str:
    return Locale.parse(locale).script


@lru_cache(maxsize=512)
def _style(
    chain: tuple[str, ...], size: float, color: int, tracking: float, locale: str, rise: float = 0.0
) -> Any:
    for alias in chain:
        fonts.typeface(alias)
    style = fonts.engine().skia.textlayout.TextStyle()
    style.setFontFamilies(list(chain))
    style.setFontSize(size)
    style.setColor(color)
    style.setLocale(locale)
    if tracking:
        style.setLetterSpacing(tracking * size)
    if rise:
        style.setBaselineShift(-rise)
    return style


@lru_cache(maxsize=512)
def _paragraph_style(chain: tuple[str, ...], size: float, color: int, tracking: float, locale: str) -> Any:
    host = fonts.engine()
    style = host.skia.textlayout.ParagraphStyle()
    style.setTextStyle(_style(chain, size, color, tracking, locale))
    style.setTextAlign(host.skia.textlayout.TextAlign.kLeft)
    return style


def advance(
    text: str, chain: tuple[str, ...], size: float, tracking: float, locale: str, direction: Direction,
    *, runs: tuple[TextRun, ...] = (),
) -> float:  # fmt: skip
    """Advance width of a line in px, trailing spaces included, without the outer halves of the tracking."""
    glyphs = _glyphs(text, chain, tracking, locale, direction, runs)
    if glyphs is not None:
        return glyphs.advance * size
    built = paragraph(text, chain, size, _BLACK, tracking=tracking, locale=locale, direction=direction, runs=runs)
    first, last = (runs[0].scale, runs[-1].scale) if runs else (1.0, 1.0)
    return float(built.MaxIntrinsicWidth) - tracking * size * (first + last) * _outer_gap(direction)


def _outer_gap(direction: Direction) -> float:
    """The space that a paragraph has on either side, in parts of the tracking: isolates are spaced like letters."""
    return 1.5 if direction == "rtl" else 0.5


def draw_line(
    canvas: Any, *, text: str, fonts: tuple[str, ...], size: float, direction: Direction, x: float,
    baseline: float, color: int, locale: str, tracking: float = 0.0, runs: tuple[TextRun, ...] = (),
) -> None:  # fmt: skip
    """Draw one line so that its advance box starts at `x` (left, in both directions) and it stands on
    `baseline`, px.

    Fields are those of `values.frame.TextItem`; `color` is 0xAARRGGBB. The width drawn is `advance` of the
    same fields.
    """
    glyphs = _glyphs(text, fonts, tracking, locale, direction, runs)
    if glyphs is not None:
        _draw_glyphs(canvas, glyphs, size, (x, baseline), color)
        return
    built = paragraph(text, fonts, size, color, tracking=tracking, locale=locale, direction=direction, runs=runs)
    outer = runs[-1 if direction == "rtl" else 0].scale if runs else 1.0
    # Paragraphs put their baseline on a whole px, not where they say that it is.
    left, top = -tracking * size * outer * _outer_gap(direction), -float(floor(built.AlphabeticBaseline + 0.5))
    if size < _HINTED_BELOW:
        built.paint(canvas, x + left, baseline + top)
        return
    canvas.save()
    canvas.translate(x, baseline)
    canvas.skew(_UNHINTED, 0)
    built.paint(canvas, left, top)
    canvas.restore()


def line_box(
    *, text: str, fonts: tuple[str, ...], size: float, direction: Direction, x: float, baseline: float, locale: str,
    tracking: float = 0.0, runs: tuple[TextRun, ...] = (),
) -> Rect | None:  # fmt: skip
    """The box px of the outlines that `draw_line` draws of the same fields; None when only drawing can tell.

    Antialiasing and, below `_HINTED_BELOW`, hinting may add up to two px on each side.
    """
    glyphs = _glyphs(text, fonts, tracking, locale, direction, runs)
    if glyphs is None:
        return None
    left, top, right, bottom = outline_box(glyphs)
    return Rect(x + left * size, baseline + top * size, (right - left) * size, (bottom - top) * size)


@lru_cache(maxsize=2048)
def _glyphs(
    text: str, chain: tuple[str, ...], tracking: float, locale: str, direction: Direction, runs: tuple[TextRun, ...]
) -> Glyphs | None:
    """The shaped line, whatever its size: kept from measuring until it is drawn. None when it needs a paragraph."""
    return shaped(_pieces(text, chain, _script(locale), runs), tracking, locale, direction)


def _draw_glyphs(canvas: Any, glyphs: Glyphs, size: float, origin: tuple[float, float], color: int) -> None:
    skia = fonts.engine().skia
    builder = skia.TextBlobBuilder()
    for run in glyphs.runs:
        font = _font(run.alias, size * run.scale)
        across = [place * size for place in run.places]
        if run.lifts:
            spots = [skia.Point(x, -lift * size) for x, lift in zip(across, run.lifts, strict=True)]
            builder.allocRunPos(font, run.ids, spots)
        elif run.ids:
            builder.allocRunPosH(font, run.ids, across, 0.0)
    blob = builder.make()
    if blob is not None:
        canvas.drawTextBlob(blob, *origin, _paint(color))


@lru_cache(maxsize=512)
def _font(alias: str, size: float) -> Any:
    """A face at a size, drawn as the engine's paragraphs do."""
    skia = fonts.engine().skia
    font = skia.Font(fonts.typeface(alias), size)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    font.setSubpixel(size < _SUBPIXEL_BELOW)
    small = size < _HINTED_BELOW
    font.setHinting(skia.FontHinting.kSlight if small else skia.FontHinting.kNone)
    font.setBaselineSnap(small)
    return font


@lru_cache(maxsize=64)
def _paint(color: int) -> Any:
    skia = fonts.engine().skia
    return skia.Paint(AntiAlias=True, Color=color)


@lru_cache(maxsize=4096)
def drawn_extent(text: str, chain: tuple[str, ...], locale: str) -> tuple[float, float]:
    """(above, below) the baseline of the drawn text's ink in em, outwards positive.

    Half a pixel of the probe is added, for small type is hinted and its marks may stand further out.
    """
    _, top, _, bottom = ink_box(text, chain, _PROBE_SIZE, 0.0, locale, Locale.parse(locale).direction)
    return (0.5 - top) / _PROBE_SIZE, (0.5 + bottom) / _PROBE_SIZE


def ink_box(
    text: str, chain: tuple[str, ...], size: float, tracking: float, locale: str, direction: Direction,
    *, runs: tuple[TextRun, ...] = (),
) -> tuple[float, float, float, float]:  # fmt: skip
    """(left, top, right, bottom) px of the pixels a line touches, relative to (x, baseline) of `draw_line`.

    Whole pixels, found by drawing; all zero when nothing is drawn.
    """
    import numpy as np

    skia = fonts.engine().skia
    reach = int(size * _PROBE_REACH)
    margin = int(size)
    # A multiple of eight, so that rows are looked through eight pixels at a time.
    width = (int(advance(text, chain, size, tracking, locale, direction, runs=runs)) + 2 * margin + 2 + 7) // 8 * 8
    pixels = np.zeros((2 * reach, width), dtype=np.uint8)
    info = skia.ImageInfo.Make(width, 2 * reach, skia.kAlpha_8_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, pixels, width)
    draw_line(surface.getCanvas(), text=text, fonts=chain, size=size, direction=direction, x=margin, baseline=reach,
              color=_BLACK, locale=locale, tracking=tracking, runs=runs)  # fmt: skip
    del surface
    rows = np.flatnonzero(pixels.view(np.uint64).any(axis=1))
    if not rows.size:
        return 0.0, 0.0, 0.0, 0.0
    columns = np.flatnonzero(pixels[rows[0] : rows[-1] + 1].max(axis=0))
    left, right = columns[0] - margin, columns[-1] + 1 - margin
    return float(left), float(rows[0] - reach), float(right), float(rows[-1] + 1 - reach)
