"""Frees a product from a plain light ground: classical matte, no model.

Theory of operation. (1) The ground is modelled from the picture's border as a smooth surface (a studio sweep is darker at
one side). (2) What differs from it is the product; what only is a little darker and equally neutral is its shadow, and
belongs to the ground. (3) GrabCut settles the doubtful band between the two. (4) A guided filter turns the hard mask into
an edge that follows the picture, and the ground's colour is taken out of the edge px. (5) The result is judged: a matte
with a weak outline (white on white), with leaks, or touching the border is refused, and the picture stays a photo. A
refused cut-out costs a look; a bad one costs the ad.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from affiche.imagine.edge import disc, feathered
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
#: Share of the outline that may lie where the picture has no edge (slope in Lab per px) before the matte is refused.
_WEAK_SHARE, _VISIBLE = 0.06, 2.0
#: Outline length over that of its smoothed version: products are below 1.5, torn mattes above 2.
_RAGGED = 2.0
#: A region whose holes add this much has print on it: a label, not a window.
_PRINTED = 1.10
#: Area with an edge of its own that was given to the ground, over the area kept.
_LOST = 0.045
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
    problems = []
    for mask in _attempts(work, ground):
        problem, confidence = judged(mask, work)
        if not problem:
            return Cut(pixels=feathered(pixels, mask, ground.rgb), note="Cut out from its plain ground.", confidence=confidence)
        problems.append(problem)
    reason = problems[0] if problems else "parts of it are as light as the ground"
    return Cut(pixels=None, note=f"It looks like a packshot, but could not be cut out cleanly ({reason}).")


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


def _attempts(rgb: Pixels, ground: Ground) -> Iterator[Mask]:
    """Hard masks 0/1 at working size, most trusted first: with GrabCut, without it, and without guessing shadows."""
    away = np.linalg.norm((_lab(rgb) - ground.lab) * (1.0, 1.6, 1.6), axis=-1).astype(np.float32)
    near = max(4.0, 1.3 * ground.noise)
    strict = _from_border(away < near)
    likely = _from_border((away < near) | _shade(_lab(rgb), ground))
    labels = np.full(away.shape, cv2.GC_PR_FGD, np.uint8)
    labels[likely] = cv2.GC_PR_BGD
    labels[_shrunk(strict, 2)] = cv2.GC_BGD
    labels[_shrunk(_filled((away > _SURE) & ~likely), 3)] = cv2.GC_FGD
    everything, slope = _filled(~strict), _nearest_slope(rgb)
    for mask in (_settled(rgb, labels), ~likely, ~strict):
        cleaned = _cleaned(mask, away, ground)
        if _lost_share(cleaned, everything, slope) < _LOST:
            yield cleaned


def _lost_share(mask: Mask, everything: npt.NDArray[np.bool_], slope: Floats) -> float:
    """What was given to the ground although it differs from it, over what was kept; shadows do not count.

    A shadow melts into the ground; a pale part of the product (the white body of a jar) ends at an edge.
    """
    solid = _filled(mask > 0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((everything & ~_grown(solid, 3)).astype(np.uint8), connectivity=4)
    lost = 0
    for number in range(1, count):
        part = labels == number
        rim = part & _grown(~everything, 2)
        if stats[number, cv2.CC_STAT_AREA] > 0.001 * mask.size and rim.any() and (slope[rim] >= _VISIBLE).mean() > 0.25:
            lost += int(stats[number, cv2.CC_STAT_AREA])
    return lost / max(1.0, float(solid.sum()))


def _shade(lab: Floats, ground: Ground) -> npt.NDArray[np.bool_]:
    """Px that are the ground, only darker, and smooth: soft shadows and reflections of the sweep."""
    darker = ground.lab[..., 0] - lab[..., 0]
    neutral = np.linalg.norm(lab[..., 1:] - ground.lab[..., 1:], axis=-1) < 4.5
    blurred = cv2.GaussianBlur(lab[..., 0], (0, 0), 1.0)
    slope = np.hypot(cv2.Sobel(blurred, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(blurred, cv2.CV_32F, 0, 1, scale=0.125))
    result: npt.NDArray[np.bool_] = neutral & (darker > -3) & (darker < 0.45 * ground.lab[..., 0]) & (slope < 1.1)
    return result


def _settled(rgb: Pixels, labels: Mask) -> npt.NDArray[np.bool_]:
    """GrabCut over the doubtful px; the labels themselves when one side has no sure px."""
    if (labels == cv2.GC_BGD).any() and (labels == cv2.GC_FGD).any():
        cv2.setRNGSeed(7)
        models = np.zeros((1, 65)), np.zeros((1, 65))
        bgr = np.ascontiguousarray(rgb[..., ::-1])
        labels, *_ = cv2.grabCut(bgr, labels.copy(), None, *models, 3, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def _from_border(candidates: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The candidates that are connected to the border of the picture."""
    count, labels = cv2.connectedComponents(candidates.astype(np.uint8), connectivity=4)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    keep = np.zeros(count, bool)
    keep[touching] = True
    keep[0] = False
    return np.asarray(keep[labels])


def _filled(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return ~_from_border(~mask)


def _grown(mask: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc(by)), bool)


def _shrunk(mask: npt.NDArray[np.bool_], by: int) -> npt.NDArray[np.bool_]:
    return np.asarray(cv2.erode(mask.astype(np.uint8), disc(by)), bool)


def _cleaned(mask: npt.NDArray[np.bool_], away: Floats, ground: Ground) -> Mask:
    """Without specks and hairs; holes are closed (a white label inside is product), except windows onto the ground."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc(1))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    if count <= 1:
        return np.asarray(opened, np.uint8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = _filled(np.isin(labels, np.flatnonzero(areas >= 0.03 * areas.max())))
    return (kept & ~_windows(kept, away, ground)).astype(np.uint8)


def _windows(kept: npt.NDArray[np.bool_], away: Floats, ground: Ground) -> npt.NDArray[np.bool_]:
    """Enclosed regions through which the ground shows (between a strap and a bag): exactly its colour, large, without
    any print inside. A blank white label would look the same; with lettering or shading it does not."""
    flat = (kept & (away < max(1.5, 0.9 * ground.noise))).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(flat, cv2.MORPH_OPEN, disc(1)), connectivity=4)
    found = np.zeros(kept.shape, bool)
    for number in range(1, count):
        region = labels == number
        if stats[number, cv2.CC_STAT_AREA] < 0.002 * kept.size:
            continue
        if _filled(region).sum() < _PRINTED * region.sum() and not (_grown(region, 2) & ~kept).any():
            found |= region
    # Out to the edge of what surrounds the window: seeds are stricter than what they grow into.
    _, around = cv2.connectedComponents((kept & (away < max(9.0, 3 * ground.noise))).astype(np.uint8), connectivity=4)
    grown: npt.NDArray[np.bool_] = np.isin(around, np.setdiff1d(np.unique(around[found]), [0])) & kept
    return grown


def judged(mask: Mask, rgb: Pixels) -> tuple[str, float]:
    """What is wrong with a matte (`""` when it can be used) and a confidence 0..1."""
    area = float(mask.mean())
    if not _SMALLEST < area < _LARGEST:
        return "no product was found" if area <= _SMALLEST else "the product fills the picture", 0.0
    edge = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if float(edge.mean()) > 0.12:
        return "it runs out of the picture", 0.1
    weak = _weak_share(mask, rgb)
    if weak > _WEAK_SHARE:
        return "its outline is as light as the ground", max(0.0, 1 - weak)
    ragged = _raggedness(mask)
    return ("its outline is ragged", 0.3) if ragged > _RAGGED else ("", round(1 - weak, 3))


def _weak_share(mask: Mask, rgb: Pixels) -> float:
    """Share of the outline where the picture itself has no edge: there the matte has leaked or guessed."""
    ring = (mask > 0) & (cv2.erode(mask, disc(1)) == 0)
    return float((_nearest_slope(rgb)[ring] < _VISIBLE).mean()) if ring.any() else 1.0


def _nearest_slope(rgb: Pixels) -> Floats:
    """The strongest slope (Lab per px) within 3 px: a mask at working size is not more exact than that."""
    lab = cv2.GaussianBlur(_lab(rgb), (0, 0), 0.8)
    across = cv2.Sobel(lab, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(lab, cv2.CV_32F, 0, 1, scale=0.125)
    slope: Floats = cv2.dilate(np.sqrt((across**2 + down**2).sum(axis=-1)), disc(3))
    return slope


def _raggedness(mask: Mask) -> float:
    """Length of the outline over that of its own smoothed version: hairy mattes are above 2."""
    def length(shape: Mask) -> float:
        outlines, _ = cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        return sum(cv2.arcLength(outline, True) for outline in outlines)

    smooth = (cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 5) > 0.5).astype(np.uint8)
    return length(mask) / max(1.0, length(smooth))
