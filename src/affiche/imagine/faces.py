"""Faces that surely are faces, and which way they look.

Haar cascades that ship with OpenCV 4 (frontal, else both profiles). They also see faces in bottles and hair, so a hit
counts only when it is large enough, mostly skin-coloured, and confirmed: seen again in the mirrored picture, with an eye
inside, or skin nearly all over. The profile cascade knows people who look to the left; mirrored, to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from affiche.ports import Pixels
from affiche.values.geometry import Rect

Box = tuple[int, int, int, int]
#: Side of the picture to which somebody looks, "" when towards the camera or unknown.
Gaze = Literal["left", "right", ""]

_PROXY = 560
#: Smallest face, share of the short side of the picture.
_SMALLEST = 0.08
#: Weight of the last stage; on 38 pictures real profiles and false ones mix below it.
_SURE_PROFILE = 3.0
#: Share of a hit's inner half that has the chroma of skin (any complexion: Cr and Cb vary little, luma does).
_SKIN_SHARE = 0.45
_SURELY_SKIN = 0.85
_SKIN = ((0, 134, 80), (255, 180, 130))


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """`box` from brow to chin, fractions of the picture."""

    box: Rect
    gaze: Gaze = ""


def found(pixels: Pixels) -> tuple[Face, ...]:
    """The sure faces of an RGBA picture: the largest, and those that are not much smaller."""
    proxy = _proxy(pixels)
    height, width = proxy.shape[:2]
    boxes = sure(proxy)
    largest = max((box[2] * box[3] for box in boxes), default=0)
    shown = [box for box in boxes if box[2] * box[3] >= 0.3 * largest]
    turned = _turned(proxy) if shown else ([], [])
    return tuple(
        Face(box=Rect(x / width, y / height, w / width, h / height), gaze=_gaze((x, y, w, h), *turned)) for x, y, w, h in shown
    )


def sure(proxy: Pixels) -> list[Box]:
    """(left, top, width, height) px of each sure face in an RGBA picture of about 500 px."""
    grey = _even(proxy)
    least = _least(grey)
    if not _may_hold_skin(proxy, least):
        return []
    frontal = [box for box in _hits("frontalface_alt2", grey, least, 0.0) if _is_skin(proxy, box)]
    if frontal:
        again = _mirrored_hits("frontalface_alt2", grey, least, 0.0)
        return [box for box in frontal if _is_confirmed(proxy, grey, box, again)]
    profiles = _hits("profileface", grey, least, _SURE_PROFILE) + _mirrored_hits("profileface", grey, least, _SURE_PROFILE)
    return [box for box in profiles if _is_skin(proxy, box)]


def _turned(proxy: Pixels) -> tuple[list[Box], list[Box]]:
    """Hits of the profile cascade, sure or not: looking left, looking right. Used only where there is a face."""
    grey = _even(proxy)
    least = _least(grey)
    return _hits("profileface", grey, least, 0.0), _mirrored_hits("profileface", grey, least, 0.0)


def _gaze(box: Box, left: list[Box], right: list[Box]) -> Gaze:
    to_left, to_right = (any(_overlap(box, other) > 0.3 for other in boxes) for boxes in (left, right))
    if to_left == to_right:
        return ""
    return "left" if to_left else "right"


def _even(proxy: Pixels) -> Pixels:
    return np.asarray(cv2.equalizeHist(cv2.cvtColor(proxy, cv2.COLOR_RGBA2GRAY)), np.uint8)


def _least(grey: Pixels) -> int:
    return max(24, round(_SMALLEST * float(min(grey.shape))))


def _is_confirmed(proxy: Pixels, grey: Pixels, box: Box, again: list[Box]) -> bool:
    return (
        any(_overlap(box, other) > 0.4 for other in again) or _skin_share(proxy, box) > _SURELY_SKIN or _has_eye(grey, box)
    )


def _is_skin(proxy: Pixels, box: Box) -> bool:
    return _skin_share(proxy, box) >= _SKIN_SHARE


def _may_hold_skin(proxy: Pixels, least: int) -> bool:
    """Whether any box of at least that side could be `_is_skin`: where none can, nobody need look for faces.

    A part with that share of skin, cut into windows of the smallest inner half, has one with no less (a little less where the
    windows do not divide it evenly, hence half the share).
    """
    skin = cv2.inRange(cv2.cvtColor(cv2.cvtColor(proxy, cv2.COLOR_RGBA2RGB), cv2.COLOR_RGB2YCrCb), *_SKIN)
    window = max(1, least // 2)
    return float(cv2.blur(skin, (window, window), borderType=cv2.BORDER_CONSTANT).max()) / 255 >= _SKIN_SHARE / 2


def _skin_share(proxy: Pixels, box: Box) -> float:
    left, top, width, height = box
    inner = proxy[top + height // 4 : top + height - height // 4, left + width // 4 : left + width - width // 4]
    coded = cv2.cvtColor(cv2.cvtColor(inner, cv2.COLOR_RGBA2RGB), cv2.COLOR_RGB2YCrCb)
    return float(cv2.inRange(coded, *_SKIN).mean()) / 255


def _has_eye(grey: Pixels, box: Box) -> bool:
    left, top, width, height = box
    upper = grey[top : top + round(0.62 * height), left : left + width]
    return bool(_hits("eye", np.ascontiguousarray(upper), max(8, width // 8), 1.0))


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0, width) * max(0, height)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def _mirrored_hits(name: str, grey: Pixels, least: int, sure: float) -> list[Box]:
    width = grey.shape[1]
    return [(width - x - w, y, w, h) for x, y, w, h in _hits(name, np.ascontiguousarray(grey[:, ::-1]), least, sure)]


def _hits(name: str, grey: Pixels, least: int, sure: float) -> list[Box]:
    boxes, _, weights = _cascade(name).detectMultiScale3(
        grey, scaleFactor=1.08, minNeighbors=5, minSize=(least, least), outputRejectLevels=True
    )
    return [_box(box) for box, weight in zip(boxes, weights, strict=True) if weight >= sure]


def _box(values: Pixels) -> Box:
    left, top, width, height = (int(v) for v in values)
    return left, top, width, height


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"))


def _proxy(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    factor = min(1.0, _PROXY / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
