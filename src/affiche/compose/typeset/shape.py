"""Shape: one line of text to a drawable paragraph; the only code that draws letters, used alike to measure
and to paint.

Each line is its own paragraph: right-to-left lines are wrapped in isolates, because the binding has no base
direction; runs carry their own face lists (itemize.py); letter spacing, which the engine puts half on each
side, is cut off at both ends. What is measured here is therefore exactly what is painted. Next: fit.py, which
never calls this at fit time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from affiche.compose.typeset import fonts, itemize
from affiche.values.locale import Direction, Locale

_UNBOUNDED = 1e7
_BLACK = 0xFF000000
#: px per em and half height in em of the bitmap the ink of stacked scripts is looked for in.
_PROBE_SIZE, _PROBE_REACH = 48, 3


def paragraph(
    text: str, chain: tuple[str, ...], size: float, color: int, *, tracking: float, locale: str, direction: Direction
) -> Any:
    """A skia textlayout paragraph of one line, laid out. `size` px per em, `color` 0xAARRGGBB, `tracking` in
    em."""
    host = fonts.engine()
    base = _style(chain, size, color, tracking, locale)
    outer = _paragraph_style(chain, size, color, tracking, locale)
    builder = host.skia.textlayout.ParagraphBuilder.make(outer, host.collection, host.unicode)
    pieces = itemize.runs(text, chain, _script(locale))
    opening, closing = ("\u2067", "\u2069") if direction == "rtl" else ("", "")
    for at, run in enumerate(pieces):
        style = base if run.fonts == chain else _style(run.fonts, size, color, tracking, locale)
        head = opening if at == 0 else ""
        tail = closing if at == len(pieces) - 1 else ""
        builder.pushStyle(style)
        builder.addText(head + run.text + tail)
        builder.pop()
    built = builder.Build()
    built.layout(_UNBOUNDED)
    return built


@lru_cache(maxsize=512)
def _script(locale: str) -> str:
    return Locale.parse(locale).script


@lru_cache(maxsize=512)
def _style(chain: tuple[str, ...], size: float, color: int, tracking: float, locale: str) -> Any:
    for alias in chain:
        fonts.typeface(alias)
    style = fonts.engine().skia.textlayout.TextStyle()
    style.setFontFamilies(list(chain))
    style.setFontSize(size)
    style.setColor(color)
    style.setLocale(locale)
    if tracking:
        style.setLetterSpacing(tracking * size)
    return style


@lru_cache(maxsize=512)
def _paragraph_style(chain: tuple[str, ...], size: float, color: int, tracking: float, locale: str) -> Any:
    host = fonts.engine()
    style = host.skia.textlayout.ParagraphStyle()
    style.setTextStyle(_style(chain, size, color, tracking, locale))
    style.setTextAlign(host.skia.textlayout.TextAlign.kLeft)
    return style


def advance(
    text: str, chain: tuple[str, ...], size: float, tracking: float, locale: str, direction: Direction
) -> float:
    """Advance width of a line in px, trailing spaces included, without the outer halves of the tracking."""
    built = paragraph(text, chain, size, _BLACK, tracking=tracking, locale=locale, direction=direction)
    return float(built.MaxIntrinsicWidth) - tracking * size


def draw_line(
    canvas: Any, *, text: str, fonts: tuple[str, ...], size: float, direction: Direction, x: float,
    baseline: float, color: int, locale: str, tracking: float = 0.0,
) -> None:  # fmt: skip
    """Draw one line so that its advance box starts at `x` (left, in both directions) and it stands on
    `baseline`, px.

    Fields are those of `values.frame.TextItem`; `color` is 0xAARRGGBB. The width drawn is `advance` of the
    same fields.
    """
    built = paragraph(text, fonts, size, color, tracking=tracking, locale=locale, direction=direction)
    built.paint(canvas, x - tracking * size / 2, baseline - built.AlphabeticBaseline)


@lru_cache(maxsize=4096)
def drawn_extent(text: str, chain: tuple[str, ...], locale: str) -> tuple[float, float]:
    """(above, below) the baseline of the drawn text's ink in em, outwards positive.

    Half a pixel of the probe is added, for hinting may have drawn the marks in at its size.
    """
    _, top, _, bottom = ink_box(text, chain, _PROBE_SIZE, 0.0, locale, Locale.parse(locale).direction)
    return (0.5 - top) / _PROBE_SIZE, (0.5 + bottom) / _PROBE_SIZE


def ink_box(
    text: str, chain: tuple[str, ...], size: float, tracking: float, locale: str, direction: Direction
) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) px of the pixels a line touches, relative to (x, baseline) of `draw_line`.

    Whole pixels, found by drawing; all zero when nothing is drawn.
    """
    import numpy as np

    skia = fonts.engine().skia
    reach = int(size * _PROBE_REACH)
    margin = int(size)
    width = int(advance(text, chain, size, tracking, locale, direction)) + 2 * margin + 2
    pixels = np.zeros((2 * reach, width), dtype=np.uint8)
    info = skia.ImageInfo.Make(width, 2 * reach, skia.kAlpha_8_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, pixels, width)
    draw_line(surface.getCanvas(), text=text, fonts=chain, size=size, direction=direction, x=margin, baseline=reach,
              color=_BLACK, locale=locale, tracking=tracking)  # fmt: skip
    del surface
    rows = np.flatnonzero(pixels.any(axis=1))
    columns = np.flatnonzero(pixels.any(axis=0))
    if not rows.size:
        return 0.0, 0.0, 0.0, 0.0
    left, right = columns[0] - margin, columns[-1] + 1 - margin
    return float(left), float(rows[0] - reach), float(right), float(rows[-1] + 1 - reach)
