"""Fills, gradients and pictures with round corners, drawn by skia into a numpy buffer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import skia

from affiche.adapters.paint.picture import Box
from affiche.ports import Pixels
from affiche.values.color import Color
from affiche.values.frame import Fill, Gradient
from affiche.values.geometry import Rect

_INTERPOLATE_PREMULTIPLIED = 1


@contextmanager
def canvas_on(pixels: Pixels) -> Iterator[skia.Canvas]:
    """A skia canvas that draws straight into `pixels` (opaque RGBA, C-contiguous)."""
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, pixels, width * 4)
    yield surface.getCanvas()
    del surface


def draw_fill(canvas: skia.Canvas, fill: Fill) -> None:
    """A rectangle, filled or outlined inside its edge, with round corners."""
    if fill.rect.width <= 0 or fill.rect.height <= 0:
        return
    paint = skia.Paint(AntiAlias=True)
    _coat(paint, fill)
    inset = fill.stroke / 2
    if fill.stroke:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(fill.stroke)
    rect = _rect(fill.rect.grown(-inset))
    radius = max(0.0, min(fill.radius, fill.rect.width / 2, fill.rect.height / 2) - inset)
    if radius:
        canvas.drawRRect(skia.RRect.MakeRectXY(rect, radius, radius), paint)
    else:
        canvas.drawRect(rect, paint)


def draw_premultiplied(canvas: skia.Canvas, pixels: Pixels, box: Box, radius: float) -> None:
    """`pixels` (premultiplied, size of `box`) at `box`, corners rounded by `radius` px."""
    image = skia.Image.fromarray(
        pixels, colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType, copy=False
    )  # fmt: skip
    if radius <= 0:
        canvas.drawImage(image, box.x, box.y)
        return
    canvas.save()
    rect = skia.Rect.MakeXYWH(box.x, box.y, box.width, box.height)
    canvas.clipRRect(skia.RRect.MakeRectXY(rect, radius, radius), skia.ClipOp.kIntersect, True)
    canvas.drawImage(image, box.x, box.y)
    canvas.restore()


def _coat(paint: skia.Paint, fill: Fill) -> None:
    if isinstance(fill.paint, Color):
        paint.setColor(fill.paint.argb)
        return
    paint.setDither(True)
    paint.setShader(_gradient(fill.paint, fill.rect))


def _gradient(gradient: Gradient, rect: Rect) -> skia.Shader:
    ends = [skia.Point(rect.x + fx * rect.width, rect.y + fy * rect.height) for fx, fy in (gradient.start, gradient.end)]
    stops = list(gradient.stops) or None
    # Interpolated premultiplied, so that a fade to transparent black does not pass through grey.
    return skia.GradientShader.MakeLinear(
        points=ends, colors=[c.argb for c in gradient.colors], positions=stops, flags=_INTERPOLATE_PREMULTIPLIED
    )


def _rect(rect: Rect) -> skia.Rect:
    return skia.Rect.MakeXYWH(rect.x, rect.y, rect.width, rect.height)
