"""The soft edge of a cut-out: which share of a px is product, and what colour the product has there.

Where product and ground differ, a px of the edge lies on the line between their colours, and its place on the line is its
alpha; where they look alike a guided filter (He, Sun, Tang 2010) guesses from the picture's own edges.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from affiche.ports import Pixels

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]


def feathered(pixels: Pixels, mask: Mask, behind: Floats) -> Pixels:
    """RGBA at full size: the edge of the hard working `mask` follows the picture, the ground's colour is taken out of it.

    `behind` is the modelled ground, RGB 0..255, at the size of the mask.
    """
    height, width = pixels.shape[:2]
    rgb = pixels[..., :3].astype(np.float32)
    behind = cv2.resize(behind, (width, height), interpolation=cv2.INTER_CUBIC)
    scale = max(1.0, max(height, width) / max(mask.shape))
    coarse = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    coarse = (cv2.GaussianBlur(coarse, (0, 0), 0.6 * scale) > 0.5).astype(np.float32)
    band = max(2, round(3 * scale))
    inner = cv2.erode(coarse, disc(band))
    front = _spread(rgb, inner, 1.6 * band)
    alpha = _mixture(rgb, front, behind, _guided(rgb * np.float32(1 / 255), coarse, radius=band, eps=1e-4))
    # Pulled in a little: a halo of the old ground is worse than a lost half px.
    alpha = np.clip((alpha - 0.10) / 0.86, 0, 1)
    alpha = np.where(inner > 0.5, 1.0, np.where(cv2.dilate(coarse, disc(max(1, band // 2))) < 0.5, 0.0, alpha)).astype(np.float32)
    a = alpha[..., None]
    free = (rgb - (1 - a) * behind) / np.maximum(a, 0.25)
    # The fainter the px, the less its own colour can be trusted.
    free = np.where(a < 1, free * a + front * (1 - a), rgb)
    out = np.empty_like(pixels)
    out[..., :3] = np.clip(np.rint(free), 0, 255).astype(np.uint8)
    out[..., 3] = np.rint(alpha * 255).astype(np.uint8)
    return out


def _spread(rgb: Floats, inner: Floats, sigma: float) -> Floats:
    """The product's colour carried outwards over its edge."""
    weight = cv2.GaussianBlur(inner, (0, 0), sigma)[..., None]
    carried: Floats = cv2.GaussianBlur(rgb * inner[..., None], (0, 0), sigma) / np.maximum(weight, 1e-4)
    return np.where(weight > 1e-3, carried, rgb)


def _mixture(rgb: Floats, front: Floats, behind: Floats, guess: Floats) -> Floats:
    """How much of `front` is in a px that lies between `front` and `behind`; `guess` where the two look alike."""
    span = front - behind
    length = (span * span).sum(axis=-1)
    share = ((rgb - behind) * span).sum(axis=-1) / np.maximum(length, 1.0)
    trust = np.clip((np.sqrt(length) - 20) / 30, 0, 1)
    mixed: Floats = (np.clip(share, 0, 1) * trust + guess * (1 - trust)).astype(np.float32)
    return mixed


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
    result: Pixels = cv2.multiply(pixels, cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)]), scale=1 / 255)
    return result


def unmultiplied(pixels: Pixels) -> Pixels:
    """The opposite of `premultiplied`."""
    alpha = np.maximum(pixels[..., 3:], 1).astype(np.float32)
    out = pixels.copy()
    out[..., :3] = np.clip(np.rint(pixels[..., :3] * (255 / alpha)), 0, 255).astype(np.uint8)
    return out


def disc(radius: int) -> Mask:
    """A round structuring element."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
