"""Fingerprints: copies stay near, other pictures far, flat ones have none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from affiche.imagine.fingerprint import fingerprint
from affiche.values.likeness import NEAR_BITS, bits_apart, color_apart, palettes_alike, pictures_alike


def scene(seed: int, side: int = 480) -> np.ndarray:
    """Soft shapes, as photographs have them."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (6, 8, 3), np.uint8)
    rgb = cv2.resize(coarse, (side, side * 3 // 4), interpolation=cv2.INTER_CUBIC)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


@pytest.mark.parametrize("seed", range(12))
def test_copies_are_near(seed: int) -> None:
    picture = scene(seed)
    small = cv2.resize(picture, (120, 90), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGBA2BGR), [cv2.IMWRITE_JPEG_QUALITY, 35])
    again = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGBA)
    brighter = np.dstack([np.clip(picture[..., :3].astype(int) + 15, 0, 255).astype(np.uint8), picture[..., 3]])
    for copy in (small, again, brighter):
        assert bits_apart(fingerprint(picture), fingerprint(copy)) <= NEAR_BITS


def test_different_pictures_are_far_from_each_other() -> None:
    prints = [fingerprint(scene(seed)) for seed in range(20)]
    apart = [bits_apart(a, b) for n, a in enumerate(prints) for b in prints[:n]]
    assert min(apart) > NEAR_BITS


def test_flat_pictures_have_none_and_are_near_nothing() -> None:
    flat = np.full((50, 50, 4), 200, np.uint8)
    assert fingerprint(flat) == ""
    assert bits_apart("", "") == 64


def test_what_is_transparent_does_not_count() -> None:
    one, other = scene(1), scene(1)
    one[:180, :, 3] = other[:180, :, 3] = 0
    other[:180, :, :3] = 7
    assert fingerprint(one) == fingerprint(other)


def test_colours_are_compared_as_eyes_do() -> None:
    assert color_apart(["#C81E1E"], "#CC2222") < 0.03
    assert color_apart(["#C81E1E"], "#1E3CC8") > 0.2
    assert color_apart([], "#000000") == 1.0
    assert palettes_alike(["#FF0000", "#FFFFFF"], ["#FE0101", "#FDFDFD"]) > 0.9
    assert palettes_alike(["#FF0000"], []) == 0.0
    assert pictures_alike(("0f" * 8, ["#FF0000"]), ("0f" * 8, ["#FF0000"])) == 1.0
