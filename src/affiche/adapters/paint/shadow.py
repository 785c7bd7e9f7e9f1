"""What grounds a product: contact shadow, cast shadow, reflection; computed from its alpha, multiplied onto the base.

Theory of operation. The *footprint* is where the outline comes close to the ground: one span under a can, four small
spots under a piano. The contact shadow is that footprint, drawn as a tight core that follows the curve of the base plus
a wide falloff that is as deep as the product would be. The cast shadow is the outline sheared along the ground; its
penumbra widens and its strength fades with the distance from the base. Everything is soft, so it is computed at reduced
resolution (at most `_WORK_SIDE` px) and dithered when it is rounded to 8 bits.
"""

from __future__ import annotations

import weakref
from dataclasses import replace

import cv2
import numpy as np

from affiche.adapters.paint import dither
from affiche.adapters.paint.footing import Mask, Stage, by_column, footprint, levelled
from affiche.adapters.paint.picture import Box, clipped, cut, premultiplied, scaled
from affiche.ports import Pixels
from affiche.values.color import Color
from affiche.values.frame import Fill, Shadow
from affiche.values.geometry import Rect

_WORK_SIDE = 420
#: Ground seen at the angle of our sets (6 degrees down on the hero): a circle looks this flat.
_FLATTENING = 0.17
#: How many sigmas from its edge a blurred outline still shows.
_FAR = 3.0
#: Rows that are darkened at a time: what they need stays in the processor's cache.
_STRIP = 32


class Outlines:
    """The alpha of a picture as small as shadows are worked out; the last is kept: a product casts two, in both directions."""

    def __init__(self) -> None:
        self._of: tuple[weakref.ref[Pixels], Rect, int, int] | None = None
        self._alpha: Pixels = np.empty((0, 0), np.uint8)

    def small(self, picture: Pixels, source: Rect, width: int, height: int) -> Pixels:
        """Shape (height, width)."""
        of = (weakref.ref(picture), source, width, height)
        if self._of is None or self._of[0]() is not picture or self._of[1:] != of[1:]:
            whole = cv2.extractChannel(cut(picture, source), 3)
            self._of, self._alpha = of, np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        return self._alpha


def draw(canvas: Pixels, shadow: Shadow, picture: Pixels, outlines: Outlines | None = None) -> None:
    """Darkens (or, for a reflection, paints) `canvas` in place. `outlines`: from the shadow before."""
    if shadow.rect.width < 2 or shadow.rect.height < 2:
        return
    if shadow.kind == "reflection":
        _draw_reflection(canvas, shadow, picture)
        return
    stage, rise = levelled(_staged(shadow, picture, outlines or Outlines()))
    shade = _contact if shadow.kind == "contact" else _cast
    mask, low = shade(stage, shadow, highest=float(rise.max()))
    _multiply(canvas, by_column(mask, rise), low, shadow)


def _staged(shadow: Shadow, picture: Pixels, outlines: Outlines) -> Stage:
    rect = shadow.rect
    step = max(1.0, max(rect.width, rect.height) / _WORK_SIDE)
    small = Box(0, 0, max(2, round(rect.width / step)), max(2, round(rect.height / step)))
    alpha = outlines.small(picture, shadow.source, small.width, small.height)
    alpha = np.ascontiguousarray(alpha[:, ::-1]) if shadow.mirrored else alpha
    soft = shadow.softness / step
    if shadow.kind == "cast":
        # As far as its tip reaches, and what the softest blur (of both steps) adds to it.
        room_x = round(small.height * shadow.length * abs(np.sin(np.radians(shadow.angle_deg))) + _FAR * 2.5 * max(0.6, soft)) + 2
    else:
        # Half of what the widest ellipse is wider than the product, and its blur.
        room_x = round(small.width * (0.06 + _FAR * 0.07) + _FAR * max(0.5, soft)) + 2
    room_y = round(small.height * 0.12 + small.width * 0.12 + 3 * shadow.softness / step)
    outline = cv2.copyMakeBorder(alpha, room_y, room_y, room_x, room_x, cv2.BORDER_CONSTANT, value=0)
    return Stage(
        alpha=outline.astype(np.float32) / 255,
        ground=room_y + (shadow.ground_y - rect.y) / step,
        left=rect.x - room_x * step,
        top=rect.y - room_y * step,
        step=step,
        height=float(small.height),
        width=float(small.width),
    )


def _contact(stage: Stage, shadow: Shadow, *, highest: float) -> tuple[Mask, Stage]:
    """Core + falloff, 0..1, and the part of the stage that it covers. The core peeks out around the base; most of it is hidden by
    the product itself. `highest`: rows that a column is pushed up afterwards, at most.
    """
    spans = footprint(stage)
    base = max(2.0, min(float(sum(end - start for start, end in spans)), 1.4 * stage.height))
    depth = max(1.5, base * _FLATTENING)
    spread = max(0.5, shadow.softness / stage.step)
    stage = _foot(stage, depth * 1.5 + _FAR * (depth * 0.30 + spread * 0.5) + highest)
    core = _blurred(_base_slice(stage, depth), max(0.8, base * 0.010), max(0.8, base * 0.012))
    near = _blurred(_ellipses(stage, spans, depth, 0.50), base * 0.022 + 0.5, depth * 0.16 + 0.5)
    wide = _ellipses(stage, spans, depth * 1.7, 0.56)
    wide = _blurred(wide, base * 0.05 + spread, depth * 0.30 + spread * 0.5)
    mask: Mask = 1 - (1 - 0.85 * np.minimum(core, 1)) * (1 - 0.62 * near) * (1 - 0.50 * wide)
    return mask, stage


def _foot(stage: Stage, above: float) -> Stage:
    """The stage from `above` rows over its ground downwards: higher up there is no shadow to be computed."""
    top = max(0, int(stage.ground - above) - 2)
    return replace(stage, alpha=stage.alpha[top:], ground=stage.ground - top, top=stage.top + top * stage.step)


def _base_slice(stage: Stage, depth: float) -> Mask:
    """The lowest part of the outline, pushed down by a hair: it darkens exactly along the curve of the base."""
    top = max(0, int(stage.ground - max(2.0, depth * 1.1)))
    band = stage.alpha.copy()
    band[:top] = 0
    drop = max(1.0, depth * 0.085)
    return _shifted(band, 0.0, drop)


def _ellipses(stage: Stage, spans: list[tuple[int, int]], depth: float, reach: float) -> Mask:
    """A flat ellipse under each span: `reach` half-widths of the span (0.5 = exactly as wide), `depth` high."""
    mask = np.zeros(stage.alpha.shape, np.float32)
    longest = max((end - start for start, end in spans), default=0)
    for start, end in spans:
        width = float(end - start)
        # Small feet have a small shadow of their own; they share the falloff of the whole through their blur.
        own = min(depth, max(1.5, width * _FLATTENING * (depth / max(1.0, longest * _FLATTENING))))
        centre = ((start + end) / 2, stage.ground - own * 0.36)
        axes = (max(1.0, width * reach), max(0.8, own * 0.5))
        cv2.ellipse(mask, _fixed(centre), _fixed(axes), 0, 0, 360, 1.0, -1, cv2.LINE_8, 4)
    return mask


def _fixed(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * 16), round(point[1] * 16)


def _cast(stage: Stage, shadow: Shadow, *, highest: float) -> tuple[Mask, Stage]:
    """The outline lying on the ground, away from the light: sharp at the base, soft and pale at its far end."""
    angle = np.radians(shadow.angle_deg)
    along = shadow.length * float(np.sin(angle))
    up = max(0.06, shadow.length * float(np.cos(angle)) * 0.5)
    soft = max(0.6, shadow.softness / stage.step)
    depth = stage.width * _FLATTENING * 0.5
    low = _foot(stage, up * stage.height + _FAR * (1.7 * soft + depth * 0.25) + highest)
    lie = np.array([[1, -along, along * stage.ground], [0, up, low.ground - up * stage.ground]], np.float64)
    size = (low.alpha.shape[1], low.alpha.shape[0])
    lying = cv2.warpAffine(stage.alpha, lie, size, flags=cv2.INTER_AREA)
    lying = _blurred(lying, 0.3 * soft, 0.3 * soft + depth * 0.25)
    far = _blurred(lying, 2.2 * soft, 1.4 * soft)
    middle = _blurred(lying, 0.9 * soft, 0.7 * soft)
    t = np.clip((low.ground - np.arange(size[1], dtype=np.float32)) / (up * stage.height), 0, 1)[:, None]
    # Distance grows upwards: sharp to middle below this row, middle to far above it.
    half = np.count_nonzero(t >= 0.5)
    for rows, near, soft_one, share in ((slice(half, None), lying, middle, 2 * t), (slice(half), middle, far, 2 * t - 1)):
        lying[rows] = near[rows] + (soft_one[rows] - near[rows]) * share[rows]
    fading: Mask = lying * (1 - 0.78 * t**0.8)
    return fading, low


def _blurred(mask: Mask, sigma_x: float, sigma_y: float) -> Mask:
    # A wide blur holds no detail: it is computed on fewer px, each still narrower than half a sigma.
    fewer_x, fewer_y = max(1, int(sigma_x / 2)), max(1, int(sigma_y / 2))
    height, width = mask.shape
    small = mask
    if fewer_x > 1 or fewer_y > 1:
        small = cv2.resize(mask, (-(-width // fewer_x), -(-height // fewer_y)), interpolation=cv2.INTER_AREA)
    ratio_x, ratio_y = small.shape[1] / width, small.shape[0] / height
    blurred: Mask = cv2.GaussianBlur(
        small, (0, 0), sigma_x * ratio_x, sigmaY=sigma_y * ratio_y, borderType=cv2.BORDER_CONSTANT
    )
    return blurred if small is mask else cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR)


def _shifted(mask: Mask, dx: float, dy: float) -> Mask:
    moved: Mask = cv2.warpAffine(mask, np.array([[1, 0, dx], [0, 1, dy]], np.float64), mask.shape[::-1])
    return moved


def _multiply(canvas: Pixels, mask: Mask, stage: Stage, shadow: Shadow) -> None:
    """canvas x (1 - mask x strength x (1 - colour)), in place, only where the mask is."""
    height, width = canvas.shape[:2]
    box = _box_on_canvas(mask, stage, width, height)
    if box is None:
        return
    step = stage.step
    lie = np.array([[step, 0, stage.left - box.x + 0.5 * step - 0.5], [0, step, stage.top - box.y + 0.5 * step - 0.5]])
    full = cv2.warpAffine(mask, lie, (box.width, box.height), flags=cv2.INTER_CUBIC if step > 1 else cv2.INTER_LINEAR)
    full = np.clip(full, 0, 1, out=full)
    full *= np.float32(shadow.color.a / 255)
    if shadow.panel is not None:
        full *= _inside(shadow.panel, box)
    for top in range(0, box.height, _STRIP):
        _darken(canvas, full[top : top + _STRIP], Box(box.x, box.y + top, box.width, min(_STRIP, box.height - top)), shadow.color)


def _darken(canvas: Pixels, strength: Mask, box: Box, color: Color) -> None:
    """The strip of `canvas` in `box`, darkened where `strength` (0..1, of the size of `box`) says so."""
    # Untouched px must stay untouched: dither only where the shadow is.
    shaded = cv2.compare(strength, 1 / 1024, cv2.CMP_GT)
    if not shaded.any():
        return
    region = canvas[box.y : box.y + box.height, box.x : box.x + box.width]
    tint = 1 - np.array([color.r, color.g, color.b], np.float32) / 255
    kept = cv2.merge((strength, strength, strength)).reshape(box.height, -1)
    kept *= np.tile(tint, box.width)
    dark = np.subtract(1, kept, out=kept).reshape(box.height, box.width, 3)
    dark *= cv2.cvtColor(region, cv2.COLOR_RGBA2RGB)
    cv2.copyTo(cv2.cvtColor(dither.rounded(dark, box.x, box.y), cv2.COLOR_RGB2RGBA), shaded, region)


def _inside(panel: Fill, box: Box) -> Mask:
    """How much of each px of `box` lies on `panel`, 0..1: its distance from the edge of the rounded rectangle."""
    rect, radius = panel.rect, min(panel.radius, panel.rect.width / 2, panel.rect.height / 2)
    x = np.abs(np.arange(box.x, box.x + box.width, dtype=np.float32) + 0.5 - rect.center_x) - (rect.width / 2 - radius)
    y = np.abs(np.arange(box.y, box.y + box.height, dtype=np.float32) + 0.5 - rect.center_y) - (rect.height / 2 - radius)
    beyond = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    within = np.minimum(np.maximum(x[None, :], y[:, None]), 0)
    covered: Mask = np.clip(0.5 - (beyond + within - radius), 0, 1).astype(np.float32)
    return covered


def _box_on_canvas(mask: Mask, stage: Stage, width: int, height: int) -> Box | None:
    rows, columns = np.flatnonzero(mask.max(axis=1) > 1 / 512), np.flatnonzero(mask.max(axis=0) > 1 / 512)
    if rows.size == 0:
        return None
    x0 = max(0, int(stage.left + (columns[0] - 2) * stage.step))
    y0 = max(0, int(stage.top + (rows[0] - 2) * stage.step))
    x1 = min(width, int(stage.left + (columns[-1] + 3) * stage.step) + 1)
    y1 = min(height, int(stage.top + (rows[-1] + 3) * stage.step) + 1)
    return Box(x0, y0, x1 - x0, y1 - y0) if x1 > x0 and y1 > y0 else None


def _draw_reflection(canvas: Pixels, shadow: Shadow, picture: Pixels) -> None:
    """The product upside down below its base (each column about its own lowest px), fading within `length` heights."""
    box = Box.around(shadow.rect)
    upright = scaled(premultiplied(cut(picture, shadow.source)), box.width, box.height)
    upright = np.ascontiguousarray(upright[:, ::-1]) if shadow.mirrored else upright
    reach = max(2, round(box.height * (shadow.length or 0.28)))
    lowest = _column_ends(upright[..., 3], shadow.ground_y - box.y)
    rows = np.arange(reach + box.height, dtype=np.float32)[:, None]
    source_y = 2 * lowest[None, :] - rows - 1
    source_x = np.broadcast_to(np.arange(box.width, dtype=np.float32), source_y.shape)
    flipped = cv2.remap(upright, source_x.astype(np.float32), source_y.astype(np.float32), cv2.INTER_LINEAR)
    below = rows - lowest[None, :]
    fade = np.where(below >= 0, np.clip(1 - below / reach, 0, 1) ** 1.8, 0) * (shadow.color.a / 255)
    soft = max(0.4, shadow.softness * 0.5)
    layer = cv2.GaussianBlur(flipped.astype(np.float32) * fade[..., None].astype(np.float32), (0, 0), soft)
    _over(canvas, layer, box.x, box.y)


def _column_ends(alpha: Pixels, ground: float) -> Mask:
    solid = alpha > 128
    ends = np.where(solid.any(axis=0), alpha.shape[0] - np.argmax(solid[::-1], axis=0), ground).astype(np.float32)
    # Columns that hang far above the ground (between legs) mirror about the ground itself.
    return np.where(ends < ground - 0.10 * alpha.shape[1], np.float32(ground), ends)


def _over(canvas: Pixels, layer: Mask, x: int, y: int) -> None:
    x0, y0, x1, y1 = clipped(Box(x, y, layer.shape[1], layer.shape[0]), canvas)
    if x1 <= x0 or y1 <= y0:
        return
    part = layer[y0 - y : y1 - y, x0 - x : x1 - x]
    region = canvas[y0:y1, x0:x1, :3]
    mixed: Mask = region.astype(np.float32) * (1 - part[..., 3:] / np.float32(255)) + part[..., :3]
    region[:] = np.where(part[..., 3:] > 0.25, dither.rounded(mixed, x0, y0), region)
