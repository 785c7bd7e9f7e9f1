"""What is measured on a picture from a model, and what refuses it."""

import numpy as np
import pytest

from affiche.imagine.accept import measure
from affiche.imagine.stand import stood
from affiche.values.geometry import Rect

TOP = Rect(0.0, 0.0, 1.0, 0.3)


def canvas(value: int = 128) -> np.ndarray:
    return np.full((400, 400, 4), (value, value, value, 255), np.uint8)


def scene() -> np.ndarray:
    """Calm above, structured below."""
    made = canvas()
    made[180:, :, :3] = np.indices((220, 400)).sum(axis=0)[..., None] % 40 * 5
    return made


def test_a_scene_with_calm_for_words_is_usable() -> None:
    measured = measure(scene(), calm=[TOP])
    assert measured.reasons == ()
    assert 0.2 < measured.quality <= 1


@pytest.mark.parametrize(
    ("pixels", "why"),
    [(canvas(), "almost blank"), (canvas(255), "badly exposed"), (scene()[::-1], "no calm for words")],
    ids=["blank", "burnt", "restless"],
)
def test_what_cannot_be_used_says_why(pixels: np.ndarray, why: str) -> None:
    assert why in "; ".join(measure(np.ascontiguousarray(pixels), calm=[TOP]).reasons)


def test_a_blurred_scene_is_refused() -> None:
    ramp = canvas()
    ramp[..., :3] = np.linspace(20, 220, 400, dtype=np.uint8)[:, None, None]
    assert "blurred" in "; ".join(measure(ramp).reasons)


def test_harmony_knows_near_from_far_colours() -> None:
    green = canvas()
    green[..., :3] = (15, 92, 78)
    assert measure(green, colors=["#0F5C4E"]).harmony > 0.95
    assert measure(green, colors=["#FF2040"]).harmony < 0.4


def test_a_product_keeps_its_own_pixels_and_darkens_the_ground_at_its_foot() -> None:
    product = np.zeros((100, 40, 4), np.uint8)
    product[...] = (200, 30, 30, 255)
    made, box = stood(canvas(200), product)
    x, y = int(box.x + box.width / 2), int(box.y + box.height / 2)
    assert tuple(made[y, x]) == (200, 30, 30, 255)
    assert made[int(box.y + box.height) + 1, x, 0] < 190
    assert tuple(made[2, 2, :3]) == (200, 200, 200)
    assert box.width <= 40, "never enlarged"
