"""Dither: the noise goes by the place on the canvas, whatever part of it is rounded."""

import numpy as np
import pytest

from affiche.adapters.paint import dither


@pytest.mark.parametrize(("x", "y"), [(0, 0), (200, 250), (1000, 513)])
def test_a_part_is_rounded_as_the_canvas_would_be(x, y):
    values = np.random.default_rng(1).uniform(-2, 258, (300, 410, 3)).astype(np.float32)
    across, down = np.arange(x, x + 410) % 256, np.arange(y, y + 300) % 256
    expected = np.clip(values + dither.tile()[down][:, across], 0, 255).astype(np.uint8)
    assert np.array_equal(dither.rounded(values, x, y), expected)
    assert np.array_equal(dither.rounded(values[50:70], x, y + 50), expected[50:70])
