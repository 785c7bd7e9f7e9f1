"""Pictures onto the canvas: crop, resize, mirror, grade, tint. The source part is cut before it is scaled."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pyvips

from affiche.adapters.paint.grade import graded
from affiche.ports import Pixels
from affiche.values.color import Color
from affiche.values.frame import PictureItem
from affiche.values.geometry import Area, Rect

# One thread: the work is spread over processes, and threads would only fight for the same cores.
pyvips.concurrency_set(1)
pyvips.cache_set_max(0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on whole px of the canvas."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def around(cls, rect: Rect) -> Box:
        """`rect` with each edge on the nearest px (at least 1 x 1)."""
        x, y = round(rect.x), round(rect.y)
        return cls(x, y, max(1, round(rect.right) - x), max(1, round(rect.bottom) - y))


def clipped(box: Box, canvas: Pixels) -> Area:
    """The part of `box` that lies on `canvas`; empty when none does."""
    height, width = canvas.shape[:2]
    left, top = min(max(0, box.x), width), min(max(0, box.y), height)
    return left, top, max(left, min(width, box.x + box.width)), max(top, min(height, box.y + box.height))


def cut(pixels: Pixels, source: Rect) -> Pixels:
    """The `source` part, edges on the nearest px, kept inside the picture (a view)."""
    height, width = pixels.shape[:2]
    x0, y0 = min(max(round(source.x), 0), width - 1), min(max(round(source.y), 0), height - 1)
    x1, y1 = min(max(round(source.right), x0 + 1), width), min(max(round(source.bottom), y0 + 1), height)
    return pixels[y0:y1, x0:x1]


def placed(pixels: Pixels, item: PictureItem, box: Box) -> Pixels:
    """The picture of `item` at its size on the canvas, *premultiplied*, tinted and with its opacity."""
    part = scaled(premultiplied(cut(pixels, item.source)), box.width, box.height)
    if item.mirrored:
        part = np.ascontiguousarray(part[:, ::-1])
    if item.grade is not None:
        part = graded(part, item.grade)
    if item.tint is not None:
        part = _tinted(part, item.tint)
    if item.opacity < 1.0:
        part = cv2.convertScaleAbs(part, alpha=max(0.0, item.opacity))
    return part


def premultiplied(pixels: Pixels) -> Pixels:
    """Colours times alpha, so that scaling never drags the colour of invisible pixels into an edge."""
    alpha = pixels[..., 3]
    if alpha.min(initial=255) == 255:
        return pixels
    weights = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return np.asarray(cv2.multiply(pixels, weights, scale=1 / 255), np.uint8)


def _tinted(part: Pixels, tint: Color) -> Pixels:
    alpha = part[..., 3].astype(np.float32) / 255 * (tint.a / 255)
    rgba = np.array([tint.r, tint.g, tint.b, 255], np.float32)
    return np.rint(alpha[..., None] * rgba).astype(np.uint8)


def scaled(part: Pixels, width: int, height: int) -> Pixels:
    """Shape (height, width, channels): Lanczos down (crisper than area at half the cost), bicubic up."""
    if part.shape[:2] == (height, width):
        return np.ascontiguousarray(part)
    if height > part.shape[0] or width > part.shape[1]:
        return np.asarray(cv2.resize(np.ascontiguousarray(part), (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    if width * height < 16_384:
        return np.asarray(cv2.resize(np.ascontiguousarray(part), (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    part = np.ascontiguousarray(part)
    image = pyvips.Image.new_from_memory(part, part.shape[1], part.shape[0], part.shape[2], "uchar")
    small = image.resize(width / part.shape[1], vscale=height / part.shape[0], kernel="lanczos3")
    shown = np.asarray(small.numpy())
    if shown.shape[:2] != (height, width):
        shown = cv2.resize(shown, (width, height), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(shown)
