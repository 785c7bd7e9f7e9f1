"""Runs: emoji, CJK punctuation and neutral characters go to the right faces, and runs are the text again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.compose.typeset import TextStyle, itemize, measure


def emoji_of(text, tag="en-US"):
    measured = measure(text, TextStyle(family="Manrope", weight=700), tag)
    return [r.text for r in itemize.runs(measured.text, measured.fonts, "Latn") if r.emoji]


@pytest.mark.parametrize(
    "sequence",
    ["👨‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇯🇵", "❤️‍🔥", "1️⃣", "☀️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "😀"],
    ids=["zwj", "skin", "rainbow", "flag", "fire", "keycap", "vs16", "tags", "plain"],
)
def test_an_emoji_sequence_stays_whole(sequence):
    assert emoji_of(f"a {sequence} b") == [sequence]


@pytest.mark.parametrize("text", ["AquaPure™ ® ©", "1 2 3 # *", "☀ and ☀︎", "½ m² №5"])
def test_text_symbols_are_not_emoji(text):
    assert emoji_of(text) == []


def test_wide_punctuation_beside_ideographs_comes_from_the_cjk_face():
    measured = measure("“纯净水”AquaPure", TextStyle(family="Manrope", weight=700), "zh-CN")
    first, last = itemize.runs(measured.text, measured.fonts, "Hans")
    assert (first.text, first.fonts[0]) == ("“纯净水”", "Noto Sans CJK 700")
    assert (last.text, last.fonts[0]) == ("AquaPure", "Manrope 700")


def test_brackets_around_latin_in_arabic_are_a_pair_of_one_face():
    measured = measure("ماء (AquaPure جديد) الآن", TextStyle(family="Manrope", weight=700), "ar-SA")
    owners = {c: r.fonts[0] for r in itemize.runs(measured.text, measured.fonts, "Arab") for c in r.text if c in "()"}
    assert owners["("] == owners[")"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=40), st.sampled_from(["en-US", "ar-SA", "ja-JP", "th-TH"]))
def test_runs_joined_are_the_text(text, tag):
    measured = measure(text, TextStyle(family="Manrope"), tag)
    script = {"en-US": "Latn", "ar-SA": "Arab", "ja-JP": "Jpan", "th-TH": "Thai"}[tag]
    assert "".join(r.text for r in itemize.runs(measured.text, measured.fonts, script)) == measured.text


def test_a_number_and_its_sign_are_of_one_face():
    measured = measure("خصم 50% على الكل", TextStyle(family="Fraunces", weight=600), "ar-SA")
    assert [r.fonts[0] for r in itemize.runs(measured.text, measured.fonts, "Arab") if "50%" in r.text] == ["Fraunces 600"]


@pytest.mark.parametrize(("family", "face"), [("Manrope", "Manrope 700"), ("Fraunces", "Noto Sans CJK 700")])
def test_digits_in_cjk_are_latin_only_where_the_faces_agree(family, face):
    measured = measure("全品50%オフ", TextStyle(family=family, weight=700), "ja-JP")
    assert [r.fonts[0] for r in itemize.runs(measured.text, measured.fonts, "Jpan") if "50%" in r.text] == [face]
