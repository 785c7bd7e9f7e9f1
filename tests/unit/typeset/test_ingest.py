"""Ingest: fonts of every flavour become faces, rights are respected, and files that lie are refused, never a crash."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.compose.typeset import FitSpec, TextStyle, fit, fonts, itemize, measure
from affiche.compose.typeset.ingest import MAX_BYTES, ingest
from affiche.compose.typeset.shape import ink_box
from affiche.errors import AssetError
from tests.unit.typeset.fontfiles import altered, bomb, shipped, squares


@cache
def woff2() -> bytes:
    return altered(shipped("Oswald 600"), flavor="woff2")


def installed(data: bytes, name: str = "Acme", **options) -> str:
    return fonts.add_brand_family(name, {face.weight: face.data for face in ingest(data, **options)})


@pytest.mark.parametrize("flavor", [None, "woff", "woff2"])
def test_every_flavour_gives_the_same_face(flavor):
    (face,) = ingest(altered(shipped(), flavor=flavor))
    (plain,) = ingest(shipped())
    assert replace(face, data=b"") == replace(plain, data=b"")
    assert ingest(face.data) == ingest(ingest(face.data)[0].data)
    assert (face.weight, face.feel, face.embedding) == (700, "sans", "installable")
    assert {"Latn", "Cyrl", "Grek"} <= set(face.scripts)


def test_what_is_drawn_with_it_is_as_wide_as_with_the_original():
    family = installed(woff2(), weight=600)
    ours = measure("Wake up", TextStyle(family=family, weight=600), "en-US")
    theirs = measure("Wake up", TextStyle(family="Oswald", weight=600), "en-US")
    spec = FitSpec(min_px=40, max_px=40, max_lines=1)
    assert fit(ours, 900, 90, spec).width == fit(theirs, 900, 90, spec).width
    assert ours.fonts[0] == f"{family} 600"


def test_the_weight_is_what_the_brand_calls_it_else_what_the_file_says():
    assert [face.weight for face in ingest(woff2(), weight=650)] == [650]
    assert [face.weight for face in ingest(woff2())] == [600]


def test_a_variable_font_is_pinned_to_the_weights_that_are_wanted():
    faces = ingest(squares(variable=True), wanted=(400, 900))
    assert [face.weight for face in faces] == [400, 900]
    family = fonts.add_brand_family("Bars", {face.weight: face.data for face in faces})
    widths = []
    for weight in (400, 900):
        left, _, right, _ = ink_box("H", (f"{family} {weight}",), 100, 0.0, "en-US", "ltr")
        widths.append(right - left)
    assert widths == [pytest.approx(10, abs=1.1), pytest.approx(50, abs=1.1)]


def test_a_weight_beyond_the_axis_is_held_at_its_end():
    assert [face.weight for face in ingest(squares(variable=True), wanted=(50, 1000))] == [100, 900]


@pytest.mark.parametrize(("rights", "embedding"), [(0, "installable"), (4, "preview"), (8, "editable"), (6, "preview"), (0x100, "installable")])
def test_permissions_are_read(rights, embedding):
    assert ingest(altered(shipped(), rights=rights))[0].embedding == embedding


@pytest.mark.parametrize(("rights", "word"), [(2, "restricts"), (0x200, "bitmaps only")])
def test_a_font_that_must_not_be_embedded_is_refused(rights, word):
    with pytest.raises(AssetError, match=word) as caught:
        ingest(altered(shipped(), rights=rights))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no font"),
        (b"<html>404</html>", "no font"),
        (b"ttcf" + bytes(100), "collection"),
        (b"\0\1\0\0" + b"\xff" * 200, "cut off"),
        (shipped()[:9000], "cut off"),
        (woff2()[:9000], "cut off"),
        (b"OTTO" + bytes(MAX_BYTES), "at most"),
    ],
    ids=["empty", "html", "collection", "junk", "cut", "cut-woff2", "huge"],
)
def test_what_is_no_font_is_refused_in_words(data, word):
    with pytest.raises(AssetError, match=word):
        ingest(data)


def test_a_small_file_that_unpacks_to_very_much_is_refused():
    with pytest.raises(AssetError, match="unpacks to more than"):
        ingest(bomb())


def test_a_glyph_that_holds_itself_is_refused():
    with pytest.raises(AssetError, match=r"holds itself|damaged"):
        ingest(squares(holds_itself=True))


def test_a_font_without_letters_is_refused():
    with pytest.raises(AssetError, match="alphabet"):
        ingest(altered(squares(), without="ABCXYZ"))


@settings(max_examples=120)
@given(st.data())
def test_damaged_fonts_are_refused_or_drawn_with(data):
    whole = squares(variable=True)
    spots = data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=12))
    cut = data.draw(st.integers(len(whole) // 2, len(whole)))
    broken = bytearray(whole)
    for at, value in spots:
        broken[at] = value
    try:
        faces = ingest(bytes(broken[:cut]), wanted=(400,))
    except AssetError as refused:
        assert str(refused)
        return
    assert all(face.scripts for face in faces)


def test_a_letter_that_the_brand_lacks_is_borrowed_at_the_nearest_weight_and_told():
    family = installed(altered(shipped("Oswald 600"), without="č€"), weight=700)
    measured = measure("Dnes večer za 3 €", TextStyle(family=family, weight=700), "cs-CZ")
    assert measured.fonts[0] == f"{family} 700"
    assert measured.missing == ()
    assert itemize.borrowed(measured.text, measured.fonts) == (("č", "Manrope 700"), ("€", "Manrope 700"))


def test_another_script_and_emoji_are_not_called_borrowed():
    family = installed(shipped("Oswald 600"), weight=700)
    measured = measure("新 Wake up 😀", TextStyle(family=family, weight=700), "ja-JP")
    assert itemize.borrowed(measured.text, measured.fonts) == ()


@pytest.mark.parametrize("weight", [400, 700])
def test_shipped_faces_that_continue_a_brand_are_of_its_weight(weight):
    family = installed(shipped("Manrope 500"), name="Light", weight=weight)
    for tag, text in (("th-TH", "สวัสดี"), ("ja-JP", "午後"), ("he-IL", "קיץ")):
        first = measure(text, TextStyle(family=family, weight=weight), tag).fonts[0]
        assert first.endswith(str(weight)), first
