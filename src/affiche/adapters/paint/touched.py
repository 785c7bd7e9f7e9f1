"""Which areas of a canvas an overlay may touch: what is outside of them equals the base, so nobody looks at it again.

The painter keeps the promise with a clip: a line of text draws inside its area and nowhere else. Areas are generous (beyond
the ink that layout found), so that the clip never meets a letter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from affiche.values.frame import Fill, Item, PictureItem, TextItem
from affiche.values.geometry import Area, Rect, Size, disjoint

#: How far beyond the ink of its line a letter may be drawn, em: sideways (swashes; only advances are known) and up or down
#: (hinting, and marks that stack higher in a line than in the probe), each with two px more for antialiasing.
_BESIDE, _ABOVE = 0.25, 0.1


def area_of(item: Item, size: Size) -> Area:
    """The area that `item` may touch, clipped to the canvas; of items that work on the whole canvas, all."""
    match item:
        case TextItem():
            beside, above, ink = item.size * _BESIDE + 2, item.size * _ABOVE + 2, item.ink
            around = Rect(ink.x - beside, ink.y - above, ink.width + 2 * beside, ink.height + 2 * above)
        case Fill() | PictureItem():
            around = item.rect.grown(2)
        case _:
            return 0, 0, size.width, size.height
    left, top = max(0, math.floor(around.x)), max(0, math.floor(around.y))
    return left, top, max(left, min(size.width, math.ceil(around.right))), max(top, min(size.height, math.ceil(around.bottom)))


def areas(items: Iterable[Item], size: Size) -> tuple[Area, ...]:
    """The areas of all items, disjoint."""
    return tuple(disjoint(area_of(item, size) for item in items))
