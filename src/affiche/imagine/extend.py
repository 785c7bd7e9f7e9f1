"""Extend: more canvas around a photograph instead of a crop that loses too much of it. Pure.

A provider is shown the photograph and adds what could lie around it; of its answer only what lies *outside* of it is used.
The original's own pixels are laid back where they were, each of them unchanged, and what was added is brought to its tones along
the seam. Then it is measured whether the provider kept the original in its place (else what was added continues something else)
and whether the seam shows.

    sent        the photograph as the provider sees it (how large, and how much is added: `canvas`)
    measured    how far the answer drifted, how much of a step the seam is
    joined      the answer with the original laid back
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from affiche.imagine.canvas import Canvas
from affiche.ports import Pixels
from affiche.values.geometry import Rect, Size

Floats = npt.NDArray[np.float32]

#: Mean difference between the original and the provider's version of it, 0..255: more, and it stands elsewhere or was repainted.
DRIFT_MOST = 14.0
#: How much stronger the step across the seam may be than the steps within the original beside it, 0..255.
SEAM_MOST = 7.0
#: The longest side of a result, px: as for every picture (`prepare.MAX_SIDE`).
_LONGEST = 3840


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well an answer continues the original: `drift` and `seam` in levels 0..255."""

    drift: float
    seam: float

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it cannot be used, with measure and limit; empty when it can."""
        tests = (
            (self.drift > DRIFT_MOST, f"the photograph was moved or repainted: drift {self.drift:.0f}, at most {DRIFT_MOST:.0f}"),
            (self.seam > SEAM_MOST, f"the seam shows: a step of {self.seam:.0f} levels, at most {SEAM_MOST:.0f}"),
        )
        return tuple(text for wrong, text in tests if wrong)


def sent(photo: Pixels, canvas: Canvas) -> Pixels:
    """The photograph as it is shown to the provider."""
    return scaled(photo, canvas.source)


def joined(photo: Pixels, answer: Pixels, canvas: Canvas) -> tuple[Pixels, Rect]:
    """The whole, opaque, and the box of the original in it, px. Every pixel in the box is the photograph's own.

    As large as the photograph asks for (nothing of it is scaled), unless that is larger than pictures are kept.
    """
    size, photo, box = _whole(photo, canvas)
    wide = scaled(answer, size)[..., :3].astype(np.float32)
    left, top = int(box.x), int(box.y)
    inside = (slice(top, top + photo.shape[0]), slice(left, left + photo.shape[1]))
    wide += _correction(photo[..., :3].astype(np.float32) - wide[inside], size, left, top)
    out = np.full((size.height, size.width, 4), 255, np.uint8)
    out[..., :3] = np.rint(wide).clip(0, 255).astype(np.uint8)
    out[inside] = photo
    return out, box


def measured(photo: Pixels, answer: Pixels, canvas: Canvas) -> Fit:
    """How well `answer` continues `photo`."""
    size, margins = canvas.size, canvas.margins
    small, wide = sent(photo, canvas), scaled(answer, size)
    there = wide[margins.top : margins.top + small.shape[0], margins.left : margins.left + small.shape[1]]
    soft = [cv2.GaussianBlur(part[..., :3].astype(np.float32), (0, 0), 2.0) for part in (small, there)]
    whole, box = joined(small, answer, canvas)
    return Fit(drift=float(np.abs(soft[0] - soft[1]).mean()), seam=_seam(whole, box))


def _whole(photo: Pixels, canvas: Canvas) -> tuple[Size, Pixels, Rect]:
    """The size of the result, the photograph as large as it stands in it, and where."""
    scale = min(photo.shape[1] / canvas.source.width, _LONGEST / max(canvas.size.width, canvas.size.height))
    if round(canvas.source.width * scale) < photo.shape[1]:
        photo = scaled(photo, Size(width=round(canvas.source.width * scale), height=round(canvas.source.height * scale)))
    height, width = photo.shape[:2]
    margins = canvas.margins
    left, top, right, bottom = (round(side * scale) for side in (margins.left, margins.top, margins.right, margins.bottom))
    box = Rect(float(left), float(top), float(width), float(height))
    return Size(width=left + width + right, height=top + height + bottom), photo, box


def _correction(difference: Floats, size: Size, left: int, top: int) -> Floats:
    """What to add outside of the original so that tones meet at its edge: the difference there, fading with distance.

    An answer that was only a little lighter or warmer than the original so shows no seam.
    """
    height, width = difference.shape[:2]
    reach = max(8.0, 0.12 * max(size.width - width, size.height - height))
    below, beside = size.height - top - height, size.width - left - width
    wide = cv2.copyMakeBorder(_calmed(difference), top, below, left, beside, cv2.BORDER_REPLICATE)
    rows, columns = np.arange(size.height), np.arange(size.width)
    down = np.maximum(0, np.maximum(top - rows, rows - (top + height - 1)))
    across = np.maximum(0, np.maximum(left - columns, columns - (left + width - 1)))
    away = np.hypot(down[:, None], across[None]).astype(np.float32)
    return np.asarray(wide * np.exp(-away / reach)[..., None], np.float32)


def _calmed(difference: Floats) -> Floats:
    """Without grain: only tones are brought over the edge, never the original's texture as streaks."""
    return np.asarray(cv2.GaussianBlur(difference, (0, 0), max(2.0, max(difference.shape[:2]) / 160)), np.float32)


def _seam(whole: Pixels, box: Rect) -> float:
    """How much stronger the step over the edge of `box` is than the steps beside it within the box; the worst side."""
    left, top, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    part = whole[..., :3].astype(np.float32)
    sides = []
    if top > 0:
        sides.append(part[max(0, top - 1) : top + 9, left:right])
    if bottom < part.shape[0]:
        sides.append(part[bottom - 9 : bottom + 1, left:right][::-1])
    if left > 0:
        sides.append(part[top:bottom, max(0, left - 1) : left + 9].transpose(1, 0, 2))
    if right < part.shape[1]:
        sides.append(part[top:bottom, right - 9 : right + 1].transpose(1, 0, 2)[::-1])
    return max((_step(side) for side in sides), default=0.0)


def _step(rows: Floats) -> float:
    """`rows`: the first lies outside of the original, the others within. Parts along the edge count by their worst tenth."""
    steps = np.abs(np.diff(rows, axis=0)).mean(axis=2)
    over, within = steps[0], steps[1:].mean(axis=0)
    window = max(1, over.size // 24)
    excess = cv2.blur((over - within)[None].astype(np.float32), (window, 1))[0]
    return float(max(0.0, np.quantile(excess, 0.9)))


def scaled(pixels: Pixels, size: Size) -> Pixels:
    """`pixels` at `size`."""
    if pixels.shape[1] == size.width and pixels.shape[0] == size.height:
        return pixels
    way = cv2.INTER_AREA if size.width < pixels.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), (size.width, size.height), interpolation=way), np.uint8)
