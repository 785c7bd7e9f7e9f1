"""Apart: where the numbers of findings stand on an ad so that none lies on another, at whatever size the ad is shown.

A number stands at the top left corner of its box and is as large on a phone as on a wide screen, so boxes whose corners are near
each other would cover each other's numbers. Then a number steps aside, in its own widths.
"""

from __future__ import annotations

from collections.abc import Sequence

#: A number with the gap beside it, px: `.box b` in portal.css.
STEP = 26
#: The least width at which an ad is shown, px; between it and the ad's own width so many are looked at.
_LEAST, _LOOKS = 220, 12
#: Steps right and down that are tried, the nearest first.
_STEPS = sorted(((right, down) for right in range(12) for down in range(12)), key=lambda at: (at[0] + at[1], at[1]))

Corner = tuple[float, float]
Steps = tuple[int, int]


def apart(corners: Sequence[Corner], width: int, height: int) -> list[Steps]:
    """Steps right and down for the number at each corner (px of the ad, `width` x `height`); none covers an earlier one."""
    least = min(_LEAST, width)
    sizes = [least + (width - least) * n / (_LOOKS - 1) for n in range(_LOOKS)]
    placed: list[tuple[Corner, Steps]] = []
    for corner in corners:
        free = [steps for steps in _STEPS if all(_clear((corner, steps), other, sizes, width) for other in placed)]
        inside = [steps for steps in free if all(_inside(corner, steps, size, width, height) for size in sizes)]
        placed.append((corner, (inside or free or [(0, 0)])[0]))
    return [steps for _, steps in placed]


def _clear(one: tuple[Corner, Steps], two: tuple[Corner, Steps], sizes: Sequence[float], width: int) -> bool:
    """Whether two numbers keep off each other at every size."""
    return all(any(abs(_px(one, axis, size / width) - _px(two, axis, size / width)) >= STEP for axis in (0, 1)) for size in sizes)


def _px(number: tuple[Corner, Steps], axis: int, scale: float) -> float:
    (corner, steps) = number
    return corner[axis] * scale + STEP * steps[axis]


def _inside(corner: Corner, steps: Steps, size: float, width: int, height: int) -> bool:
    """Whether the middle of a number that stepped aside is on the ad."""
    scale = size / width
    room = (size, height * scale)
    return all(not steps[axis] or _px((corner, steps), axis, scale) <= room[axis] for axis in (0, 1))
