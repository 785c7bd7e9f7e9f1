"""Mend: a provider's outline and its larger picture are taken only when the picture is still the client's."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from affiche.imagine.growth import growth
from affiche.imagine.mend import cut_fit, enlarged, freed, grown_fit
from affiche.values.geometry import Size


def packshot() -> np.ndarray:
    """A can with a label on a blue ground, 240 x 320, opaque."""
    rng = np.random.default_rng(5)
    pixels = np.full((320, 240, 4), (40, 70, 160, 255), np.uint8)
    pixels[40:290, 80:160, :3] = (200, 60, 40)
    pixels[120:200, 90:150, :3] = np.kron(rng.integers(0, 240, (8, 6, 1)), np.ones((10, 10, 1))).astype(np.uint8)
    return pixels


def outline(pixels: np.ndarray) -> np.ndarray:
    answer = pixels.copy()
    answer[..., 3] = 0
    answer[40:290, 80:160, 3] = 255
    return answer


def test_only_the_alpha_of_the_answer_is_taken() -> None:
    photo, answer = packshot(), outline(packshot())
    answer[..., :3] += 3
    made = freed(photo, answer)
    assert np.array_equal(made[..., :3], photo[..., :3]) and np.array_equal(made[..., 3], answer[..., 3])
    assert cut_fit(photo, answer).reasons == ()


def test_an_outline_that_comes_smaller_is_brought_to_the_size_of_the_picture() -> None:
    photo = packshot()
    small = cv2.resize(outline(photo), (120, 160), interpolation=cv2.INTER_AREA)
    assert cut_fit(photo, small).reasons == () and freed(photo, small).shape == photo.shape


def _everything(answer: np.ndarray) -> None:
    answer[..., 3] = 255


def _nothing(answer: np.ndarray) -> None:
    answer[..., 3] = 0


def _veil(answer: np.ndarray) -> None:
    answer[..., 3] = answer[..., 3] // 2


def _label(answer: np.ndarray) -> None:
    answer[120:200, 90:150, :3] = 255 - answer[120:200, 90:150, :3] // 2


def _other(answer: np.ndarray) -> None:
    answer[..., :3] = 255 - answer[..., :3]


@pytest.mark.parametrize(
    ("harm", "said"),
    [(_everything, "no product stands free"), (_nothing, "no product"), (_veil, "veil"), (_label, "repainted"), (_other, "repainted")],
)
def test_an_answer_that_is_no_outline_of_this_product_is_refused(harm, said: str) -> None:
    answer = outline(packshot())
    harm(answer)
    assert any(said in reason for reason in cut_fit(packshot(), answer).reasons)


def test_an_enlargement_must_be_the_picture_when_it_is_made_small_again() -> None:
    photo = packshot()
    larger = cv2.resize(photo, (480, 640), interpolation=cv2.INTER_LANCZOS4)
    assert grown_fit(photo, larger).reasons == () and enlarged(photo, larger, 2).shape == (640, 480, 4)
    redrawn = larger.copy()
    redrawn[240:400, 180:300, :3] = 128
    assert any("a part was repainted" in reason for reason in grown_fit(photo, redrawn).reasons)


@pytest.mark.parametrize(("photo", "shown", "times"), [(600, 1080, 1), (400, 1080, 2), (200, 1080, 4), (100, 1080, 2), (1900, 7000, 2)])
def test_it_is_enlarged_only_as_far_as_needed_and_possible(photo: int, shown: int, times: int) -> None:
    assert growth(Size(width=photo, height=photo), Size(width=shown, height=shown), 2.0) == times
