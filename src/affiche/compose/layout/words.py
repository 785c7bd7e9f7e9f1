"""Words in a slot: the brand's type for a text slot, the sizes it may take, and its fit into a width and height."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from affiche.compose.layout.canvas import Canvas
from affiche.compose.layout.quotation import quoted
from affiche.compose.template.model import CtaSlot, LogoSlot, TextSlot
from affiche.compose.typeset.fit import GRID, FitSpec, Fitted, fit
from affiche.compose.typeset.measure import Measured, TextStyle, measure
from affiche.values.locale import Locale
from affiche.values.quick import quick
from affiche.values.text import Text

#: The smallest type that can be read as the ad is shown, css px of the em (platform guides say 10-12 for body copy; legal
#: lines are customary down to 7-8). Below it a slot is never set, whatever its template says.
LEGIBLE_CSS_PX = {"legal": 7.5, "headline": 12.0, "mark": 8.0}
LEGIBLE_DEFAULT = 10.5

#: How far legibility may push a size beyond the largest that its template foresees.
_PUSH = 1.75

#: Share of the way from min to max size at which a headline still carries its design.
COMFORT = 0.42


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A slot's text fitted into its box. `above` and `below` are the ink px over the first and under the last baseline."""

    slot: str
    text: Text
    style: TextStyle
    fitted: Fitted
    min_px: float
    max_px: float
    above: float
    below: float
    #: Distance px from the baseline up to the optical middle of a line.
    middle: float
    #: Room beside the label of a button, em (0 = set as bare type).
    pad: float = 0.0

    @property
    def block(self) -> float:
        """Height px of the text from the top of its ink to the bottom of its ink: what the eye sees as its box."""
        return self.above + max(0, len(self.fitted.lines) - 1) * self.fitted.line_height + self.below


#: Distance in em from the baseline to the optical middle of a line, by script (half the height of its capitals or letters).
_MIDDLE = {"Hani": 0.38, "Hira": 0.38, "Kana": 0.38, "Hang": 0.38, "Arab": 0.27, "Aran": 0.27, "Hebr": 0.31, "Thai": 0.31,
           "Deva": 0.33}  # fmt: skip
_LATIN_MIDDLE = 0.345


def _worded(
    slot: str, text: Text, measured: Measured, fitted: Fitted, *, sizes: tuple[float, float], pad: float = 0.0
) -> Worded:
    (above, below), size = measured.ink, fitted.size_px
    return Worded(
        slot=slot, text=text, style=measured.style, fitted=fitted, min_px=sizes[0], max_px=sizes[1], above=above * size,
        below=below * size, middle=_MIDDLE.get(measured.script, _LATIN_MIDDLE) * size, pad=pad,
    )  # fmt: skip


#: Roles whose numbers are set as prices: small raised cents and signs.
_PRICED = frozenset({"price", "old_price", "offer"})


def style_of(slot: TextSlot | CtaSlot, canvas: Canvas) -> TextStyle:
    """The type of a slot: the brand's display or text face, with what the template changes."""
    brand = canvas.request.brand
    if isinstance(slot, CtaSlot):
        return _style(family=brand.text.family, weight=max(600, brand.text.weight), numerals=canvas.numerals)
    face = brand.display if slot.style == "display" else brand.text
    return _style(
        family=face.family,
        weight=slot.weight or face.weight,
        tracking=slot.tracking or face.tracking,
        leading=slot.leading or None,
        case="upper" if "upper" in (slot.case, face.case) else "none",
        use=slot.style,
        figures="price" if slot.role in _PRICED else "plain",
        numerals=canvas.numerals,
    )


@lru_cache(maxsize=1024)
def _style(**given: Any) -> TextStyle:
    """One value for all creatives, so that measured texts are found by their style without a look at its fields."""
    return TextStyle(**given)


def size_range(slot: TextSlot | CtaSlot, role: str, canvas: Canvas, squeeze: float) -> tuple[float, float]:
    """Smallest and largest size px; `squeeze` 0..1 lowers the largest towards the smallest."""
    size = canvas.request.size
    shown = canvas.request.shown_width or size.width
    legible = LEGIBLE_CSS_PX.get(role, LEGIBLE_DEFAULT) * size.width / shown
    designed = canvas.px(slot.max, 0)
    smallest = _on_grid(max(canvas.px(slot.min, 0), min(legible, designed * _PUSH)))
    largest = max(_on_grid(designed), smallest)
    if isinstance(slot, TextSlot) and slot.group in canvas.request.sizes:
        largest = max(smallest, min(largest, canvas.request.sizes[slot.group]))
    return smallest, max(smallest, _on_grid(largest - (largest - smallest) * squeeze))


def _on_grid(size: float) -> float:
    """The size on the grid of typesetting, rounded down (at least one step)."""
    return max(GRID, int(size / GRID + 1e-9) * GRID)


def worded(slot: TextSlot, canvas: Canvas, width: float, height: float, squeeze: float = 0.0) -> Worded:
    """The text of `slot` fitted into `width` x `height` px."""
    text = _text(slot, canvas)
    style = style_of(slot, canvas)
    smallest, largest = size_range(slot, slot.role, canvas, squeeze)
    measured = measure(text.value, style, text.locale)
    spec = FitSpec(min_px=smallest, max_px=largest, max_lines=slot.lines, balance=True)
    room = width - 2 * _CHIP_PAD * smallest if slot.chip else width
    fitted = _tidy(measured, max(1.0, room), height / (_CHIP if slot.chip else 1.0), spec)
    name = f"{slot.role}-{slot.literal}" if slot.literal else slot.role
    sizes = size_range(slot, slot.role, canvas, 0.0) if squeeze else (smallest, largest)
    return _worded(name, text, measured, fitted, sizes=sizes)


#: A chip is this high, and its text has this much room at each side, in em.
_CHIP, _CHIP_PAD = 2.1, 0.75


def text_size(slot: TextSlot, word: Worded) -> tuple[float, float]:
    """Width and height px of a text with its chip, when it has one."""
    if not slot.chip:
        return word.fitted.width, word.block
    size, lines = word.fitted.size_px, max(1, len(word.fitted.lines))
    height = _CHIP * size + (lines - 1) * word.fitted.line_height
    return max(height, word.fitted.width + 2 * _CHIP_PAD * size), height


def _text(slot: TextSlot, canvas: Canvas) -> Text:
    """The copy of a slot, or the template's own text."""
    if slot.literal:
        return Text(value=slot.literal, locale=canvas.request.locale.tag)
    text = canvas.request.words[slot.role]
    return replace(text, value=quoted(text.value, Locale.parse(text.locale))) if slot.quoted else text


#: What does not fit is shown this much smaller than allowed at most: the creative fails, but one can see what it would be.
_SMALLEST_SHOWN = 0.5


def _tidy(measured: Measured, width: float, height: float, spec: FitSpec) -> Fitted:
    """The fit; what does not fit is laid out at the size that would, still marked as not fitting, rather than spilled."""
    fitted = fit(measured, width, height, spec)
    if fitted.fits or fitted.missing or not fitted.reached_px:
        return fitted
    lower = replace(spec, min_px=max(GRID, spec.min_px * _SMALLEST_SHOWN), max_px=spec.min_px)
    shown = fit(measured, width, height, lower)
    return replace(shown, fits=False, reason=fitted.reason, reached_px=fitted.reached_px) if shown.fits else fitted


#: How far the room beside a label may be tightened before the button gives way to bare type.
_TIGHT_PAD = 0.6


def worded_cta(slot: CtaSlot, canvas: Canvas, width: float, squeeze: float = 0.0) -> Worded:
    """The call to action, `width` px being the room for the whole button.

    A button's label stays on one line: first the type gets smaller, then the room beside it, then the label stands without a
    button on up to two lines. When nothing fits, the button is drawn with the size that would fit and reported.
    """
    text = canvas.request.words["cta"]
    style = style_of(slot, canvas)
    smallest, largest = size_range(slot, "cta", canvas, squeeze)
    measured = measure(text.value, style, text.locale)
    fitted, pad = _labelled(slot, measured, width, smallest, largest)
    sizes = size_range(slot, "cta", canvas, 0.0) if squeeze else (smallest, largest)
    return _worded("cta", text, measured, fitted, sizes=sizes, pad=pad)


def _labelled(slot: CtaSlot, measured: Measured, width: float, smallest: float, largest: float) -> tuple[Fitted, float]:
    """The label and the room beside it, em."""
    full = slot.pad_x if slot.button else 0.0
    sizes = ((_on_grid(largest - (largest - smallest) * step / 4), full) for step in range(5))
    for size, pad in chain(sizes, [(smallest, full * _TIGHT_PAD)]):
        fitted = _one_line(measured, width - 2 * pad * size, size, min(size, smallest))
        if fitted.fits and fitted.width + 2 * pad * fitted.size_px <= width + 0.5:
            return fitted, pad
    bare = fit(measured, width, largest * 4, FitSpec(min_px=smallest, max_px=smallest, max_lines=2, balance=True))
    if bare.fits:
        return replace(bare, remedy="no button"), 0.0
    pad = full * _TIGHT_PAD
    wanted = _one_line(measured, width - 2 * pad * smallest, smallest, smallest)
    shown = _one_line(measured, width - 2 * pad * smallest, smallest, smallest * _SMALLEST_SHOWN)
    return replace(shown, fits=False, reason=wanted.reason, reached_px=wanted.reached_px), pad


def _one_line(measured: Measured, width: float, largest: float, smallest: float) -> Fitted:
    spec = FitSpec(min_px=max(GRID, smallest), max_px=largest, max_lines=1, balance=False)
    return fit(measured, max(1.0, width), largest * 4, spec)


def cta_size(slot: CtaSlot, word: Worded) -> tuple[float, float]:
    """Width and height px of the whole button (or of the bare text)."""
    size = word.fitted.size_px
    if not word.pad:
        return word.fitted.width, word.block
    return word.fitted.width + 2 * word.pad * size, size * (1.0 + 2 * slot.pad_y)


def worded_mark(slot: LogoSlot, canvas: Canvas, width: float) -> Worded:
    """The brand name set as type, for brands without a logo file."""
    face = canvas.request.brand.display
    largest = max(_on_grid(canvas.px(slot.height, 0)), GRID * 4)
    return _mark(canvas.request.wordmark, face.family, face.weight, largest, min(width, canvas.px(slot.max_width, width)))


@lru_cache(maxsize=256)
def _mark(name: str, family: str, weight: int, largest: float, room: float) -> Worded:
    """Worked out once for all creatives of a placement: they differ in their words, not in the brand's name."""
    style = TextStyle(family=family, weight=weight, tracking=0.02)
    text = Text(value=name, locale="en")
    measured = measure(text.value, style, text.locale)
    fitted = fit(measured, room, largest * 2, FitSpec(min_px=_on_grid(largest * 0.4), max_px=largest, max_lines=1, balance=False))
    return _worded("logo", text, measured, fitted, sizes=(largest * 0.4, largest))
