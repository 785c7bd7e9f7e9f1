"""Frames as text: one line per item, px rounded to one tenth, so that a golden diff reads like a layout sheet."""

from __future__ import annotations

from affiche.values.color import Color
from affiche.values.frame import Fill, Frame, Gradient, Item, PictureItem, SetItem, Shadow, TextItem
from affiche.values.geometry import Rect


def dump(frame: Frame) -> str:
    """The frame as text, base first."""
    head = f"frame {frame.size} template={frame.template} class={frame.aspect_class} locale={frame.locale}"
    rows = [head, *(f"base    {_row(item)}" for item in frame.base), *(f"overlay {_row(item)}" for item in frame.overlay)]
    rows += [f"fit     {fit.slot} {fit.size:g} px of {fit.min_size:g}..{fit.max_size:g} fits={fit.fits} {fit.remedy}".rstrip() for fit in frame.fits]
    rows += [f"note    {decision}" for decision in frame.decisions]
    return "\n".join(rows) + "\n"


def _row(item: Item) -> str:
    match item:
        case TextItem():
            return f"text {item.slot} {item.text!r} {item.size:g}px at {item.x:.1f},{item.baseline:.1f} w={item.width:.1f} {item.color.hex} {item.fonts[0]}"
        case Fill():
            return f"fill {item.slot} {_box(item.rect)} {_paint(item.paint)} r={item.radius:.1f}" + (f" stroke={item.stroke:.1f}" if item.stroke else "")
        case PictureItem():
            return f"picture {item.slot} {_box(item.rect)} from {_box(item.source)}" + (f" tint={item.tint.hex}" if item.tint else "")
        case SetItem():
            return f"set {item.set}/{item.aspect_class} {_box(item.rect)} mirrored={item.mirrored} {' '.join(c.hex for c in item.palette)}"
        case Shadow():
            return f"shadow {item.kind} {_box(item.rect)} ground={item.ground_y:.1f} {item.color.hex} soft={item.softness:.1f} angle={item.angle_deg:.0f}"


def _box(rect: Rect) -> str:
    return f"[{rect.x:.1f} {rect.y:.1f} {rect.width:.1f} {rect.height:.1f}]"


def _paint(paint: Color | Gradient) -> str:
    if isinstance(paint, Color):
        return paint.hex
    return "gradient " + ">".join(color.hex for color in paint.colors)
