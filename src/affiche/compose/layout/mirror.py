"""Mirroring of a left-to-right layout for right-to-left locales: positions flip, pictures and glyphs do not."""

from __future__ import annotations

from dataclasses import replace

from affiche.values.color import Color
from affiche.values.frame import Fill, Gradient, Item, SetItem, Shadow, TextItem
from affiche.values.geometry import Rect


def mirrored(item: Item, width: float) -> Item:
    """`item` mirrored in a canvas of `width` px. Sets flip (they are scenery), packshots, photos and logos only move."""
    if isinstance(item, TextItem):
        return replace(
            item, x=width - item.x - item.width, box=item.box.mirrored(width), ink=_moved_ink(item, width)
        )
    if isinstance(item, Fill):
        return replace(item, rect=item.rect.mirrored(width), paint=_mirrored_paint(item.paint))
    if isinstance(item, SetItem):
        return replace(item, rect=item.rect.mirrored(width), mirrored=not item.mirrored)
    if isinstance(item, Shadow):
        panel = item.panel and replace(item.panel, rect=item.panel.rect.mirrored(width))
        return replace(item, rect=item.rect.mirrored(width), angle_deg=-item.angle_deg, panel=panel)
    return replace(item, rect=item.rect.mirrored(width))


def _moved_ink(item: TextItem, width: float) -> Rect:
    """The ink moves with the line; its offset inside the line stays, because glyphs are not mirrored."""
    x = width - item.x - item.width
    return replace(item.ink, x=x + (item.ink.x - item.x))


def _mirrored_paint(paint: Color | Gradient) -> Color | Gradient:
    if isinstance(paint, Gradient):
        return replace(paint, start=(1 - paint.start[0], paint.start[1]), end=(1 - paint.end[0], paint.end[1]))
    return paint
