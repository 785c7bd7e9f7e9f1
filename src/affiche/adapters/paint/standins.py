"""Stand-ins: pixels for pictures that exist only as descriptions, so that a proof sheet can show a layout without a campaign.

A product is a grey capsule, a photograph a soft horizon, a logo a ring beside a bar: shapes that show crop, ground and
size and that nobody takes for a finished ad.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from affiche.errors import AssetError
from affiche.ports import PictureInfo, Pixels
from affiche.values.digest import Digest
from affiche.values.geometry import Size

#: Numbers of any kind, shape (height, width).
Plane = npt.NDArray[Any]


class StandIns:
    """Pixels by digest for described pictures."""

    def __init__(self, pictures: Mapping[Digest, PictureInfo]) -> None:
        self._pictures = pictures

    def load(self, picture: Digest) -> Pixels:
        """The stand-in, as large as the description says. Raises AssetError."""
        info = self._pictures.get(picture)
        if info is None:
            raise AssetError("There is no stand-in for this picture.")
        return _DRAWN[info.kind](info.size.width, info.size.height)

    def load_vector(self, picture: Digest, size: Size) -> Pixels:  # noqa: ARG002 - the signature is the port's
        """As `load`; stand-ins have no vectors."""
        return self.load(picture)


def _capsule(width: int, height: int) -> Pixels:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = min(width, height) * 0.22
    inside_x = np.abs(x - width / 2 + 0.5) - (width / 2 - radius)
    inside_y = np.abs(y - height / 2 + 0.5) - (height / 2 - radius)
    away = np.hypot(np.maximum(inside_x, 0), np.maximum(inside_y, 0)) - radius
    light = 0.86 - 0.5 * np.abs(x / width - 0.34) - 0.12 * ((y / height > 0.4) & (y / height < 0.62))
    grey = np.clip(light * 235, 0, 255)
    return _rgba(grey, grey, grey * 1.02, np.clip(0.5 - away, 0, 1) * 255)


def _horizon(width: int, height: int) -> Pixels:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = 205 - 70 * y / height
    hill = y / height > 0.62 + 0.08 * np.sin(x / width * 5.1)
    sun = np.hypot(x - width * 0.68, y - height * 0.34) < min(width, height) * 0.12
    tone = np.where(sun, 245, np.where(hill, 96, sky))
    return _rgba(tone * 0.98, tone, tone * 1.04, np.full_like(tone, 255))


def _ring_and_bar(width: int, height: int) -> Pixels:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    side = min(width, height)
    ring = np.abs(np.hypot(x - side / 2, y - side / 2) - side * 0.36) < side * 0.12
    bar = (x > side * 1.15) & (np.abs(y - height / 2) < side * 0.16) | (y > side * 1.15) & (np.abs(x - width / 2) < side * 0.16)
    alpha = np.where(ring | bar, 255, 0)
    dark = np.full_like(x, 30)
    return _rgba(dark, dark, dark, alpha)


def _rgba(red: Plane, green: Plane, blue: Plane, alpha: Plane) -> Pixels:
    return np.ascontiguousarray(np.stack([np.clip(c, 0, 255) for c in (red, green, blue, alpha)], axis=-1).astype(np.uint8))


_DRAWN = {"cutout": _capsule, "photo": _horizon, "logo": _ring_and_bar}
