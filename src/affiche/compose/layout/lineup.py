"""Line-ups: several packshots side by side that look equally large, the product itself in the middle. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from affiche.ports import PictureInfo
from affiche.values.geometry import Rect

#: Equal areas look equally large (0.5), but a low jar as heavy as a tall bottle would look bloated: a little less.
_EVEN = 0.42
#: The lowest a product may be, in heights of the tallest.
_LOWEST = 0.4


def arranged(pictures: Sequence[PictureInfo], box: Rect, *, gap: float) -> list[tuple[PictureInfo, Rect]]:
    """Each picture with its rectangle, standing on the bottom of `box`, as large as it allows; from the left to the right.

    `pictures` start with the product itself, which is put into the middle; `gap` is in heights of the tallest.
    """
    order = _middle_first(pictures)
    heights = _heights(order)
    widths = [height * _ratio(picture) for picture, height in zip(order, heights, strict=True)]
    total = sum(widths) + gap * (len(order) - 1)
    scale = min(box.height, box.width / total)
    x = box.center_x - total * scale / 2
    put: list[tuple[PictureInfo, Rect]] = []
    for picture, width, height in zip(order, widths, heights, strict=True):
        put.append((picture, Rect(x, box.bottom - height * scale, width * scale, height * scale)))
        x += (width + gap) * scale
    return put


def _middle_first(pictures: Sequence[PictureInfo]) -> list[PictureInfo]:
    """The first in the middle, the others in turn to its right and left."""
    row: list[PictureInfo] = []
    for number, picture in enumerate(pictures):
        row.insert(len(row) if number % 2 else 0, picture)
    return row


def _heights(pictures: Sequence[PictureInfo]) -> list[float]:
    """Heights that look equally large; the tallest is 1."""
    raw = [_ratio(picture) ** -_EVEN for picture in pictures]
    return [max(_LOWEST, height / max(raw)) for height in raw]


def _ratio(picture: PictureInfo) -> float:
    return picture.bounds.width / max(1.0, picture.bounds.height)
