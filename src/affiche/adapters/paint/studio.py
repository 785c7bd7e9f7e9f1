"""Tints a studio set: one neutral light pass and material masks become a photograph in brand colours.

Theory of operation. The light pass is irradiance (sRGB-coded over `scale`), the masks say which material covers a pixel.
Each material's response to light is one table from light code to linear light out, per channel:

    light <= 1   C x light                                      (a surface of colour C under full light looks like C)
    light  > 1   C + (1 - C) x (1 - exp(-(light-1) k))          (rolls off to white with a little sheen, never neon)

Where one material covers a pixel alone (nearly everywhere) its table says the sRGB code at once; at the edges tables are
mixed by mask weight in linear light and coded then. All is dithered. The picture is cropped and scaled *before* it is
tinted, so that cost follows the output; work goes in strips that stay in the processor's cache.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
import numpy.typing as npt
import pyvips

from affiche.adapters.paint import dither
from affiche.adapters.paint.picture import Box, cut
from affiche.errors import PaintError
from affiche.ports import Pixels
from affiche.values.color import Color
from affiche.values.digest import Digest
from affiche.values.frame import SetItem

_STRIP = 48  # rows; 1080 px x 48 rows x 3 floats is 600 kB
#: White paint in a studio is exposed a little under clipping, or it would have no shape.
_WHITEST = 0.885
#: How much less of that a fully saturated channel reaches: pure red at full light is a lamp, not paint.
_GLOWING = 0.06
#: Contrast kept in highlights of bright colours, and white that every matte paint adds to its highlights.
_STEEPEST = 3.6
_SHEEN = 0.18
#: Share of a highlight that keeps the hue of the paint; the rest bleaches channel by channel, as film does.
_SAME_HUE = 0.6
#: Black surfaces still show their modelling (luminance of a good black fabric under light 1.0).
_BLACKEST = 0.011
_LEVELS = 16384

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFiles:
    """One render of a set as stored: JPEG light, PNG masks (RGB = weights of materials 1.., 0 is the remainder)."""

    digest: Digest
    light: bytes = field(repr=False, hash=False)
    masks: tuple[bytes, ...] = field(repr=False, hash=False)
    scale: float


class Backdrops:
    """Sets in colours, the last ones kept, bounded in bytes: what a set shows in a box, which all products of a campaign share,
    and that in the colours of one, which left-to-right and right-to-left layouts share. Keeping changes no result.
    """

    def __init__(self, max_bytes: int) -> None:
        self._views: _Kept[_View] = _Kept(max_bytes, lambda view: view.nbytes)
        self._tinted: _Kept[Pixels] = _Kept(max_bytes // 4, lambda pixels: pixels.nbytes)

    def tinted(self, files: SetFiles, item: SetItem, box: Box) -> Pixels:
        """The set in `item.palette`, cropped to `item.source`, as RGBA of the size of `box`. Raises PaintError."""
        shown = (files.digest, item.source, box.width, box.height)

        def view() -> _View:
            return self._views.get(shown, lambda: _viewed(files, item, box))

        return _mirrored(self._tinted.get((shown, item.palette), lambda: _in_colours(view(), files, item)), item)


class _Kept(Generic[Value]):
    """The last values by key; the last one stays whatever its size."""

    def __init__(self, max_bytes: int, size: Callable[[Value], int]) -> None:
        self._max_bytes, self._size = max_bytes, size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        if key not in self._values:
            self._values[key] = make()
            while sum(map(self._size, self._values.values())) > self._max_bytes and len(self._values) > 1:
                self._values.popitem(last=False)
        self._values.move_to_end(key)
        return self._values[key]


def _mirrored(pixels: Pixels, item: SetItem) -> Pixels:
    return np.asarray(cv2.flip(pixels, 1), np.uint8) if item.mirrored else pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What a set shows in a box: light (h, w, 3), and which material covers a px alone (0 also where several do).

    Px that several share are at `edges` (rows, columns), row by row, with their light and their `weights` (n, 3) in each mask.
    `strips`: from top to bottom which materials are there and in which columns, the widest first.
    """

    light: Pixels
    alone: Pixels
    edges: tuple[Places, Places]
    lit: Pixels
    weights: tuple[Pixels, ...]
    strips: tuple[tuple[tuple[int, slice], ...], ...]

    @property
    def nbytes(self) -> int:
        planes: tuple[npt.NDArray[Any], ...] = (self.light, self.alone, *self.edges, self.lit, *self.weights)
        return sum(plane.nbytes for plane in planes)


def _viewed(files: SetFiles, item: SetItem, box: Box) -> _View:
    light, *masks = [_fitted(plane, item, box) for plane in _decoded(files)]
    numbers = np.zeros(light.shape[:2], np.uint8)
    channels = [channel for mask in masks for channel in cv2.split(mask)]
    for number, channel in enumerate(channels, 1):
        cv2.add(numbers, cv2.LUT(channel, _numbers(number)), dst=numbers)
    found = cv2.findNonZero(cv2.compare(numbers, _SHARED, cv2.CMP_GE))
    columns, rows = (found if found is not None else np.empty((0, 1, 2), np.int32))[:, 0].T
    alone = np.asarray(cv2.threshold(numbers, _SHARED - 1, 0, cv2.THRESH_TOZERO_INV)[1], np.uint8)
    bits = cv2.LUT(alone, _bits())
    strips = tuple(_spread(bits[top : top + _STRIP], len(channels) + 1) for top in range(0, box.height, _STRIP))
    lit, *weights = (plane[rows, columns] for plane in (light, *masks))
    return _View(light=light, alone=alone, edges=(rows, columns), lit=lit, weights=tuple(weights), strips=strips)


#: What shared px add up to at least; there are fewer materials.
_SHARED = 64


@cache
def _numbers(number: int) -> Pixels:
    """Full weight -> the number of the material, less -> `_SHARED`, nothing -> 0."""
    table = np.full(256, _SHARED, np.uint8)
    table[0], table[255] = 0, number
    return table


@cache
def _bits() -> npt.NDArray[np.uint16]:
    """Number of a material -> its bit."""
    return np.asarray(1 << np.minimum(np.arange(256), 15), np.uint16)


def _spread(bits: npt.NDArray[np.uint16], materials: int) -> tuple[tuple[int, slice], ...]:
    there = np.bitwise_or.reduce(bits, axis=0)
    found = []
    for number in range(materials):
        reach = np.flatnonzero(there & (1 << number))
        if reach.size:
            found.append((number, slice(int(reach[0]), int(reach[-1]) + 1)))
    return tuple(sorted(found, key=lambda entry: entry[1].start - entry[1].stop))


def _in_colours(view: _View, files: SetFiles, item: SetItem) -> Pixels:
    if len(item.palette) > 3 * len(view.weights) + 1:
        raise PaintError(f"Set {item.set} has masks for {3 * len(view.weights) + 1} materials, not {len(item.palette)}.")
    tables = [response(color, files.scale) for color in item.palette]
    # What the palette has no colour for is of the main material.
    codes = [_coded(table) for table in tables] + [_coded(tables[0])] * (3 * len(view.weights) + 1 - len(tables))
    height, width = view.light.shape[:2]
    noise, (rows, columns) = dither.rows(width), view.edges
    # OpenCV gives nothing for nothing: a set of one material has no edges.
    mixed = _coded(_mixed(view.lit[None], [weights[None] for weights in view.weights], tables))[0] if rows.size else view.lit
    out = np.empty((height, width, 4), np.uint8)
    for top, spread in zip(range(0, height, _STRIP), view.strips, strict=True):
        bottom = min(top + _STRIP, height)
        shown = _shown(view.light[top:bottom], view.alone[top:bottom], spread, codes)
        first, last = np.searchsorted(rows, (top, bottom))
        shown[rows[first:last] - top, columns[first:last]] = mixed[first:last]
        shown += np.take(noise, range(top, bottom), axis=0, mode="wrap")
        cv2.cvtColor(shown.astype(np.uint8), cv2.COLOR_RGB2RGBA, dst=out[top:bottom])
    return out


def _fitted(plane: Pixels, item: SetItem, box: Box) -> Pixels:
    part = cut(plane, item.source)
    ratio = min(box.width / part.shape[1], box.height / part.shape[0])
    # Light is soft and masks are coverage: from 0.7 up two px a side are enough, and four times as fast as an average.
    kernel = cv2.INTER_CUBIC if ratio > 1 else cv2.INTER_LINEAR if ratio > 0.7 else cv2.INTER_AREA
    return np.asarray(cv2.resize(part, (box.width, box.height), interpolation=kernel), np.uint8)


@cache
def _srgb_decode() -> Floats:
    code = np.arange(256) / 255
    return np.asarray(np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4), np.float32)


@cache
def _srgb_encode() -> Floats:
    """sqrt(linear) on _LEVELS steps -> sRGB code 0..255 as float (the root spends steps where the eye needs them)."""
    linear = (np.arange(_LEVELS + 1) / _LEVELS) ** 2
    coded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    # A hair below white, so that noise of nearly a whole step does not reach 256.
    return np.asarray(np.minimum(255 * coded, 254.9999), np.float32)


@lru_cache(maxsize=64)
def response(color: Color, scale: float) -> Floats:
    """Light code 0..255 -> linear light out 0..1, shape (1, 256, 3)."""
    light = _srgb_decode().astype(np.float64) * scale
    # Averaged over a little light, so that no edge shows where the two branches meet.
    shown = np.mean([_lit(light + offset, color) for offset in (-0.08, -0.04, 0.0, 0.04, 0.08)], axis=0)
    return np.asarray(np.clip(shown, 0, 1), np.float32)[None]


def _lit(light: npt.NDArray[np.float64], color: Color) -> npt.NDArray[np.float64]:
    albedo = _albedo(color)[None, :]
    over = np.maximum(light - 1.0, 0.0)[:, None]
    slope = np.minimum(albedo / (1 - albedo), _STEEPEST)
    highlight = albedo + (1 - albedo) * -np.expm1(-over * slope)
    # Channels that reach white one after the other turn gold into lemon: mostly all are scaled like the strongest.
    together = albedo * (highlight.max(axis=1, keepdims=True) / albedo.max())
    highlight = _SAME_HUE * together + (1 - _SAME_HUE) * highlight
    # In proportion to how bright the paint is: on dark walls the same sheen would look like fog.
    highlight += (1 - highlight) * _SHEEN * albedo.max() * -np.expm1(-1.5 * over)
    result: npt.NDArray[np.float64] = np.where(light[:, None] <= 1.0, albedo * np.maximum(light, 0.0)[:, None], highlight)
    return result


def _albedo(color: Color) -> npt.NDArray[np.float64]:
    """Linear reflectance: what no paint can do is taken back (glowing primaries, absolute white and black)."""
    linear = _srgb_decode()[[color.r, color.g, color.b]].astype(np.float64)
    linear += max(0.0, _BLACKEST - float(linear @ (0.2126, 0.7152, 0.0722)))
    saturation = 1 - float(linear.min() / max(1e-6, linear.max()))
    # All channels together: capping one alone would turn a warm yellow green.
    most = _WHITEST - _GLOWING * saturation**4
    result: npt.NDArray[np.float64] = linear * min(1.0, most / float(linear.max()))
    return result


def _shown(light: Pixels, alone: Pixels, spread: Iterable[tuple[int, slice]], codes: list[Floats]) -> Floats:
    """sRGB codes 0..255 of a strip, each px of one material: the widest everywhere, and over it the others."""
    (widest, _), *others = spread
    shown: Floats = cv2.LUT(light, codes[widest])
    for number, columns in others:
        covered = cv2.compare(np.ascontiguousarray(alone[:, columns]), number, cv2.CMP_EQ)
        cv2.copyTo(cv2.LUT(np.ascontiguousarray(light[:, columns]), codes[number]), covered, shown[:, columns])
    return shown


def _mixed(light: Pixels, masks: list[Pixels], tables: list[Floats]) -> Floats:
    """Linear light where materials meet: the table of the main one, and for each other the difference to that one's."""
    total: Floats = cv2.LUT(light, tables[0])
    for number, table in enumerate(tables[1:]):
        weight = np.multiply(masks[number // 3][..., number % 3], np.float32(1 / 255), dtype=np.float32)
        total += weight[..., None] * cv2.LUT(light, table - tables[0])
    return total


def _coded(linear: Floats) -> Floats:
    """Linear light -> sRGB code 0..255, not rounded."""
    index = np.minimum(np.sqrt(np.maximum(linear, 0.0)) * np.float32(_LEVELS), np.float32(_LEVELS)).astype(np.uint16)
    coded: Floats = np.take(_srgb_encode(), index)
    return coded


def _decoded(files: SetFiles) -> tuple[Pixels, ...]:
    """Light and masks, shape (h, w, 3) each."""
    light = cv2.imdecode(np.frombuffer(files.light, np.uint8), cv2.IMREAD_COLOR_RGB)
    try:
        # Five times as fast as OpenCV's reader of PNG: masks are most of what a backdrop costs.
        masks = [pyvips.Image.pngload_buffer(data, access="sequential").numpy() for data in files.masks]
    except pyvips.Error:
        light = None
    if light is None or len({plane.shape for plane in (light, *masks)}) != 1:
        raise PaintError("A studio set is damaged: its light and masks do not fit together.")
    return (np.asarray(light, np.uint8), *(np.asarray(mask, np.uint8) for mask in masks))
