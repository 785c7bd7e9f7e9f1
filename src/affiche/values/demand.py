"""Demand: what a request needs that an offer cannot do, and which size to ask of an offer.

Pure; asked by plan, router and adapters.

An adapter asks before it spends: what `lacks` names would be refused, ignored or charged in vain by the provider.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil, sqrt

from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities, ImageRequest, Operation

#: How far an offer by ratio may be from the shape that is wanted (1376x768 is sold as 16:9).
SHAPE_TOLERANCE = 0.04
_NEED_SOURCE: tuple[Operation, ...] = ("edit", "expand", "remove-background", "upscale")


def lacks(request: ImageRequest, can: Capabilities) -> tuple[str, ...]:
    """What `request` needs and `can` does not offer, in words; empty when it may be sent."""
    return (*_options(request, can), *_pictures(request, can), *_size(request, can))


def size_for(wanted: Size, can: Capabilities) -> Size | None:
    """The size to ask of an offer for a picture of `wanted`: the same shape where it can be had, else the nearest shape.

    Never smaller than wanted where the bounds allow. None when no size of the offer is within a third of the shape.
    """
    if can.size_rule == "exact":
        return _closest(wanted, can.sizes)
    if can.size_rule == "ratio":
        side = max(wanted.width, wanted.height)
        shapes = [_of_ratio(w, h, side) for w, h in can.ratios]
        return _closest(wanted, shapes)
    return _free(wanted, can)


def _options(request: ImageRequest, can: Capabilities) -> Iterator[str]:
    if request.mask is not None and not can.mask:
        yield "it takes no mask"
    if request.negative and not can.negative:
        yield "it takes no negative prompt"
    if request.seed is not None and not can.seed:
        yield "it takes no seed"
    if request.transparent and not can.transparent:
        yield "it makes no transparent pictures"
    if request.colors and not can.colors:
        yield "it takes no colours"
    if request.quality not in can.qualities:
        yield f"its qualities are {', '.join(can.qualities)}, not {request.quality}"
    if can.max_prompt and len(request.prompt) > can.max_prompt:
        yield f"it takes prompts of at most {can.max_prompt} characters, this one has {len(request.prompt)}"


def _pictures(request: ImageRequest, can: Capabilities) -> Iterator[str]:
    for role, count in Counter(reference.role for reference in request.references).items():
        most = can.references.get(role, 0)
        if count > most:
            yield f"it takes {most} pictures as {role}, not {count}"
    given = {reference.role for reference in request.references} | ({"style"} if request.style else set())
    for role in (role for role in can.needs if role not in given):
        yield f"it needs a picture as {role}"
    if request.operation in _NEED_SOURCE and request.source is None:
        yield f"{request.operation} needs a source picture"
    if request.operation == "expand" and (request.margins is None or not _any(request)):
        yield "expand needs margins"


def _any(request: ImageRequest) -> bool:
    margins = request.margins
    return margins is not None and any((margins.left, margins.top, margins.right, margins.bottom))


def _size(request: ImageRequest, can: Capabilities) -> Iterator[str]:
    size = request.size
    if can.size_rule == "exact" and size not in can.sizes:
        yield f"it makes {', '.join(map(str, can.sizes))}, not {size}"
    if can.size_rule == "ratio" and not any(_off(size, w / h) <= SHAPE_TOLERANCE for w, h in can.ratios):
        yield f"it makes {', '.join(f'{w}:{h}' for w, h in can.ratios)}, not the shape of {size}"
    if can.multiple > 1 and (size.width % can.multiple or size.height % can.multiple):
        yield f"its sides are multiples of {can.multiple}, which {size} is not"
    yield from _bounds(size, can)


def _bounds(size: Size, can: Capabilities) -> Iterator[str]:
    pixels = size.width * size.height
    if can.size_rule == "ratio":
        return  # the provider chooses the size
    if can.min_pixels and pixels < can.min_pixels:
        yield f"it makes at least {can.min_pixels} pixels, {size} has {pixels}"
    if can.max_pixels and pixels > can.max_pixels:
        yield f"it makes at most {can.max_pixels} pixels, {size} has {pixels}"
    if can.max_side and max(size.width, size.height) > can.max_side:
        yield f"its sides are at most {can.max_side} px, {size} is larger"
    if can.max_aspect and max(size.ratio, 1 / size.ratio) > can.max_aspect:
        yield f"its pictures are at most {can.max_aspect:g} times as long as wide, {size} is longer"


def _off(size: Size, ratio: float) -> float:
    return abs(size.ratio / ratio - 1)


def _of_ratio(width: int, height: int, side: int) -> Size:
    """The size of that ratio whose long side is `side`."""
    scale = side / max(width, height)
    return Size(width=max(1, round(width * scale)), height=max(1, round(height * scale)))


def _closest(wanted: Size, sizes: tuple[Size, ...] | list[Size]) -> Size | None:
    """The nearest shape; among equal shapes the smallest that covers `wanted`, else the largest."""

    def far(size: Size) -> tuple[float, bool, int]:
        covers = size.width >= wanted.width and size.height >= wanted.height
        area = size.width * size.height
        return (round(_off(size, wanted.ratio), 3), not covers, area if covers else -area)

    best = min(sizes, key=far, default=None)
    return best if best is not None and _off(best, wanted.ratio) < 1 / 3 else None


def _free(wanted: Size, can: Capabilities) -> Size | None:
    aspect = max(wanted.ratio, 1 / wanted.ratio)
    if can.max_aspect and aspect > can.max_aspect * 4 / 3:
        return None
    width, height = float(wanted.width), float(wanted.height)
    if can.max_aspect and aspect > can.max_aspect:
        width, height = (width, width / can.max_aspect) if width > height else (height / can.max_aspect, height)
    scale = sqrt(max(1.0, can.min_pixels / (width * height)))
    size = _stepped(width * scale, height * scale, can.multiple, up=True)
    if lacks_bounds(size, can):
        shrink = min(
            1.0,
            can.max_side / max(size.width, size.height) if can.max_side else 1.0,
            sqrt(can.max_pixels / (size.width * size.height)) if can.max_pixels else 1.0,
        )
        size = _stepped(size.width * shrink, size.height * shrink, can.multiple, up=False)
    return None if lacks_bounds(size, can) else size


def lacks_bounds(size: Size, can: Capabilities) -> bool:
    """Whether `size` is outside of what a free offer makes."""
    return any(True for _ in _bounds(size, can))


def _stepped(width: float, height: float, step: int, *, up: bool) -> Size:
    turn = ceil if up else int
    return Size(width=max(1, turn(round(width / step, 6))) * step, height=max(1, turn(round(height / step, 6))) * step)
