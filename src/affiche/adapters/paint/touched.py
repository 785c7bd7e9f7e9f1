"""Which rows of a canvas an overlay may touch: what is outside of them equals the base, so nobody looks at it again.

The painter keeps the promise with a clip: a line of text draws inside its rows and nowhere else. Rows are generous (half
an em around the line box and the ink that layout found), so that the clip never meets a letter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from affiche.values.frame import Fill, Item, PictureItem, TextItem
from affiche.values.geometry import Size

#: (top, bottom) px, bottom excluded.
Band = tuple[int, int]


def rows_of(item: Item, size: Size) -> Band:
    """The rows that `item` may touch, clipped to the canvas; of items that work on the whole canvas, all."""
    match item:
        case TextItem():
            around = item.box.union(item.ink).grown(item.size / 2)
        case Fill() | PictureItem():
            around = item.rect.grown(2)
        case _:
            return 0, size.height
    top, bottom = math.floor(around.y), math.ceil(around.bottom)
    return min(max(0, top), size.height), max(0, min(bottom, size.height))


def bands(items: Iterable[Item], size: Size) -> tuple[Band, ...]:
    """The rows of all items as disjoint ascending bands."""
    merged: list[Band] = []
    for top, bottom in sorted(rows_of(item, size) for item in items):
        if bottom <= top:
            continue
        if merged and top <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], bottom))
        else:
            merged.append((top, bottom))
    return tuple(merged)
