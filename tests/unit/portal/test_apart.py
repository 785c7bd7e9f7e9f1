"""Numbers of findings keep off each other at every size at which an ad is shown."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from affiche.portal.apart import STEP, apart

SIZES = ((1080, 1080), (1080, 1920), (300, 250), (728, 90), (160, 600))


def places(corners: list[tuple[float, float]], size: tuple[int, int], shown: float) -> list[tuple[float, float]]:
    """Where the numbers stand when the ad is `shown` px wide."""
    scale = shown / size[0]
    steps = apart(corners, *size)
    return [(x * scale + STEP * right, y * scale + STEP * down) for (x, y), (right, down) in zip(corners, steps, strict=True)]


@given(st.sampled_from(SIZES).flatmap(lambda size: st.tuples(
    st.just(size), st.lists(st.tuples(st.integers(0, size[0]), st.integers(0, size[1])), max_size=6))), st.floats(0, 1))  # fmt: skip
def test_no_number_covers_another(ad: tuple[tuple[int, int], list[tuple[float, float]]], between: float) -> None:
    size, corners = ad
    least = min(220, size[0])
    found = places(corners, size, least + between * (size[0] - least))
    for one, two in combinations(found, 2):
        assert max(abs(one[0] - two[0]), abs(one[1] - two[1])) >= 24, "a number is 24 px wide and high"


def test_numbers_with_room_stay_at_their_corners() -> None:
    assert apart([(0, 0), (500, 0), (0, 500), (900, 900)], 1080, 1080) == [(0, 0)] * 4


def test_numbers_of_one_corner_stand_in_a_row_that_stays_on_the_ad() -> None:
    assert apart([(0, 0)] * 3, 1080, 1080)[:2] == [(0, 0), (1, 0)]
    for right, down in apart([(1060, 20)] * 3, 1080, 1080)[1:]:
        assert right == 0 < down, "there is no room at the right"
