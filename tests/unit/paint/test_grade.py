"""The grade is gentle: bounded in OKLab, true to skin and product hues, exact at black and white."""

import math

import numpy as np
import pytest

from affiche.adapters.paint.grade import graded
from affiche.brand.read import read_brand
from affiche.compose.layout.grade import grade_of
from affiche.values.color import Color
from affiche.values.frame import Grade

WARM, COOL = Grade(warmth=1.0, contrast=1.0), Grade(warmth=-1.0, contrast=-1.0)
SKIN = ("#F1C9A5", "#E0AC86", "#C68A62", "#8D5A3C", "#5C3A28", "#F6D9C6")
PRODUCTS = ("#0F5C4E", "#D92D3A", "#E8622C", "#1F4FA3", "#F2B705", "#7A3FC4", "#2FA36B")


def after(color: str, grade: Grade) -> Color:
    part = np.zeros((2, 2, 4), np.uint8)
    one = Color.parse(color)
    part[:] = (one.r, one.g, one.b, 255)
    return Color(*(int(v) for v in graded(part, grade)[0, 0, :3]))


def hue(color: Color) -> float:
    _, a, b = color.oklab
    return math.degrees(math.atan2(b, a))


def picture() -> np.ndarray:
    """All colours, coarsely."""
    steps = np.arange(0, 256, 15, np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 18, 3)
    return np.ascontiguousarray(np.dstack([grid, np.full(grid.shape[:2], 255, np.uint8)]))


@pytest.mark.parametrize("grade", [WARM, COOL])
def test_the_mean_shift_is_a_few_percent_at_most(grade):
    before, seen = picture(), graded(picture(), grade)
    shifts = [math.dist(Color(*map(int, one[:3])).oklab, Color(*map(int, two[:3])).oklab)
              for one, two in zip(before.reshape(-1, 4), seen.reshape(-1, 4), strict=True)]  # fmt: skip
    assert 0.003 < np.mean(shifts) < 0.015
    assert max(shifts) < 0.035


@pytest.mark.parametrize("color", SKIN)
@pytest.mark.parametrize("grade", [WARM, COOL])
def test_skin_keeps_its_hue(color, grade):
    assert abs(hue(after(color, grade)) - hue(Color.parse(color))) < 2.5


@pytest.mark.parametrize("color", PRODUCTS)
@pytest.mark.parametrize("grade", [WARM, COOL])
def test_products_keep_their_hue(color, grade):
    turned = (hue(after(color, grade)) - hue(Color.parse(color)) + 180) % 360 - 180
    assert abs(turned) < 2.5


def test_neutrals_turn_warm_or_cool():
    assert after("#808080", WARM).oklab[2] > 0.008
    assert after("#808080", COOL).oklab[2] < -0.008


@pytest.mark.parametrize("color", ["#000000", "#FFFFFF"])
def test_black_and_white_stay(color):
    assert after(color, WARM).hex == after(color, COOL).hex == color


def test_no_grade_is_no_change():
    seen = graded(picture(), Grade(warmth=0.0, contrast=0.0))
    assert np.abs(seen.astype(int) - picture()).max() <= 1


def test_alpha_is_kept():
    part = picture()
    part[0, 0, 3] = 7
    assert graded(part, WARM)[0, 0, 3] == 7


def brand(colors: str, grade: str = "soft"):
    read, problems = read_brand(f'brand: "1"\nname: N\ngrade: {grade}\ncolors: {colors}\n'.encode(), file="brand.yaml")
    assert read is not None, problems
    return read


def test_the_palette_sets_the_temperature():
    warm = grade_of(brand('{primary: "#B5562B", secondary: "#E2B07A", surface: "#FBEFE0"}'))
    cool = grade_of(brand('{primary: "#1F4FA3", secondary: "#7FA6D9", surface: "#EAF1FA"}'))
    assert warm.warmth > 0.3 and cool.warmth < -0.3


def test_brands_do_not_grade_unless_asked():
    assert grade_of(brand('{primary: "#B5562B"}', grade="none")) is None
