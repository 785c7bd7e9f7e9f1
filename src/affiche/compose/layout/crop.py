"""Which part of a picture is shown. Packshots are never cropped; photographs are, around their focal point."""

from __future__ import annotations

from affiche.values.geometry import Rect


def cover(
    bounds: Rect, into: Rect, focal: tuple[float, float], *, aim: tuple[float, float] = (0.5, 0.5), keep: Rect | None = None
) -> Rect:
    """The largest part of `bounds` with the shape of `into`, with the focal point as near to `aim` as the edges allow.

    `bounds` px of the picture; `focal` fractions of `bounds`; `aim` fractions of `into`. The result lies inside `bounds`,
    and holds `keep` (px of the picture: a head with its room, a product with its air) whole where its size allows.
    """
    ratio = into.width / max(1e-6, into.height)
    width = min(bounds.width, bounds.height * ratio)
    height = width / ratio
    at_x, at_y = bounds.x + focal[0] * bounds.width, bounds.y + focal[1] * bounds.height
    x, y = at_x - aim[0] * width, at_y - aim[1] * height
    if keep is not None:
        x = _holding(x, width, keep.x, keep.right, at_x)
        y = _holding(y, height, keep.y, keep.bottom, at_y)
    x = min(max(bounds.x, x), bounds.right - width)
    y = min(max(bounds.y, y), bounds.bottom - height)
    return Rect(x, y, width, height)


def _holding(start: float, size: float, low: float, high: float, point: float) -> float:
    """`start` moved as little as needed for `low`..`high` to lie in `start`..`start + size`.

    What is too large for that loses on both sides alike, so that `point` keeps its place in it.
    """
    if high - low <= size:
        return min(max(start, high - size), low)
    return point - size * min(1.0, max(0.0, (point - low) / (high - low)))


def contain(bounds: Rect, into: Rect, *, align_x: float = 0.5, align_y: float = 1.0) -> Rect:
    """The largest rectangle with the shape of `bounds` inside `into`; by default it stands on the bottom centre."""
    scale = min(into.width / max(1e-6, bounds.width), into.height / max(1e-6, bounds.height))
    width, height = bounds.width * scale, bounds.height * scale
    return Rect(into.x + (into.width - width) * align_x, into.y + (into.height - height) * align_y, width, height)
