"""Typeset: text to lines of exact width, in every script, from fonts that are known; a pure function of font
bytes.

    measured = measure("Wake up the afternoon", TextStyle(family="Bricolage Grotesque", weight=800), "en-US")
    fitted = fit(measured, width=900, height=400, spec=FitSpec(min_px=44, max_px=120, max_lines=3))

The recipe, one file per verb: `fonts` (faces, coverage) -> `itemize` (runs and their faces) -> `breaks`
(where lines may end) -> `measure` (widths, once per text and style) -> `fit` (arithmetic; `balance` chooses
lines) -> `shape` (draws a line; also what measuring asks). `ink` answers optical questions; `locales` lists
what is covered. skia is loaded on first use.
"""

from affiche.compose.typeset.fit import Align, FitSpec, Fitted, Line, fit
from affiche.compose.typeset.ink import Optics, ink_bounds, line_ink, optics
from affiche.compose.typeset.locales import LocaleInfo, locales
from affiche.compose.typeset.measure import Measured, TextStyle, Use, measure
from affiche.compose.typeset.shape import draw_line

__all__ = [
    "Align", "FitSpec", "Fitted", "Line", "LocaleInfo", "Measured", "Optics", "TextStyle", "Use",
    "draw_line", "fit", "ink_bounds", "line_ink", "locales", "measure", "optics",
]  # fmt: skip
