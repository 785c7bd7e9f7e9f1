"""Which part of a picture is shown. Packshots are never cropped; photographs are, around their focal point."""

from __future__ import annotations

from affiche.values.geometry import Rect


def cover(bounds: Rect, into: Rect, focal: tuple[float, float], *, aim: tuple[float, float] = (0.5, 0.5)) -> Rect:
    """The largest part of `bounds` with the shape of `into`, with the focal point as near to `aim` as the edges allow.

    `bounds` px of the picture; `focal` fractions of `bounds`; `aim` fractions of `into`. The result lies inside `bounds`.
    """
    ratio = into.width / max(1e-6, into.height)
    width = min(bounds.width, bounds.height * ratio)
    height = width / ratio
    x = focal[0] * bounds.width - aim[0] * width
    y = focal[1] * bounds.height - aim[1] * height
    x = min(max(0.0, x), bounds.width - width)
    y = min(max(0.0, y), bounds.height - height)
    return Rect(bounds.x + x, bounds.y + y, width, height)


def contain(bounds: Rect, into: Rect, *, align_x: float = 0.5, align_y: float = 1.0) -> Rect:
    """The largest rectangle with the shape of `bounds` inside `into`; by default it stands on the bottom centre."""
    scale = min(into.width / max(1e-6, bounds.width), into.height / max(1e-6, bounds.height))
    width, height = bounds.width * scale, bounds.height * scale
    return Rect(into.x + (into.width - width) * align_x, into.y + (into.height - height) * align_y, width, height)
