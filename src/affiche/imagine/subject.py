"""Where the subject of a photograph probably is: a box, and how sure that is.

Theory of operation. What reaches all around the border is ground: its colours are clustered, and every px gets its distance
to the nearest cluster (contrast). Photographers focus on the subject, so contrast counts more where the picture is sharp.
The most salient region that holds together, refined by GrabCut, is the subject; it is believed when it stands out, holds
together, and is neither a speck nor the whole picture. Measured in docs/decisions/0005-what-a-crop-keeps.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from affiche.imagine.edge import disc
from affiche.ports import Pixels
from affiche.values.geometry import Rect

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]

#: Confidence from which a box is believed: below it, plants, towels and fruit of real photographs count as subjects.
SURE = 0.75
_PROXY = 160
#: Width of the border that is taken for ground, share of the short side.
_BORDER = 0.06
_CLUSTERS = 7
#: Clusters that are seen on one side of the border only and are rare are a subject that runs out of the picture.
_RARE = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`box` as fractions of the picture; `confidence` 0..1."""

    box: Rect
    confidence: float

def located(pixels: Pixels) -> Subject | None:
    """The most likely subject of an opaque RGBA picture, None when nothing stands out at all. Deterministic."""
    rgb = _proxy(pixels)
    salience = salient(rgb)
    region = _region(salience)
    if region is None:
        return None
    region = _refined(rgb, region)
    height, width = region.shape
    left, top, wide, tall = cv2.boundingRect(region)
    box = Rect(left / width, top / height, wide / width, tall / height)
    return Subject(box=box, confidence=round(_confidence(salience, region, box), 3))


def salient(rgb: Pixels) -> Floats:
    """How much each px of a small RGB picture stands out, 0..1."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    contrast = _contrast(cv2.GaussianBlur(lab, (0, 0), 1.0))
    sharp = _sharpness(lab)
    height, width = contrast.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = np.exp(-(((x / width - 0.5) / 0.42) ** 2 + ((y / height - 0.52) / 0.48) ** 2) / 2)
    found = contrast * (0.35 + 0.65 * sharp) * (0.4 + 0.6 * middle)
    found = cv2.GaussianBlur(found, (0, 0), 1.5)
    return np.asarray(found / max(1e-6, float(found.max())), np.float32)


def _contrast(lab: Floats) -> Floats:
    """Distance to the nearest colour of the ground, 0..1 (40 Lab units and more are 1)."""
    height, width = lab.shape[:2]
    wide = max(2, round(_BORDER * min(height, width)))
    sides = [lab[:wide], lab[-wide:], lab[:, :wide], lab[:, -wide:]]
    border = np.concatenate([side.reshape(-1, 3) for side in sides])
    of_side = np.concatenate([np.full(side.shape[0] * side.shape[1], n) for n, side in enumerate(sides)])
    centres, labels = _clustered(border)
    distance = np.full((height, width), 1e3, np.float32)
    for number, centre in enumerate(centres):
        members = labels == number
        share, seen = float(members.mean()), len(np.unique(of_side[members]))
        if share < _RARE and seen < 2:
            continue
        spread = float(np.linalg.norm(border[members] - centre, axis=1).mean())
        away = lab - centre
        # Light falls off over a ground: lightness says less than hue.
        away[..., 0] *= 0.75
        distance = np.minimum(distance, np.maximum(0, np.linalg.norm(away, axis=-1) - spread))
    return np.clip(distance / 40, 0, 1)


def _clustered(border: Floats) -> tuple[Floats, npt.NDArray[np.int32]]:
    cv2.setRNGSeed(7)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 0.5)
    count = min(_CLUSTERS, len(border))
    _, labels, centres = cv2.kmeans(border, count, None, stop, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(centres, np.float32), np.asarray(labels[:, 0], np.int32)


def _sharpness(lab: Floats) -> Floats:
    """Fine detail around each px, 0..1, against the 97th percentile."""
    fine = np.abs(lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 1.2))
    around = cv2.GaussianBlur(fine, (0, 0), 5)
    return np.asarray(np.clip(around / max(0.6, float(np.percentile(around, 97))), 0, 1), np.float32)


def _region(salience: Floats) -> Mask | None:
    """The region with the most salience, with what belongs to it (a second product beside the first)."""
    level, _ = cv2.threshold((salience * 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    solid = cv2.morphologyEx((salience * 255 > 0.9 * level).astype(np.uint8), cv2.MORPH_CLOSE, disc(3))
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, disc(2))
    count, labels = cv2.connectedComponents(solid, connectivity=4)
    if count <= 1:
        return None
    mass = np.bincount(labels.ravel(), weights=salience.ravel(), minlength=count)
    mass[0] = 0
    return np.asarray(labels == int(mass.argmax()), np.uint8)


def _refined(rgb: Pixels, region: Mask) -> Mask:
    """GrabCut around the region: out to the product's own edges."""
    height, width = region.shape
    labels = np.full(region.shape, cv2.GC_BGD, np.uint8)
    reach = max(3, round(0.05 * min(height, width)))
    labels[cv2.dilate(region, disc(reach)) > 0] = cv2.GC_PR_BGD
    labels[region > 0] = cv2.GC_PR_FGD
    core = cv2.erode(region, disc(max(1, reach // 2)))
    labels[core > 0] = cv2.GC_FGD
    if not core.any() or not (labels == cv2.GC_BGD).any():
        return region
    cv2.setRNGSeed(7)
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    labels, *_ = cv2.grabCut(bgr, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    kept = cv2.morphologyEx(((labels & 1) > 0).astype(np.uint8), cv2.MORPH_OPEN, disc(1))
    count, parts, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    if count <= 1:
        return region
    return np.asarray(parts == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()), np.uint8)


def _confidence(salience: Floats, region: Mask, box: Rect) -> float:
    """Product of: share of all salience inside the box beyond its share of the area, fill of the box, sane size."""
    height, width = region.shape
    x0, y0 = round(box.x * width), round(box.y * height)
    x1, y1 = round(box.right * width), round(box.bottom * height)
    inside = float(salience[y0:y1, x0:x1].sum()) / max(1e-6, float(salience.sum()))
    gathered = np.clip((inside - box.area) / max(1e-6, 1 - box.area), 0, 1)
    filled = np.clip(float(region.mean()) / max(1e-6, box.area) / 0.7, 0, 1)
    sane = np.clip(box.area / 0.03, 0, 1) * np.clip((0.95 - box.area) / 0.25, 0, 1)
    return float(gathered * filled * sane)


def _proxy(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    factor = _PROXY / max(height, width)
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    return np.ascontiguousarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)[..., :3])
