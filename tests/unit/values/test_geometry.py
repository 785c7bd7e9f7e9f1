"""Disjoint areas cover what was given, do not overlap, and do not depend on luck with the order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from affiche.values.geometry import Area, disjoint

boxes = st.builds(
    lambda x, y, wide, tall: (x, y, x + wide, y + tall), st.integers(0, 20), st.integers(0, 20), st.integers(0, 9), st.integers(0, 9)
)


def cells(areas: list[Area]) -> list[tuple[int, int]]:
    return [(x, y) for left, top, right, bottom in areas for x in range(left, right) for y in range(top, bottom)]


@given(st.lists(boxes, max_size=7))
def test_everything_is_covered_once(areas: list[Area]) -> None:
    covered = cells(disjoint(areas))
    assert len(covered) == len(set(covered))
    assert set(covered) >= set(cells(areas))


def test_what_does_not_overlap_stays_as_it_is() -> None:
    assert disjoint([(0, 0, 5, 5), (5, 0, 9, 5), (3, 3, 3, 9)]) == [(0, 0, 5, 5), (5, 0, 9, 5)]


def test_areas_that_grow_into_each_other_are_joined() -> None:
    assert disjoint([(0, 0, 4, 4), (8, 0, 12, 4), (3, 0, 9, 4)]) == [(0, 0, 12, 4)]
