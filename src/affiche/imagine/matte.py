"""Frees a product from a plain light ground: classical matte, no model.

Theory of operation. (1) The ground is modelled from the picture's border as a smooth surface (a studio sweep is darker at
one side). (2) What differs from it is the product; what only is a little darker and equally neutral is its shadow, and
belongs to the ground. (3) GrabCut settles the doubtful band between the two. (4) A guided filter turns the hard mask into
an edge that follows the picture, and the ground's colour is taken out of the edge px. (5) The result is judged: a matte
with a weak outline (white on white), with leaks, or touching the border is refused, and the picture stays a photo. A
refused cut-out costs a look; a bad one costs the ad.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from affiche.ports import Pixels

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]

#: Longest side of the working picture, px.
_WORK_SIDE = 640
#: Share of border px that must fit the model of the ground; below it the picture is a scene.
_PLAIN = 0.90
#: Darkest ground that counts as light, Lab L 0..100.
_LIGHT = 62.0
#: Lab distance that always is product, whatever the noise.
_SURE = 26.0
#: Share of the outline that may have less contrast than `_VISIBLE` before the matte is refused.
_WEAK_SHARE, _VISIBLE = 0.22, 7.0
_SMALLEST, _LARGEST = 0.02, 0.86


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`pixels` with alpha, or None when the picture should stay a photo; `note` says why or what was done."""

    pixels: Pixels | None
    note: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The modelled ground at working size: `lab` float32, `rgb` float32 0..255, `noise` Lab distance of its own px."""

    lab: Floats
    rgb: Floats
    noise: float
    plain: float


def cut_out(pixels: Pixels) -> Cut:
    """Cut out the product of an opaque picture when its ground is plain and light."""
    work = _work(pixels)
    ground = model_ground(work)
    if ground.plain < _PLAIN:
        return Cut(pixels=None)
    if float(ground.lab[..., 0].min()) < _LIGHT or _saturation(ground) > 18:
        return Cut(pixels=None)
    mask = _product(work, ground)
    problem, confidence = judged(mask, work, ground)
    if problem:
        return Cut(pixels=None, note=f"It looks like a packshot, but could not be cut out cleanly ({problem}).", confidence=confidence)
    return Cut(pixels=_applied(pixels, mask, ground), note="Cut out from its plain ground.", confidence=confidence)


def _work(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    factor = min(1.0, _WORK_SIDE / max(height, width))
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    return np.ascontiguousarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)[..., :3])


def _lab(rgb: Pixels | Floats) -> Floats:
    lab: Floats = cv2.cvtColor(np.ascontiguousarray(rgb, np.float32) / 255, cv2.COLOR_RGB2LAB)
    return lab


def model_ground(rgb: Pixels) -> Ground:
    """A quadratic surface through the border, fitted again without its outliers (leaves, corners of the product)."""
    height, width = rgb.shape[:2]
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = xx / width - 0.5, yy / height - 0.5
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1)
    edge = max(2, round(0.025 * min(height, width)))
    border = np.ones((height, width), bool)
    border[edge:-edge, edge:-edge] = False
    samples, values = terms[border], rgb[border].astype(np.float32)
    inliers = np.linalg.norm(values - np.median(values, axis=0), axis=1) < 60
    for limit in (40.0, 22.0, 16.0):
        surface = np.linalg.lstsq(samples[inliers], values[inliers], rcond=None)[0] if inliers.sum() > 50 else None
        if surface is None:
            break
        inliers = np.linalg.norm(values - samples @ surface, axis=1) < limit
    if surface is None:
        return Ground(lab=_lab(rgb), rgb=rgb.astype(np.float32), noise=99.0, plain=0.0)
    model = np.clip(terms @ surface, 0, 255).astype(np.float32)
    lab = _lab(model)
    away = np.linalg.norm(_lab(rgb) - lab, axis=-1)[border]
    return Ground(
        lab=lab, rgb=model, noise=float(np.percentile(away[inliers], 95)) if inliers.any() else 99.0, plain=float(inliers.mean())
    )


def _saturation(ground: Ground) -> float:
    return float(np.abs(ground.lab[..., 1:]).mean(axis=(0, 1)).sum())


def _product(rgb: Pixels, ground: Ground) -> Mask:
    """Hard mask 0/1 at working size."""
    lab = _lab(rgb)
    away = np.linalg.norm((lab - ground.lab) * (1.0, 1.6, 1.6), axis=-1).astype(np.float32)
    near = max(4.0, 1.3 * ground.noise)
    ground_sure = _from_border(away < near)
    shade = _shade(lab, ground, away)
    ground_likely = _from_border((away < near) | shade)
    sure = (away > _SURE) & ~ground_likely
    labels = np.full(away.shape, cv2.GC_PR_FGD, np.uint8)
    labels[ground_likely] = cv2.GC_PR_BGD
    labels[ground_sure & ~_grown(~ground_sure, 2)] = cv2.GC_BGD
    labels[_shrunk(_filled(sure), 3)] = cv2.GC_FGD
    if (labels == cv2.GC_BGD).any() and (labels == cv2.GC_FGD).any():
        labels = _settled(rgb, labels)
    mask = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    return _cleaned(mask)


def _shade(lab: Floats, ground: Ground, away: Floats) -> npt.NDArray[np.bool_]:
    """Px that are the ground, only darker, and smooth: soft shadows and reflections of the sweep."""
    darker = ground.lab[..., 0] - lab[..., 0]
    neutral = np.linalg.norm(lab[..., 1:] - ground.lab[..., 1:], axis=-1) < 4.5
    blurred = cv2.GaussianBlur(lab[..., 0], (0, 0), 1.0)
    slope = np.hypot(cv2.Sobel(blurred, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(blurred, cv2.CV_32F, 0, 1, scale=0.125))
    result: npt.NDArray[np.bool_] = neutral & (darker > -3) & (darker < 0.45 * ground.lab[..., 0]) & (slope < 1.1)
    return result


def _settled(rgb: Pixels, labels: Mask) -> Mask:
    cv2.setRNGSeed(7)
    settled, *_ = cv2.grabCut(np.ascontiguousarray(rgb[..., ::-1]), labels.copy(), None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    return np.asarray(settled, np.uint8)


def _from_border(candidates: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The candidates that are connected to the border of the picture."""
    count, labels = cv2.connectedComponents(candidates.astype(np.uint8), connectivity=4)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    keep = np.zeros(count, bool)
    keep[touching] = True
    keep[0] = False
    return keep[labels]


def _filled(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return ~_from_border(~mask)


def _grown(mask: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    return cv2.dilate(mask.astype(np.uint8), _disc(by)).astype(bool)


def _shrunk(mask: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    return cv2.erode(mask.astype(np.uint8), _disc(by)).astype(bool)


def _disc(radius: int) -> Mask:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)


def _cleaned(mask: Mask) -> Mask:
    """Without specks and hairs; holes are closed (a white label inside is product, not ground)."""
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _disc(1))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    if count <= 1:
        return opened
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.isin(labels, np.flatnonzero(areas >= 0.03 * areas.max()))
    return _filled(kept).astype(np.uint8)


def judged(mask: Mask, rgb: Pixels, ground: Ground) -> tuple[str, float]:
    """What is wrong with a matte (`""` when it can be used) and a confidence 0..1."""
    area = float(mask.mean())
    if not _SMALLEST < area < _LARGEST:
        return "no product was found" if area <= _SMALLEST else "the product fills the picture", 0.0
    edge = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if float(edge.mean()) > 0.12:
        return "it runs out of the picture", 0.1
    weak = _weak_share(mask, rgb, ground)
    if weak > _WEAK_SHARE:
        return "its outline is as light as the ground", max(0.0, 1 - weak)
    ragged = _raggedness(mask)
    return ("its outline is ragged", 0.3) if ragged > 3.2 else ("", round(1 - weak, 3))


def _weak_share(mask: Mask, rgb: Pixels, ground: Ground) -> float:
    """Share of the outline where the px just inside hardly differ from the ground."""
    away = np.linalg.norm((_lab(rgb) - ground.lab) * (1.0, 1.6, 1.6), axis=-1).astype(np.float32)
    inside = cv2.erode(mask, _disc(1)).astype(bool) & ~cv2.erode(mask, _disc(5)).astype(bool)
    # The strongest difference within 4 px inside: anti-aliased edges and bright rims are not weak.
    strongest = cv2.dilate(np.where(mask.astype(bool), away, 0).astype(np.float32), _disc(4))
    ring = cv2.dilate(mask, _disc(1)).astype(bool) & ~cv2.erode(mask, _disc(1)).astype(bool)
    return float((strongest[ring] < _VISIBLE).mean()) if ring.any() and inside.any() else 1.0


def _raggedness(mask: Mask) -> float:
    """Length of the outline over that of its own smoothed version: hairy mattes are above 2."""
    def length(shape: Mask) -> float:
        outlines, _ = cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        return sum(cv2.arcLength(outline, True) for outline in outlines)

    smooth = (cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 5) > 0.5).astype(np.uint8)
    return length(mask) / max(1.0, length(smooth))


def _applied(pixels: Pixels, mask: Mask, ground: Ground) -> Pixels:
    """Alpha at full size, following the picture's own edges, with the ground's colour taken out of the edge."""
    height, width = pixels.shape[:2]
    rgb = pixels[..., :3].astype(np.float32)
    behind = cv2.resize(ground.rgb, (width, height), interpolation=cv2.INTER_CUBIC)
    scale = max(1.0, max(height, width) / _WORK_SIDE)
    coarse = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    coarse = (cv2.GaussianBlur(coarse, (0, 0), 0.6 * scale) > 0.5).astype(np.float32)
    alpha = _guided(rgb / 255, coarse, radius=max(2, round(2.5 * scale)), eps=1e-4)
    # Sharpened and pulled in a little: a halo of the old ground is worse than a lost half px.
    alpha = np.clip((alpha - 0.18) / 0.70, 0, 1)
    band = max(1, round(3 * scale))
    alpha = np.where(cv2.erode(coarse, _disc(band)) > 0.5, 1.0, alpha)
    alpha = np.where(cv2.dilate(coarse, _disc(band)) < 0.5, 0.0, alpha).astype(np.float32)
    a = np.maximum(alpha, 0.12)[..., None]
    free = np.where(alpha[..., None] < 1, (rgb - (1 - a) * behind) / a, rgb)
    out = np.empty_like(pixels)
    out[..., :3] = np.clip(np.rint(free), 0, 255).astype(np.uint8)
    out[..., 3] = np.rint(alpha * 255).astype(np.uint8)
    return out


def _guided(guide: Floats, mask: Floats, *, radius: int, eps: float) -> Floats:
    """Guided filter (He, Sun, Tang 2010) with a grey guide."""
    grey = cv2.cvtColor(guide, cv2.COLOR_RGB2GRAY)
    window = (2 * radius + 1, 2 * radius + 1)
    mean_i, mean_p = cv2.blur(grey, window), cv2.blur(mask, window)
    covariance = cv2.blur(grey * mask, window) - mean_i * mean_p
    variance = cv2.blur(grey * grey, window) - mean_i * mean_i
    a = covariance / (variance + eps)
    b = mean_p - a * mean_i
    result: Floats = cv2.blur(a, window) * grey + cv2.blur(b, window)
    return np.clip(result, 0, 1)


def premultiplied(pixels: Pixels) -> Pixels:
    """Colours times alpha (for scaling)."""
    alpha = pixels[..., 3]
    return cv2.multiply(pixels, cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)]), scale=1 / 255)


def unmultiplied(pixels: Pixels) -> Pixels:
    """The opposite of `premultiplied`."""
    alpha = np.maximum(pixels[..., 3:], 1).astype(np.float32)
    out = pixels.copy()
    out[..., :3] = np.clip(np.rint(pixels[..., :3] * (255 / alpha)), 0, 255).astype(np.uint8)
    return out
