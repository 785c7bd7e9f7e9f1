"""Whether a creative needs full colour resolution, decided from its frame (so that a whole sheet agrees).

4:2:0 keeps one colour sample per 2x2 px: it smears thin saturated strokes, and nothing else that the eye notices.
"""

from __future__ import annotations

from affiche.ports import Chroma
from affiche.values.color import Color
from affiche.values.frame import Fill, Frame, PictureItem

#: Below this area every px counts and full resolution costs less than a kilobyte or two.
SMALL_AREA = 200_000
#: Strokes of type below this size (px per em) are about 3 px wide.
SMALL_TYPE = 40.0
#: OKLab chroma above which a colour counts as saturated (brand greens and blues are 0.1 to 0.2).
SATURATED = 0.09


def chroma_of(frame: Frame) -> Chroma:
    """`444` when small type or a small logo is saturated, or set on a saturated button; else `420`."""
    if frame.size.width * frame.size.height <= SMALL_AREA:
        return "444"
    small = [item for item in frame.texts if item.size <= SMALL_TYPE]
    if any(_saturation(item.color) > SATURATED for item in small):
        return "444"
    buttons = [item for item in frame.overlay if isinstance(item, Fill) and item.slot == "cta"]
    return "444" if any(_is_saturated_button(button) for button in buttons) or _has_small_logo(frame) else "420"


def _is_saturated_button(button: Fill) -> bool:
    return isinstance(button.paint, Color) and button.rect.height <= 2 * SMALL_TYPE and _saturation(button.paint) > SATURATED


def _has_small_logo(frame: Frame) -> bool:
    return any(
        isinstance(item, PictureItem) and item.tint is not None and item.rect.height <= SMALL_TYPE
        and _saturation(item.tint) > SATURATED
        for item in frame.overlay
    )  # fmt: skip


def _saturation(color: Color) -> float:
    _, a, b = color.oklab
    return float((a * a + b * b) ** 0.5)
