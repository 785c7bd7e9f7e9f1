"""How a product stands: which parts of its outline touch the ground, and where the ground is below each of them.

A can, seen from slightly above, stands on one row. A piano or a machine seen from a corner does not: its rear feet are
higher in the picture. The lower hull of the outline tells where the floor lies; the outline is levelled (each column
pushed down to one row), shadows are drawn on level ground, and pushed back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.float32]
Point = tuple[float, float]

#: Px of the outline this close to the ground (share of its height) count as touching it.
_TOUCH = 0.045
#: A floor line steeper than this is not floor but the side of the product.
_STEEPEST = 0.6
#: Ends of the floor line this much above its lowest point (share of the base) mean that the product is seen from a
#: corner; a round base sags less.
_CORNER = 0.14


@dataclass(frozen=True, slots=True)
class Stage:
    """The outline at working scale, with room around it: `alpha` 0..1, `ground` row, px of the canvas per work px."""

    alpha: Mask
    ground: float
    left: float
    top: float
    step: float
    height: float
    width: float


def levelled(stage: Stage) -> tuple[Stage, Mask]:
    """The stage with all feet on one row, and by how many rows each column was pushed down."""
    rise = _rise(stage)
    if not rise.any():
        return stage, rise
    return replace(stage, alpha=by_column(stage.alpha, -rise)), rise


def by_column(mask: Mask, shift: Mask) -> Mask:
    """Each column moved up by `shift` rows."""
    if not shift.any():
        return mask
    rows, columns = np.mgrid[0 : mask.shape[0], 0 : mask.shape[1]].astype(np.float32)
    moved: Mask = cv2.remap(mask, columns, rows + shift[None, :], cv2.INTER_LINEAR)
    return moved


def footprint(stage: Stage) -> list[tuple[int, int]]:
    """Spans of columns (end excluded) that touch the ground; the whole width when nothing does."""
    lowest = _lowest(stage)
    away = (stage.ground - lowest) / max(1.0, stage.height * _TOUCH)
    touching = np.flatnonzero((lowest > 0) & (away < 1.18))
    if touching.size == 0:
        touching = np.flatnonzero(lowest)
    if touching.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(touching) > max(2.0, 0.02 * stage.width))
    starts = [touching[0], *touching[breaks + 1]]
    ends = [*touching[breaks], touching[-1]]
    return [(int(a), int(b) + 1) for a, b in zip(starts, ends, strict=True)]


def _rise(stage: Stage) -> Mask:
    lowest = _lowest(stage)
    flat = np.zeros(lowest.size, np.float32)
    columns = np.flatnonzero(lowest)
    if columns.size < 8:
        return flat
    line = _floor_line([(float(x), float(lowest[x])) for x in columns])
    xs, ys = np.array(line).T
    floor, width = ys.max(), xs[-1] - xs[0]
    sag = floor - ys.min()
    middle = (xs[int(np.argmax(ys))] - xs[0]) / max(1.0, width)
    if not (sag > _CORNER * width or (sag > 0.05 * width and not 0.3 < middle < 0.7)):
        return flat
    rise = (floor - np.interp(np.arange(lowest.size), xs, ys)).astype(np.float32)
    smooth = cv2.GaussianBlur(rise[None], (0, 0), max(1.0, 0.015 * stage.width), borderType=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(smooth[0])


def _floor_line(points: list[Point]) -> list[Point]:
    """The part of the lower hull (y down) around its lowest point that is not too steep, left to right."""
    hull: list[Point] = []
    for point in points:
        while len(hull) >= 2 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    first = last = max(range(len(hull)), key=lambda i: hull[i][1])
    while first > 0 and _steepness(hull[first - 1], hull[first]) < _STEEPEST:
        first -= 1
    while last < len(hull) - 1 and _steepness(hull[last], hull[last + 1]) < _STEEPEST:
        last += 1
    return hull[first : last + 1]


def _turns_up(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0


def _steepness(a: Point, b: Point) -> float:
    return abs(b[1] - a[1]) / max(1e-6, b[0] - a[0])


def _lowest(stage: Stage) -> Mask:
    """Row just below the lowest visible px of each column, 0 where there is none."""
    solid = stage.alpha > 0.35
    rows = stage.alpha.shape[0] - np.argmax(solid[::-1], axis=0)
    return np.where(solid.any(axis=0), rows, 0).astype(np.float32)
