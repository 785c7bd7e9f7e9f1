"""Ratios by name, as providers want them: `16:9`."""

from __future__ import annotations

from collections.abc import Iterable

from affiche.values.geometry import Size


def ratio_name(size: Size, among: Iterable[tuple[int, int]]) -> str:
    """The nearest ratio of an offer by name; that it is near enough was checked before."""
    width, height = min(among, key=lambda ratio: abs(ratio[0] / ratio[1] / size.ratio - 1))
    return f"{width}:{height}"
