"""Tints a studio set: one neutral light pass and material masks become a photograph in brand colours.

Theory of operation. The light pass is irradiance (sRGB-coded over `scale`), the masks say which material covers a pixel.
Each material's response to light is one table from light code to linear light out, per channel:

    light <= 1   C x light                                      (a surface of colour C under full light looks like C)
    light  > 1   C + (1 - C) x (1 - exp(-(light-1) k))          (rolls off to white with a little sheen, never neon)

Tables are mixed by mask weight in linear light (clean edges), then coded to sRGB and dithered. The picture is cropped and
scaled *before* it is tinted, so that cost follows the output; work goes in strips that stay in the processor's cache.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cache, lru_cache

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFiles:
    """One render of a set as stored: JPEG light, PNG masks (RGB = weights of materials 1.., 0 is the remainder)."""

    digest: Digest
    light: bytes = field(repr=False, hash=False)
    masks: tuple[bytes, ...] = field(repr=False, hash=False)
    scale: float


def tinted(files: SetFiles, item: SetItem, box: Box) -> Pixels:
    """The set in `item.palette`, cropped to `item.source`, as RGBA of the size of `box`. Raises PaintError."""
    return _mirrored(_tinted(files, item, box), item)


class Backdrops:
    """As `tinted`, with the last ones kept: all products of a campaign stand in the same few. Bounded in bytes.

    Left-to-right and right-to-left layouts share one. Keeping changes no result.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Hashable, Pixels] = OrderedDict()

    def tinted(self, files: SetFiles, item: SetItem, box: Box) -> Pixels:
        key = (files.digest, item.palette, item.source, box.width, box.height)
        if key not in self._kept:
            self._kept[key] = _tinted(files, item, box)
            while sum(kept.nbytes for kept in self._kept.values()) > self._max_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return _mirrored(self._kept[key], item)


def _mirrored(pixels: Pixels, item: SetItem) -> Pixels:
    return np.asarray(cv2.flip(pixels, 1), np.uint8) if item.mirrored else pixels


def _tinted(files: SetFiles, item: SetItem, box: Box) -> Pixels:
    parts = [_fitted(plane, item, box) for plane in _decoded(files)]
    if len(item.palette) > 3 * len(parts) - 2:
        raise PaintError(f"Set {item.set} has masks for {3 * len(parts) - 2} materials, not {len(item.palette)}.")
    tables = [response(color, files.scale) for color in item.palette]
    out = np.empty((box.height, box.width, 4), np.uint8)
    out[..., 3] = 255
    for top in range(0, box.height, _STRIP):
        rows = slice(top, min(top + _STRIP, box.height))
        linear = _mixed(parts[0][rows], [mask[rows] for mask in parts[1:]], tables)
        out[rows, :, :3] = _shown(linear, top)
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
    return np.asarray(255 * coded, np.float32)


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


def _mixed(light: Pixels, masks: list[Pixels], tables: list[Floats]) -> Floats:
    """Linear light of a strip: the table of the main material, and where another covers it the difference to that one's."""
    total: Floats = cv2.LUT(light, tables[0])
    reach = [mask.max(axis=0) for mask in masks]
    for number, table in enumerate(tables[1:]):
        mask, channel = masks[number // 3], number % 3
        covered = np.flatnonzero(reach[number // 3][:, channel])
        if covered.size:
            columns = slice(int(covered[0]), int(covered[-1]) + 1)
            weight = np.multiply(mask[:, columns, channel], np.float32(1 / 255), dtype=np.float32)
            total[:, columns] += cv2.merge([weight] * 3) * cv2.LUT(np.ascontiguousarray(light[:, columns]), table - tables[0])
    return total


def _shown(linear: Floats, top: int) -> npt.NDArray[np.uint8]:
    np.maximum(linear, 0.0, out=linear)
    index = np.minimum(cv2.sqrt(linear) * np.float32(_LEVELS), np.float32(_LEVELS)).astype(np.uint16)
    coded: Floats = np.take(_srgb_encode(), index)
    noise = dither.rows(linear.shape[1])
    coded += np.take(noise, range(top, top + linear.shape[0]), axis=0, mode="wrap")
    shown: npt.NDArray[np.uint8] = np.minimum(coded, np.float32(255), out=coded).astype(np.uint8)
    return shown


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
