"""What a picture looks like in numbers: main colours, tones, blankness. Small proxies, deterministic."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from affiche.errors import AssetError
from affiche.ports import TONE_GRID, Pixels

Floats = npt.NDArray[np.float32]

_PROXY = 72
_COLORS = 6
_ROUNDS = 12
#: Clusters nearer than this (Lab) are one colour to a reader of a palette.
_SAME = 9.0


def refuse_blank(pixels: Pixels) -> None:
    """AssetError for a picture that shows nothing: one flat colour (a placeholder, a failed export)."""
    visible = _visible(proxy(pixels))
    spread = float((visible.max(axis=0) - visible.min(axis=0)).max()) if len(visible) else 0.0
    whole = bool((pixels[..., 3] > 250).all())
    if (whole and spread < 6) or not len(visible):
        color = f"#{visible[0][0]:02X}{visible[0][1]:02X}{visible[0][2]:02X}" if len(visible) else "nothing"
        raise AssetError(f"The picture is blank: it shows only {color}.", hint="Give the real picture, or leave it out.")


def luminance(pixels: Pixels) -> float:
    """Mean relative luminance 0..1 of the visible px."""
    visible = _visible(proxy(pixels)).astype(np.float64) / 255
    linear = np.where(visible <= 0.04045, visible / 12.92, ((visible + 0.055) / 1.055) ** 2.4)
    return round(float((linear @ (0.2126, 0.7152, 0.0722)).mean()), 4) if len(visible) else 0.0


def palette(pixels: Pixels) -> tuple[str, ...]:
    """Up to six main colours (`#RRGGBB`), heaviest first; visible px only."""
    rgb = _visible(proxy(pixels))
    if len(rgb) < 2:
        return ()
    lab = cv2.cvtColor(rgb[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    labels = _clustered(lab, min(_COLORS, len(lab)))
    members = [labels == k for k in np.unique(labels)]
    found = [(int(m.sum()), np.median(rgb[m], axis=0), lab[m].mean(axis=0)) for m in members]
    found.sort(key=lambda cluster: -cluster[0])
    kept: list[tuple[npt.NDArray[np.float64], Floats]] = []
    for weight, color, mean in found:
        if weight >= 0.01 * len(rgb) and all(np.linalg.norm(mean - other) > _SAME for _, other in kept):
            kept.append((color, mean))
    return tuple(f"#{int(c[0]):02X}{int(c[1]):02X}{int(c[2]):02X}" for c, _ in kept)


def _clustered(lab: Floats, count: int) -> npt.NDArray[np.int64]:
    """k-means; the first centres are the px farthest from each other, so that no randomness is needed."""
    centres = [lab.mean(axis=0)]
    away = np.linalg.norm(lab - centres[0], axis=1)
    for _ in range(count - 1):
        centres.append(lab[int(np.argmax(away))])
        away = np.minimum(away, np.linalg.norm(lab - centres[-1], axis=1))
    means = np.stack(centres)
    for _ in range(_ROUNDS):
        # The nearest one: what is left of the squared distance without that of the px, which is the same for all.
        labels = np.argmin((means**2).sum(axis=1) - 2 * (lab @ means.T), axis=1)
        means = np.stack([lab[labels == k].mean(axis=0) if (labels == k).any() else means[k] for k in range(count)])
    return np.asarray(labels, np.int64)


def tones(pixels: Pixels) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """5th and 95th percentile of luma 0..255 per cell of a TONE_GRID x TONE_GRID raster, row by row.

    Cells without visible px count as mid grey, because what stands there is not the picture.
    """
    side = TONE_GRID * 16
    rgba = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
    luma = cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY)
    cells = luma.reshape(TONE_GRID, 16, TONE_GRID, 16).swapaxes(1, 2).reshape(TONE_GRID * TONE_GRID, 256)
    seen = rgba[..., 3].reshape(TONE_GRID, 16, TONE_GRID, 16).swapaxes(1, 2).reshape(cells.shape) > 128
    darks, lights = [], []
    for cell, mask in zip(cells, seen, strict=True):
        values = np.sort(cell[mask]) if mask.any() else np.array([128])
        darks.append(int(values[int(0.05 * (len(values) - 1))]))
        lights.append(int(values[round(0.95 * (len(values) - 1))]))
    return tuple(darks), tuple(lights)


def proxy(pixels: Pixels) -> Pixels:
    """A small copy: all that is asked of colours needs no more. Of a proxy it is the proxy itself."""
    height, width = pixels.shape[:2]
    factor = min(1.0, _PROXY / max(height, width))
    if factor == 1.0:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _visible(proxy: Pixels) -> Pixels:
    """The colours of visible px, shape (n, 3)."""
    flat = proxy.reshape(-1, 4)
    return np.ascontiguousarray(flat[flat[:, 3] > 127][:, :3])
