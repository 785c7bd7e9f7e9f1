"""What a crop must keep: a face when there surely is one, else the centre.

Haar cascades that ship with OpenCV 4 (frontal, else both profiles). They also see faces in bottles and hair, so a hit
counts only when it is large enough, mostly skin-coloured, and confirmed: seen again in the mirrored picture, with an eye
inside, or skin nearly all over. Saliency is deliberately not used: measured, it was worse than the centre on three
pictures of four.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from affiche.ports import Pixels

Box = tuple[int, int, int, int]
Origin = Literal["face", "centre"]

_PROXY = 560
#: Smallest face, share of the short side of the picture.
_SMALLEST = 0.08
#: Weight of the last stage; on 38 pictures real profiles and false ones mix below it.
_SURE_PROFILE = 3.0
#: Share of a hit's inner half that has the chroma of skin (any complexion: Cr and Cb vary little, luma does).
_SKIN_SHARE = 0.45
_SURELY_SKIN = 0.85
_SKIN = ((0, 134, 80), (255, 180, 130))


def found(pixels: Pixels) -> tuple[tuple[float, float] | None, Origin]:
    """Focal point as fractions of the picture and where it comes from."""
    proxy = _proxy(pixels)
    boxes = faces(proxy)
    if not boxes:
        return None, "centre"
    height, width = proxy.shape[:2]
    largest = max(w * h for _, _, w, h in boxes)
    group = [box for box in boxes if box[2] * box[3] >= 0.3 * largest]
    weight = sum(w * h for _, _, w, h in group)
    x = sum((left + w / 2) * w * h for left, _, w, h in group) / weight
    y = sum((top + h / 2) * w * h for _, top, w, h in group) / weight
    return (round(x / width, 4), round(y / height, 4)), "face"


def faces(proxy: Pixels) -> list[Box]:
    """(left, top, width, height) px of each sure face in an RGBA picture of about 500 px."""
    grey = cv2.equalizeHist(cv2.cvtColor(proxy, cv2.COLOR_RGBA2GRAY))
    least = max(24, round(_SMALLEST * min(grey.shape)))
    frontal = [box for box in _hits("frontalface_alt2", grey, least, 0.0) if _is_skin(proxy, box)]
    if frontal:
        again = _mirrored_hits("frontalface_alt2", grey, least, 0.0)
        return [box for box in frontal if _is_confirmed(proxy, grey, box, again)]
    profiles = _hits("profileface", grey, least, _SURE_PROFILE) + _mirrored_hits("profileface", grey, least, _SURE_PROFILE)
    return [box for box in profiles if _is_skin(proxy, box)]


def _is_confirmed(proxy: Pixels, grey: Pixels, box: Box, again: list[Box]) -> bool:
    return (
        any(_overlap(box, other) > 0.4 for other in again) or _skin_share(proxy, box) > _SURELY_SKIN or _has_eye(grey, box)
    )


def _is_skin(proxy: Pixels, box: Box) -> bool:
    return _skin_share(proxy, box) >= _SKIN_SHARE


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
