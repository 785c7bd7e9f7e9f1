"""Sizes, points, rectangles, insets: px, origin top-left, y down, unless a name says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from affiche.values.quick import quick


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Size:
    """A pixel size; both sides are positive whole numbers."""

    width: int
    height: int

    @property
    def ratio(self) -> float:
        """Width divided by height."""
        return self.width / self.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Insets:
    """Distances from the edges, px (or fractions 0..1 where a field says so)."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def mirrored(self) -> Insets:
        """Left and right swapped."""
        return Insets(left=self.right, top=self.top, right=self.left, bottom=self.bottom)

    def of(self, size: Size) -> Insets:
        """Fractions of `size` turned into px."""
        return Insets(
            left=self.left * size.width,
            top=self.top * size.height,
            right=self.right * size.width,
            bottom=self.bottom * size.height,
        )


@quick
@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle (x, y, width, height), px, origin top-left, y down. Width and height are not negative."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center_x(self) -> float:
        return self.x + self.width / 2

    @property
    def center_y(self) -> float:
        return self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height

    def inset(self, by: Insets) -> Rect:
        """The rectangle inside `by` (never smaller than empty)."""
        return Rect(
            self.x + by.left,
            self.y + by.top,
            max(0.0, self.width - by.left - by.right),
            max(0.0, self.height - by.top - by.bottom),
        )

    def grown(self, by: float) -> Rect:
        """The rectangle with every side moved out by `by` px."""
        return Rect(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def intersection(self, other: Rect) -> Rect:
        """The common part (empty when there is none)."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Rect(x, y, max(0.0, width), max(0.0, height))

    def contains(self, other: Rect, *, tolerance: float = 0.5) -> bool:
        """Whether `other` lies inside, give or take `tolerance` px."""
        return (
            other.x >= self.x - tolerance
            and other.y >= self.y - tolerance
            and other.right <= self.right + tolerance
            and other.bottom <= self.bottom + tolerance
        )

    def union(self, other: Rect) -> Rect:
        """The smallest rectangle around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def mirrored(self, width: float) -> Rect:
        """Mirrored left-right inside a canvas of `width` px."""
        return Rect(width - self.right, self.y, self.width, self.height)

    def as_tuple(self) -> tuple[float, float, float, float]:
        return (self.x, self.y, self.width, self.height)


#: (left, top, right, bottom) whole px (or whatever is counted), right and bottom excluded.
Area = tuple[int, int, int, int]


def disjoint(areas: Iterable[Area]) -> list[Area]:
    """Areas that cover the given ones and do not overlap, by joining those that do. Empty ones are left out."""
    apart: list[Area] = []
    for area in areas:
        left, top, right, bottom = area
        if right <= left or bottom <= top:
            continue
        at = 0
        while at < len(apart):
            x, y, far, low = apart[at]
            if left < far and x < right and top < low and y < bottom:
                left, top, right, bottom = min(left, x), min(top, y), max(right, far), max(bottom, low)
                del apart[at]
                at = 0  # what has grown may meet those that it passed by
            else:
                at += 1
        apart.append((left, top, right, bottom))
    return apart
