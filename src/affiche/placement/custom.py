"""Placements that are asked for by shape instead of by name: `1080x1080`, `728x90`, `3:4`, `1.91:1`.

May live here: reading such a shape and the placement that stands for it. Next: `catalog.py`, which tries the
shipped rows first.
"""

from __future__ import annotations

import re

from affiche.placement.model import Placement, Source
from affiche.values.geometry import Size

MIN_SIDE, MAX_SIDE = 16, 8192
#: Beyond 12:1 no template can hold a line of text and a logo.
_MAX_RATIO = 12.5
_SHAPE = re.compile(r"(?:size\.|ratio\.)?(\d+(?:[._]\d+)?)\s*([:x×*/])\s*(\d+(?:[._]\d+)?)\s*(?:px)?")
#: No platform, so no limit of its own: what the social platforms take.
_MAX_BYTES = 5_000_000
_SOURCE = Source(ref="asked for by size", kind="assumed")


def canonical_shape(text: str) -> str:
    """The id that a shape stands for (`1:1`: `ratio.1x1`, `1200 x 630`: `size.1200x630`), "" for other text."""
    match = _SHAPE.fullmatch(text.strip().lower())
    if match is None:
        return ""
    a, separator, b = match.group(1).replace("_", "."), match.group(2), match.group(3).replace("_", ".")
    whole = "." not in a + b
    # `16x9` is a ratio and `300x50` a size; with a colon only large numbers can be pixels.
    least = 100 if separator in ":/" else MIN_SIDE
    if whole and min(int(a), int(b)) >= least:
        return f"size.{int(a)}x{int(b)}"
    return f"ratio.{_number(a)}x{_number(b)}"


def custom_placement(shape: str) -> Placement:
    """The placement for a canonical shape. ValueError (with what is allowed) when it cannot be an ad."""
    kind, _, numbers = shape.partition(".")
    a, _, b = numbers.partition("x")
    size = Size(width=int(a), height=int(b)) if kind == "size" else _size_of_ratio(float(a), float(b))
    if min(size.width, size.height) < MIN_SIDE or max(size.width, size.height) > MAX_SIDE:
        raise ValueError(f"{size} px is out of range: each side must have {MIN_SIDE} to {MAX_SIDE} px")
    if not 1 / _MAX_RATIO <= size.ratio <= _MAX_RATIO:
        raise ValueError(f"{numbers} is too narrow for an ad: at most 12:1")
    return Placement(
        id=shape,
        name=f"{size.width} x {size.height}" if kind == "size" else f"Ratio {a}:{b}",
        channel="plain",
        media="image",
        size=size,
        formats=("jpeg", "png", "webp", "avif"),
        max_bytes=_MAX_BYTES,
        shown_width=_shown_width(size),
        sources=(_SOURCE,),
        notes=("Asked for by size: weight limit and display width are assumed.",),
    )


def _number(text: str) -> str:
    return text.lstrip("0") or "0" if "." not in text else text.rstrip("0").rstrip(".")


def _size_of_ratio(a: float, b: float) -> Size:
    if not a or not b:
        raise ValueError("a ratio needs two numbers above 0, like 4:5")
    ratio = a / b
    if not 1 / _MAX_RATIO <= ratio <= _MAX_RATIO:
        raise ValueError(f"{a:g}:{b:g} is too narrow for an ad: at most 12:1")
    # The masters of the named ratios: 1080 on the shorter side, but link-preview shapes are 1200 wide.
    if ratio >= 1.85:
        return Size(width=1200, height=round(1200 / ratio))
    return Size(width=round(1080 * max(1.0, ratio)), height=round(1080 / min(1.0, ratio)))


def _shown_width(size: Size) -> int:
    """Css px: banners are shown one to one, everything else as in a feed (a third of a 1080 px master)."""
    banner = size.height <= 250 or size.width <= 480 or size.ratio >= 2.6
    if banner:
        return 0
    return min(size.width, 640 if 1.5 <= size.ratio < 1.85 else 360)
