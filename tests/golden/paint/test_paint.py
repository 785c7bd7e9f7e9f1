"""Small pictures of what numbers cannot say: a grounded product on a light and a dark floor, a tinted set."""

import numpy as np
import pytest

from tests.unit.paint.test_shadow import can, drawn, table
from tests.unit.paint.test_studio import HEIGHT, WIDTH, set_files, tinted


def small(pixels: np.ndarray) -> np.ndarray:
    """Half size, quantised a little: goldens stay below 20 KiB."""
    import cv2

    half = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(half)


@pytest.mark.parametrize("floor", ["#E8E0D0", "#123A63"])
@pytest.mark.parametrize("shape", ["can", "table"])
def test_contact_and_cast(golden, shape, floor):
    picture = can() if shape == "can" else table(feet=((10, 230), (140, 298), (270, 240)))
    contact = drawn("contact", picture, ground=floor)
    cast = drawn("cast", picture, ground=floor, angle_deg=50, length=0.6)
    golden.png(f"shadow-{shape}-{floor[1:].lower()}.png", small(np.hstack([contact, cast])), tolerance=3)


def test_tinted_set(golden):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    light = 1.25 - 0.9 * np.hypot((x - 90) / WIDTH, (y - 40) / HEIGHT)
    masks = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    masks[90:, :, 0] = 255
    masks[(x - 170) ** 2 + (y - 70) ** 2 < 30**2] = (0, 255, 0)
    files = set_files(light, masks)
    palettes = (("#F6C667", "#F3E9D2", "#0F5C4E"), ("#0E2A47", "#123A63", "#E8B04A"), ("#F4D9D6", "#EFE6F5", "#D98E9F"))
    sheet = np.vstack([tinted(files, *palette, width=160, height=80) for palette in palettes])
    golden.png("tint.png", np.dstack([sheet, np.full(sheet.shape[:2], 255, np.uint8)])[::2, ::2].copy(), tolerance=3)
