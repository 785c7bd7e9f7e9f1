"""Which area of a canvas an item may touch: what is outside of all areas equals the base, so nobody looks at it again.

The painter keeps the promise with a clip: a line of text draws inside its area and nowhere else. Areas are a little larger
than the letters, so that the clip never meets one: all that is inside is encoded and mended, so it should not be much.
"""

from __future__ import annotations

import math

from affiche.values.frame import Fill, Item, PictureItem, TextItem
from affiche.values.geometry import Area, Rect

#: How far beyond the ink that layout knows of its line a letter may be drawn where typesetting cannot tell, em: sideways
#: (swashes; only advances are known) and up or down (hinting, and marks that stack higher in a line than in the probe).
_BESIDE, _ABOVE = 0.25, 0.1
#: Px around: across for antialiasing and for letters that are moved to whole px; up and down for antialiasing alone, unless
#: type is so small that it may be hinted, which moves edges by up to one px. A px more up and down is a row of blocks more
#: in one of eight lines.
_ACROSS, _UP, _UP_SMALL = 2, 1, 2
_SMALL = 24.0


def area_of(item: Item, width: int, height: int, letters: Rect | None = None) -> Area:
    """The area that `item` may touch, clipped to a canvas of this size; of items that work on the whole canvas, all.

    `letters`: the box of a line's outlines, where typesetting can tell.
    """
    up = _UP
    match item:
        case TextItem():
            around = letters or _roughly(item)
            up = _UP if letters and item.size >= _SMALL else _UP_SMALL
        case Fill() | PictureItem():
            around = item.rect
        case _:
            return 0, 0, width, height
    left, top = max(0, math.floor(around.x - _ACROSS)), max(0, math.floor(around.y - up))
    right, bottom = min(width, math.ceil(around.right + _ACROSS)), min(height, math.ceil(around.bottom + up))
    return left, top, max(left, right), max(top, bottom)


def _roughly(line: TextItem) -> Rect:
    beside, above, ink = line.size * _BESIDE, line.size * _ABOVE, line.ink
    return Rect(ink.x - beside, ink.y - above, ink.width + 2 * beside, ink.height + 2 * above)


def meet(one: Area, other: Area) -> bool:
    """Whether two areas overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
