"""Approve by exception: what looks and reads alike stands together, what failed or differs comes first."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.publish.look import look
from affiche.runs.alike import Seen, clusters
from affiche.values.look import Look, distance


def ad(id: str, words: str = "ten letters", status: str = "passed", look: Look | None = None, product: str = "p") -> Seen:
    return Seen(id=id, family=("c", product, "x", "a"), status=status, look=look, words={"headline": words})


def picture(seed: int, mirrored: bool = False) -> np.ndarray:
    """A frame with a bright block on one side, and a little noise of its own."""
    pixels = np.full((120, 160, 3), (11, 61, 46), dtype=np.float32)
    pixels[20:100, 10:70] = (244, 196, 48)
    pixels += np.random.default_rng(seed).normal(0, 4, pixels.shape)
    return (pixels[:, ::-1] if mirrored else pixels).clip(0, 255)


def test_what_failed_and_what_differs_comes_first() -> None:
    found = clusters([*(ad(f"n{i}") for i in range(5)), ad("long", "a" * 60), ad("bad", status="failed")])
    assert [(c.members[0], c.why) for c in found] == [("bad", ""), ("long", "words"), ("n0", "")]


def test_short_words_of_wide_letters_are_not_odd() -> None:
    assert len(clusters([ad("a", "ten letters"), ad("b", "午後を目覚めさせ"), ad("c"), ad("d")])) == 1


def test_a_mirrored_ad_looks_different_and_noise_does_not() -> None:
    usual = [ad(f"n{i}", look=look(picture(i))) for i in range(12)]
    found = clusters([*usual, ad("mirrored", look=look(picture(99, mirrored=True)))])
    assert [(c.members[0], len(c.members), c.why) for c in found] == [("mirrored", 1, "look"), ("n0", 12, "")]
    assert found[0].distance > 0.16


def test_one_of_another_colour_looks_different() -> None:
    red = picture(7)
    red[..., :2] = red[..., 1::-1]
    found = clusters([*(ad(f"n{i}", look=look(picture(i))) for i in range(12)), ad("red", look=look(red))])
    assert found[0].members == ("red",) and found[0].why == "look"


def test_a_second_large_group_is_no_exception() -> None:
    ads = [ad(f"n{i}", look=look(picture(i))) for i in range(10)] + [ad(f"m{i}", look=look(picture(i, mirrored=True))) for i in range(8)]
    assert [c.why for c in clusters(ads)] == ["", ""]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_every_size_has_a_look_that_is_written_and_read(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4))
    seen = look(pixels)
    assert Look.read(seen.written()) == seen
    assert distance(seen, seen) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "ten letters", "x" * 50]), max_size=20), st.randoms())
def test_every_creative_is_in_exactly_one_cluster(words: list[str], random) -> None:
    ads = [ad(f"{i}", text, status=random.choice(["passed", "flagged", "failed"]), product=random.choice("pq")) for i, text in enumerate(words)]
    members = [id for cluster in clusters(ads) for id in cluster.members]
    assert sorted(members) == sorted(seen.id for seen in ads)


def test_what_is_not_a_look_is_none() -> None:
    assert Look.read("-") is None and Look.read("zz" * 35) is None and Look.read("0" * 20) is None
