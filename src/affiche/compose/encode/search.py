"""Finds the smallest quality loss that meets a byte limit, in at most `MAX_TRIES` encodes per format.

Theory of operation. The usual creative fits at the start quality: one encode. Otherwise log(size) is close to a straight
line in quality, so a secant step on it lands near the limit; two or three encodes find the highest quality that fits
within a step of 2. PNG has no quality: lossless, else another allowed format, and palettes only as the last resort.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from affiche.ports import Chroma, Codec, FileFormat, Pixels

MAX_TRIES = 5
#: Visually equal starting points of the formats (SSIM on our own creatives), and where loss becomes visible at 1:1.
START: dict[FileFormat, int] = {"jpeg": 92, "webp": 90, "avif": 80, "png": 100}
FLOOR: dict[FileFormat, int] = {"jpeg": 40, "webp": 35, "avif": 25, "png": 60}
#: After the preferred format: which one loses least per byte among those that everybody can show.
_NEXT: tuple[FileFormat, ...] = ("jpeg", "webp", "avif", "png")
#: d log(size) / d quality of photos and renders around quality 70..90.
_SLOPE = 0.034


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSpec:
    """What a placement takes: `formats` allowed, `preferred` first; `max_bytes` 0 = no limit; `min_quality` 0 = FLOOR.

    `quality` 0 = START of the format.
    """

    formats: tuple[FileFormat, ...] = ("jpeg", "png")
    preferred: FileFormat = "jpeg"
    max_bytes: int = 0
    min_quality: int = 0
    quality: int = 0
    chroma: Chroma = "420"


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A file. `fits` is False when even the floor quality is too heavy (then it is the smallest file found)."""

    data: bytes
    format: FileFormat
    quality: int
    tries: int
    fits: bool
    chroma: Chroma = "420"
    note: str = ""


def encode_within(pixels: Pixels, spec: OutputSpec, codec: Codec) -> Encoded:
    """The best file within `spec.max_bytes`: preferred format first, others only when it cannot be met above the floor."""
    best: Encoded | None = None
    tries = 0
    for format in _order(spec):
        found = _within(pixels, spec, format, codec)
        tries += found.tries
        if found.fits:
            return _noted(found, spec, tries)
        best = found if best is None or len(found.data) < len(best.data) else best
    if best is None:
        raise ValueError("an output needs at least one format")
    return _noted(best, spec, tries)


def _order(spec: OutputSpec) -> Iterator[FileFormat]:
    """Preferred first; lossless PNG before its palette form, which comes last."""
    allowed = [spec.preferred] if spec.preferred in spec.formats else []
    return iter([*allowed, *(f for f in _NEXT if f in spec.formats and f not in allowed)])


def _within(pixels: Pixels, spec: OutputSpec, format: FileFormat, codec: Codec) -> Encoded:
    start, floor = spec.quality if format == spec.preferred and spec.quality else START[format], FLOOR[format]
    floor = min(start, spec.min_quality or floor)

    def encode(quality: int, chroma: Chroma) -> bytes:
        return codec.encode(pixels, format=format, quality=quality, chroma=chroma)

    if format == "png":
        return _png_within(spec, lambda quality: encode(quality, spec.chroma))
    found = _searched(lambda quality: encode(quality, spec.chroma), start, floor, spec, format)
    if not found.fits and spec.chroma == "444":
        # Crisp colour is worth less than the whole file being refused.
        coarse = _searched(lambda quality: encode(quality, "420"), start, floor, spec, format, "420")
        return _plus(coarse, found.tries) if coarse.fits or len(coarse.data) < len(found.data) else found
    return found


def _png_within(spec: OutputSpec, encode: Callable[[int], bytes]) -> Encoded:
    data, quality, tries = encode(START["png"]), START["png"], 1
    # A palette of 256 dithered colours is visibly coarser than a good JPEG: only when nothing else is allowed.
    if spec.max_bytes and len(data) > spec.max_bytes and not any(f != "png" for f in spec.formats):
        for quality in (95, 75, 50):
            data, tries = encode(quality), tries + 1
            if len(data) <= spec.max_bytes:
                break
    return Encoded(
        data=data, format="png", quality=quality, tries=tries, chroma="444",
        fits=not spec.max_bytes or len(data) <= spec.max_bytes,
    )  # fmt: skip


def _searched(
    encode: Callable[[int], bytes], start: int, floor: int, spec: OutputSpec, format: FileFormat, chroma: Chroma | None = None
) -> Encoded:
    """Secant search on log(size): `good` is the highest quality known to fit, `bad` the lowest known not to."""
    chroma = chroma or spec.chroma
    data, tries = encode(start), 1
    limit = spec.max_bytes

    def result(fitting: bytes, quality: int, fits: bool) -> Encoded:
        return Encoded(data=fitting, format=format, quality=quality, tries=tries, fits=fits, chroma=chroma)

    if not limit or len(data) <= limit:
        return result(data, start, True)
    bad, bad_size = start, len(data)
    good: tuple[int, bytes] | None = None
    slope = _SLOPE
    while tries < MAX_TRIES and bad - (good[0] if good else floor - 1) > 1:
        quality = _next_quality(bad, bad_size, good, limit, slope, floor)
        data, tries = encode(quality), tries + 1
        slope = max(0.005, math.log(bad_size / len(data)) / (bad - quality)) if len(data) < bad_size else slope
        if len(data) <= limit:
            good = (quality, data)
            if len(data) > 0.94 * limit:
                break
        else:
            bad, bad_size = quality, len(data)
    if good is None and bad > floor:
        data, tries = encode(floor), tries + 1
        good = (floor, data) if len(data) <= limit else None
    return result(good[1], good[0], True) if good else result(data, min(bad, floor), False)


def _next_quality(
    bad: int, bad_size: int, good: tuple[int, bytes] | None, limit: int, slope: float, floor: int
) -> int:
    if good:
        share = math.log(limit * 0.985 / len(good[1])) / math.log(bad_size / len(good[1]))
        step = good[0] + (bad - good[0]) * max(0.0, share)
        return min(bad - 1, max(good[0] + 1, math.floor(step)))
    # Aim 2 % below the limit: a probe that fits is a result, one that does not is only a bound.
    return min(bad - 1, max(floor, math.floor(bad - math.log(bad_size / (limit * 0.98)) / slope)))


def _plus(found: Encoded, tries: int) -> Encoded:
    return Encoded(
        data=found.data, format=found.format, quality=found.quality, tries=found.tries + tries, fits=found.fits,
        chroma=found.chroma,
    )  # fmt: skip


def _noted(found: Encoded, spec: OutputSpec, tries: int) -> Encoded:
    note = ""
    if not found.fits:
        note = (
            f"{len(found.data) / 1000:.1f} kB at the lowest acceptable quality ({found.format} {found.quality}); "
            f"the limit is {spec.max_bytes / 1000:.1f} kB"
        )
    elif found.format != spec.preferred:
        note = f"written as {found.format}: {spec.preferred} does not fit into {spec.max_bytes / 1000:.1f} kB"
    return Encoded(
        data=found.data, format=found.format, quality=found.quality, tries=tries, fits=found.fits, chroma=found.chroma, note=note
    )
