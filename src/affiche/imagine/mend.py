"""Mend: a given picture made fit by a provider: freed from its ground, or enlarged. Pure.

The picture stays the client's. Of a cut-out only the *alpha* of the answer is used: every colour is the original's. An
enlargement must be the original again when it is made small. Both are measured before they are used, because a provider may
return a nicer product than the one that is sold.

    freed       the original with the answer's alpha        cut_fit     whether that is a product, and this one
    enlarged    the answer at an exact multiple             grown_fit   whether it is the original, larger
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from affiche.ports import Pixels

#: Mean difference (after a soft blur) between the answer and the original, 0..255: above, something else was painted.
DRIFT_MOST = 8.0
#: The same in the worst of 16 x 16 fields: a label that was redrawn is a small part of a picture.
FIELD_MOST = 26.0
#: Share of the picture that a product may have.
AREA = (0.02, 0.92)
#: Share of the border that may belong to the product.
EDGE_MOST = 0.30
#: Share of half-transparent px in what is kept: a veil instead of an outline.
VEIL_MOST = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How well an answer stays with the original: `drift` and `field` in levels 0..255; `wrong`: what else is not right."""

    drift: float
    field: float
    wrong: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it cannot be used, with measure and limit; empty when it can."""
        tests = (
            (self.drift > DRIFT_MOST, f"the picture was repainted: drift {self.drift:.0f}, at most {DRIFT_MOST:.0f}"),
            (self.field > FIELD_MOST, f"a part was repainted: drift {self.field:.0f} there, at most {FIELD_MOST:.0f}"),
        )
        return (*self.wrong, *(text for wrong, text in tests if wrong))

    @property
    def quality(self) -> float:
        """0..1, for the router."""
        return 1 - (min(1.0, self.drift / DRIFT_MOST) + min(1.0, self.field / FIELD_MOST)) / 2


def freed(photo: Pixels, answer: Pixels) -> Pixels:
    """`photo` with the alpha of `answer`: each colour is the photo's own."""
    out = photo.copy()
    out[..., 3] = _fitted(answer, photo)[..., 3]
    return out


def enlarged(photo: Pixels, answer: Pixels, times: int) -> Pixels:
    """`answer` as an exact multiple of `photo`, opaque."""
    out = _scaled(answer, photo.shape[1] * times, photo.shape[0] * times).copy()
    out[..., 3] = 255
    return out


def cut_fit(photo: Pixels, answer: Pixels) -> Mended:
    """Whether the alpha of `answer` is a product's, and its colours this one's."""
    fitted = _fitted(answer, photo)
    alpha = fitted[..., 3].astype(np.float32) / 255
    kept = alpha > 0.5
    area = float(kept.mean())
    border = np.concatenate([kept[0], kept[-1], kept[:, 0], kept[:, -1]])
    veil = float(((alpha > 0.1) & (alpha < 0.9)).sum() / max(1, (alpha > 0.1).sum()))
    tests = (
        (not AREA[0] <= area <= AREA[1], f"no product stands free: {area:.0%} of the picture is kept"),
        (float(border.mean()) > EDGE_MOST, f"the ground was kept: {border.mean():.0%} of the border, at most {EDGE_MOST:.0%}"),
        (veil > VEIL_MOST, f"a veil instead of an outline: {veil:.0%} half transparent, at most {VEIL_MOST:.0%}"),
    )
    wrong = tuple(text for failed, text in tests if failed)
    inside = cv2.erode((alpha > 0.95).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    drift, field = _drift(photo, fitted, inside)
    return Mended(drift=drift, field=field, wrong=wrong)


def grown_fit(photo: Pixels, answer: Pixels) -> Mended:
    """Whether `answer` is `photo` again when it is made as small."""
    drift, field = _drift(photo, _fitted(answer, photo), np.ones(photo.shape[:2], bool))
    return Mended(drift=drift, field=field)


def _drift(photo: Pixels, other: Pixels, where: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Mean difference where `where`, and that of the worst field of which a quarter counts."""
    soft = [cv2.GaussianBlur(part[..., :3].astype(np.float32), (0, 0), 1.5) for part in (photo, other)]
    away = np.abs(soft[0] - soft[1]).mean(axis=2)
    if not where.any():
        return 0.0, 0.0
    weight = where.astype(np.float32)
    size = (min(16, photo.shape[1]), min(16, photo.shape[0]))
    share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    fields = cv2.resize((away * weight).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    counted = share > 0.25
    worst = float((fields[counted] / share[counted]).max()) if counted.any() else 0.0
    return float(away[where].mean()), worst


def _fitted(answer: Pixels, photo: Pixels) -> Pixels:
    return _scaled(answer, photo.shape[1], photo.shape[0])


def _scaled(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[1] == width and pixels.shape[0] == height:
        return pixels
    way = cv2.INTER_AREA if width < pixels.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), (width, height), interpolation=way), np.uint8)
