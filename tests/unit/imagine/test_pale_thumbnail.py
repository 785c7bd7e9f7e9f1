"""Thumbnails of the library: a cut-out that is too light for a white ground has a dark one."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from affiche.ingest.examine import examine


def logo(color: tuple[int, int, int], *, whole: bool = False) -> bytes:
    """A disc on nothing, or on itself."""
    y, x = np.mgrid[:120, :240]
    pixels = np.zeros((120, 240, 4), np.uint8)
    pixels[..., :3] = color
    pixels[..., 3] = 255 if whole else 255 * ((x - 120) ** 2 + (y - 60) ** 2 < 40**2)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def thumbnail(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(examine(data, "logo.png").thumbnail)).convert("L")).astype(int)


@pytest.mark.parametrize("color", [(255, 255, 255), (250, 243, 224), (12, 23, 48), (242, 123, 80)])
def test_a_logo_is_seen_whatever_its_colour(color: tuple[int, int, int]) -> None:
    shown = thumbnail(logo(color))
    assert abs(shown[60, 120] - shown[4, 4]) > 60


def test_a_light_picture_without_holes_stays_as_it_is() -> None:
    assert thumbnail(logo((250, 250, 250), whole=True)).min() > 240
