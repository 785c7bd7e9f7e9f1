"""Quotation marks: as each language sets them, and only where straight ones stand."""

from __future__ import annotations

import pytest

from affiche.write.quotes import marks, quoted, typographic


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en-GB", "“x”"), ("de-AT", "„x“"), ("de-CH", "«x»"), ("fr-FR", "«\u202fx\u202f»"), ("fr-CH", "«x»"), ("es-ES", "«x»"), ("es-MX", "“x”"),
        ("pt-BR", "“x”"), ("pt-PT", "«x»"), ("ja-JP", "「x」"), ("zh-TW", "「x」"), ("zh-CN", "“x”"), ("sv-SE", "”x”"), ("am-ET", "“x”"),
    ],
)  # fmt: skip
def test_marks_of_locales(tag: str, expected: str) -> None:
    assert quoted("x", tag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Unser "Bester" Tag', "Unser „Bester“ Tag"), ('"a" und "b"', "„a“ und „b“"), ("Wie geht's", "Wie geht’s"), ("{x, plural, other {'{'}}", "{x, plural, other {'{'}}"),
        ('24" Rad', '24" Rad'), ("„schon“ «da»", "„schon“ «da»"), ("die 90'er", "die 90'er"), ('"{x}"', '"{x}"'),
    ],
)  # fmt: skip
def test_only_straight_marks_are_touched(text: str, expected: str) -> None:
    assert typographic(text, "de-DE") == expected


def test_every_pair_has_two_sides() -> None:
    from affiche.write.quotes import _marks

    assert all(len(pair) == 2 for pair in _marks().values()) and len(_marks()) > 45
    assert marks("he-IL") == ("”", "”")
