"""Pictures for tests, made by hand: packshots on grounds of every kind, logos, placeholders."""

import io

import cv2
import numpy as np
from PIL import Image

SIDE = 480


def file(pixels: np.ndarray, format: str = "PNG", **settings) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format, **settings)
    return out.getvalue()


def sweep(light: int = 238) -> np.ndarray:
    """A studio sweep: lighter in the middle, a little noise."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    values = light - 22 * (x * x + y * y)
    noise = np.random.default_rng(4).normal(0, 0.6, (SIDE, SIDE))
    return np.clip(np.repeat((values + noise)[..., None], 3, 2), 0, 255).astype(np.uint8)


def bottle_mask() -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.rectangle(mask, (185, 150), (295, 420), 255, -1)
    cv2.ellipse(mask, (240, 150), (55, 45), 0, 180, 360, 255, -1)
    cv2.rectangle(mask, (222, 60), (258, 120), 255, -1)
    return mask


def packshot(color=(20, 110, 84), ground: np.ndarray | None = None, *, shadow: bool = True, label: bool = True) -> np.ndarray:
    """A bottle on a ground, anti-aliased, with a soft shadow and a white label."""
    pixels = (sweep() if ground is None else ground).astype(np.float32)
    if shadow:
        dark = np.zeros((SIDE, SIDE), np.float32)
        cv2.ellipse(dark, (262, 424), (95, 12), 0, 0, 360, 1.0, -1)
        pixels *= 1 - 0.25 * cv2.GaussianBlur(dark, (0, 0), 9)[..., None]
    body = np.zeros((SIDE, SIDE, 3), np.float32) + np.array(color, np.float32)
    body *= (0.8 + 0.4 * np.clip((np.arange(SIDE) - 185) / 110, 0, 1))[None, :, None]
    if label:
        body[240:330, 200:280] = (246, 246, 244)
        cv2.putText(body, "AB", (208, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 30), 4)
    alpha = cv2.GaussianBlur(bottle_mask().astype(np.float32) / 255, (0, 0), 0.8)[..., None]
    return np.clip(pixels * (1 - alpha) + np.clip(body, 0, 255) * alpha, 0, 255).astype(np.uint8)


def with_alpha() -> np.ndarray:
    return np.dstack([packshot(shadow=False), bottle_mask()])


def checkerboard() -> np.ndarray:
    """Drawn-in fake transparency."""
    cells = (np.indices((SIDE, SIDE)) // 12).sum(axis=0) % 2
    return np.repeat(np.where(cells, 255, 246)[..., None], 3, 2).astype(np.uint8)


def street() -> np.ndarray:
    """A busy scene up to its edges."""
    rng = np.random.default_rng(9)
    noise = cv2.GaussianBlur(rng.integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8), (0, 0), 9)
    return cv2.normalize(noise, None, 0, 255, cv2.NORM_MINMAX)


def logo(ink=(20, 60, 140)) -> np.ndarray:
    pixels = np.full((200, 400, 3), 255, np.uint8)
    cv2.putText(pixels, "NOVA", (40, 130), cv2.FONT_HERSHEY_SIMPLEX, 3, ink, 16, cv2.LINE_AA)
    return pixels
