"""The contrast measurement agrees with a plain computation pixel by pixel, and a planted bad spot is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.check.luminance import ground_pixels, luminances, worst_contrast
from affiche.values.color import Color, contrast
from affiche.values.geometry import Rect

channel = st.integers(0, 255)
colors = st.builds(Color, channel, channel, channel)


def plainly(text: Color, ground: np.ndarray, share: float = 0.05) -> float:
    """The definition, without tables and sampling."""
    ratios = []
    for r, g, b, _ in ground.reshape(-1, 4):
        behind = Color(int(r), int(g), int(b))
        a = text.a / 255
        front = Color(*(int(t * a + p * (1 - a) + 0.5) for t, p in ((text.r, r), (text.g, g), (text.b, b))))
        ratios.append(contrast(front if text.a < 255 else text, behind))
    return sorted(ratios)[int(share * (len(ratios) - 1))]


#: All of a ground, its dark part, its light part: type may be lighter or darker than everything behind it, or between.
bands = st.sampled_from([(0, 256), (0, 90), (170, 256)])


@given(text=colors, alpha=st.sampled_from([255, 255, 200, 128]), seed=st.integers(0, 10_000), width=st.integers(1, 40),
       height=st.integers(1, 20), band=bands)  # fmt: skip
def test_agrees_with_the_definition_on_every_pixel(
    text: Color, alpha: int, seed: int, width: int, height: int, band: tuple[int, int]
) -> None:
    ground = np.random.default_rng(seed).integers(*band, (height, width, 4), np.uint8)
    text = Color(text.r, text.g, text.b, alpha)
    # Half-transparent type is rounded to 8 bit after blending: one step of one channel may differ.
    assert worst_contrast(text, ground) == pytest.approx(plainly(text, ground), rel=1e-4 if alpha == 255 else 0.03)


@given(seed=st.integers(0, 1000))
def test_sampling_a_large_ground_changes_little(seed: int) -> None:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (6, 20, 4), np.uint8)
    ground = np.ascontiguousarray(np.kron(coarse, np.ones((30, 40, 1), np.uint8)))  # 180 x 800 of 30x40 patches
    text = Color(255, 255, 255)
    ratios = np.sort(np.concatenate([(1.05 / (luminances(ground).ravel() + 0.05))]))
    low, high = ratios[int(0.035 * ratios.size)], ratios[int(0.065 * ratios.size)]
    assert low - 0.01 <= worst_contrast(text, ground) <= high + 0.01


def test_a_light_spot_under_one_word_is_found_and_a_few_pixels_are_forgiven() -> None:
    ground = np.zeros((40, 400, 4), np.uint8)
    assert worst_contrast(Color(255, 255, 255), ground) == pytest.approx(21.0)
    ground[:, :16] = 250  # 4 %
    assert worst_contrast(Color(255, 255, 255), ground) == pytest.approx(21.0)
    ground[:, :28] = 250  # 7 %: a short word
    assert worst_contrast(Color(255, 255, 255), ground) < 1.1


def test_ground_pixels_are_clipped_to_the_canvas() -> None:
    canvas = np.zeros((10, 20, 4), np.uint8)
    assert ground_pixels(canvas, Rect(-5, 8.2, 12, 9)).shape == (2, 7, 4)
    assert ground_pixels(canvas, Rect(30, 2, 5, 5)).size == 0
