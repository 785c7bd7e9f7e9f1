"""Bidi: what runs leftward in a right-to-left line; `<` leftward, `>` rightward, one for each character."""

from __future__ import annotations

import pytest

from affiche.compose.typeset.bidi import leftward


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("אב, גד!", "<<<<<<<"),
        ("אב 50%", "<<<>>>"),  # a sign beside a number is part of it
        ("اب 50%", "<<<>><"),  # but not after Arabic letters
        ("אב 1,5-2", "<<<>>>>>"),
        ("اب 1,5-2", "<<<>>><>"),
        ("אב v2.0 Pro!", "<<<>>>>>>>><"),
        ("אב A 12", "<<<>>>>"),
        ("אָב", "<<<"),
        ("(אב) 12", "<<<<<>>"),
        ("", ""),
    ],
)
def test_numbers_and_foreign_words_run_rightward(text: str, sides: str) -> None:
    found = leftward(text)
    assert found is not None
    assert "".join("<" if side else ">" for side in found) == sides


@pytest.mark.parametrize("text", ["אב (XL)", "אב \u2066A\u2069", "אב\tג"])
def test_brackets_around_foreign_words_and_controls_are_left_to_the_engine(text: str) -> None:
    assert leftward(text) is None
