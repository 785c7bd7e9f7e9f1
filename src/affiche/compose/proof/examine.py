"""What is wrong with a laid-out template: text that does not fit, lies over something, leaves the canvas, lacks glyphs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from affiche.compose.compose import compose
from affiche.compose.proof.stress import cases
from affiche.compose.template.model import Template
from affiche.values.frame import Fill, Frame, PictureItem
from affiche.values.geometry import Rect, Size

#: Two boxes may share this many px, and ink may reach this far over an edge: rounding, not design.
_TOLERANCE_PX = 1.5
#: Words keep this far from a panel beside them, as a share of the canvas's shorter side.
_GUTTER = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: `kind` overflow, collision, outside, crowded or glyph; `rect` px of the canvas."""

    kind: str
    case: str
    size: Size
    locale: str
    slot: str
    message: str
    rect: Rect

    def __str__(self) -> str:
        at = f"{self.rect.x:.0f},{self.rect.y:.0f} {self.rect.width:.0f}x{self.rect.height:.0f}"
        return f"{self.size} {self.locale} ({self.case}): {self.message} at {at}"


def faults(template: Template) -> Iterator[Fault]:
    """Everything wrong with `template` in every case, in the order of the cases."""
    for case in cases(template):
        frame = compose(case.request)
        for kind, slot, message, rect in wrong(frame):
            yield Fault(kind=kind, case=case.name, size=frame.size, locale=frame.locale, slot=slot, message=message, rect=rect)


_Wrong = tuple[str, str, str, Rect]


def wrong(frame: Frame) -> Iterator[_Wrong]:
    """Kind, slot, message and place of everything that is wrong with one frame."""
    boxes = _boxes(frame)
    nowhere = Rect(0, 0, 0, 0)
    for fit in frame.fits:
        if fit.missing:
            yield "glyph", fit.slot, f"no glyph for {' '.join(fit.missing)} in {fit.slot}", boxes.get(fit.slot, nowhere)
        elif not fit.fits:
            yield "overflow", fit.slot, f"{fit.slot} does not fit: {fit.remedy}", boxes.get(fit.slot, nowhere)
    for slot, box in boxes.items():
        if not frame.safe.contains(box, tolerance=_TOLERANCE_PX):
            yield "outside", slot, f"{slot} leaves the safe area", box
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        if _deep(a, b):
            yield "collision", one, f"{one} lies over {other}", a.intersection(b)
    if "product" in frame.slots:
        yield from _over_product(frame.slots.get("lineup", frame.slots["product"]), boxes)
    yield from _crowded(frame)


def _crowded(frame: Frame) -> Iterator[_Wrong]:
    """Lines of text that end right before a panel beside them."""
    panels = [item.rect for item in frame.base if isinstance(item, Fill) and item.slot == "panel"]
    least = _GUTTER * min(frame.size.width, frame.size.height)
    for line in frame.texts:
        for panel in panels:
            common = line.ink.intersection(panel)
            level = min(line.ink.bottom, panel.bottom) - max(line.ink.y, panel.y)
            gap = max(panel.x - line.ink.right, line.ink.x - panel.right)
            if common.width <= 0 and level > _TOLERANCE_PX and gap < least:
                message = f"{line.slot} ends {gap:.0f} px before a panel, at least {least:.0f} are wanted"
                yield "crowded", line.slot, message, line.ink


def _over_product(product: Rect, boxes: dict[str, Rect]) -> Iterator[_Wrong]:
    for slot, box in boxes.items():
        if _deep(box, product):
            yield "collision", slot, f"{slot} lies over the product", box.intersection(product)


def _deep(a: Rect, b: Rect) -> bool:
    common = a.intersection(b)
    return min(common.width, common.height) > _TOLERANCE_PX


def _boxes(frame: Frame) -> dict[str, Rect]:
    """The ink of each text, and the boxes of button, chips and logo."""
    found: dict[str, Rect] = {}
    for line in frame.texts:
        found[line.slot] = found[line.slot].union(line.ink) if line.slot in found else line.ink
    for item in frame.overlay:
        if (isinstance(item, Fill) and item.slot not in ("scrim", "panel")) or isinstance(item, PictureItem):
            found[item.slot] = found[item.slot].union(item.rect) if item.slot in found else item.rect
    return found
