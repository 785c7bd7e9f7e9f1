"""A logo is found on any ground, light or dark, and not where it is not; even grounds give no false match."""

from __future__ import annotations

import numpy as np
import pytest

from affiche.adapters.recognise.logo import find_logo
from affiche.errors import AssetError
from affiche.values.geometry import Rect


def mark(*, light: bool = False) -> np.ndarray:
    """Rings, bars and a slash: a mark with edges in many directions, 400x120, on transparent."""
    y, x = np.mgrid[:120, :400]
    rings = sum((np.abs(np.hypot(x - cx, y - 60) - 40) < 9) for cx in (60, 170))
    bars = ((x // 22) % 2 == 0) & (x > 250) & (np.abs(y - 60) < 45)
    slash = np.abs((x - 300) - (y - 60)) < 8
    logo = np.full((120, 400, 4), 250 if light else 20, np.uint8)
    logo[..., 3] = np.where((rings > 0) | bars | slash, 255, 0)
    return logo


def ground(kind: str) -> np.ndarray:
    """600x600 of even colour, of a slope of light, or of noise with structure."""
    picture = np.full((600, 600, 4), 255, np.uint8)
    if kind == "slope":
        picture[..., :3] = np.linspace(70, 150, 600).astype(np.uint8)[:, None, None]
    elif kind == "busy":
        random = np.random.default_rng(5)
        patches = random.integers(60, 150, (30, 30, 3)).astype(np.uint8)
        picture[..., :3] = np.kron(patches, np.ones((20, 20, 1), np.uint8))
    else:
        picture[..., :3] = (247, 200, 110)
        picture[300:560, 250:350, :3] = (15, 92, 78)  # something else to see
    return picture


def placed(picture: np.ndarray, logo: np.ndarray, at: tuple[int, int], step: int) -> tuple[np.ndarray, Rect]:
    small = logo[::step, ::step]
    x, y = at
    part = picture[y : y + small.shape[0], x : x + small.shape[1]]
    part[:] = np.where(small[..., 3:] > 0, small, part)
    return picture, Rect(x, y, small.shape[1], small.shape[0])


@pytest.mark.parametrize("kind", ["even", "slope", "busy"])
@pytest.mark.parametrize("step", [2, 4])
def test_found_where_it_is_in_another_colour(kind: str, step: int) -> None:
    picture, rect = placed(ground(kind), mark(light=kind != "even"), (90, 60), step)
    found = find_logo(picture, mark())
    assert found.score >= 0.6
    assert found.rect.intersection(rect).area > 0.7 * rect.area


@pytest.mark.parametrize("kind", ["even", "slope", "busy"])
def test_not_found_where_it_is_not(kind: str) -> None:
    assert find_logo(ground(kind), mark()).score < 0.45


def test_a_logo_on_its_own_even_ground_is_trimmed_first() -> None:
    opaque = np.full((300, 600, 4), 255, np.uint8)
    opaque, _ = placed(opaque, mark(), (100, 90), 1)
    picture, _ = placed(ground("even"), mark(), (90, 60), 2)
    assert find_logo(picture, opaque).score >= 0.6


def test_a_logo_that_shows_nothing_is_refused() -> None:
    with pytest.raises(AssetError, match="shows nothing"):
        find_logo(ground("even"), np.zeros((50, 50, 4), np.uint8))
