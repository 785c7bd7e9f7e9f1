"""Names become path parts that are safe everywhere and stay different."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.publish.slugs import is_safe, slug
from affiche.publish.tree import OutputName, output_paths

PART = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@pytest.mark.parametrize(
    ("name", "part"),
    [("yuzu", "yuzu"), ("Sparkling Yuzu", "sparkling-yuzu"), ("crème brûlée", "creme-brulee"), ("a_b", "a-b"), ("iab.728x90", "iab.728x90"), ("../../etc/passwd", "etc-passwd")],
)
def test_readable_names_stay_readable(name: str, part: str) -> None:
    assert slug(name) == part


@pytest.mark.parametrize("name", ["", "..", "/", "\0", "con", "NUL.txt", "柚子", "🧃", "x" * 300, "\ud800", "..\\..\\boot.ini"])
def test_hostile_names_become_ordinary_parts(name: str) -> None:
    part = slug(name)
    assert PART.fullmatch(part)
    assert len(part) <= 40
    assert part.split(".")[0] not in {"con", "nul"}


def test_names_in_other_scripts_stay_different() -> None:
    assert slug("柚子") != slug("檸檬")
    assert slug("a柚子") != slug("a檸檬")
    assert slug("x" * 300) != slug("x" * 299)


@given(st.text())
def test_any_name_gives_one_safe_part(name: str) -> None:
    part = slug(name)
    assert PART.fullmatch(part)
    assert len(part) <= 40
    assert slug(part) == part


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../x", "a//b", "a\\b", "C:/x", "a/\0", "./a"])
def test_paths_that_leave_their_folder_are_not_safe(path: str) -> None:
    assert not is_safe(path)
    assert is_safe("yuzu/1x1/summer_yuzu_en-US_square_a.jpg")


def named(product: str = "yuzu", locale: str = "en-US", **over: str) -> OutputName:
    return OutputName(**{"product": product, "ratio": "1x1", "locale": locale, "placement": "square", "variant": "a", "format": "jpeg", **over})


def test_a_path_says_what_the_file_is() -> None:
    assert output_paths("Summer 26", [named()]) == ("yuzu/1x1/summer-26_yuzu_en-US_square_a.jpg",)


def test_names_that_meet_in_any_letter_case_are_told_apart() -> None:
    names = [named("Yuzu"), named("yuzu"), named("yüzu"), named(locale="en-us")]
    paths = output_paths("summer", names)
    assert len({p.casefold() for p in paths}) == 4
    assert paths[1] == "yuzu/1x1/summer_yuzu_en-US_square_a.jpg"


def test_paths_do_not_depend_on_the_order() -> None:
    names = [named("Yuzu"), named("yuzu"), named("YUZU")]
    assert output_paths("summer", names) == output_paths("summer", names[::-1])[::-1]


def test_the_same_creative_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        output_paths("summer", [named(), named()])


@given(st.lists(st.builds(named, product=st.text(), locale=st.text(), placement=st.text(), variant=st.text()), unique=True, max_size=12))
def test_paths_are_short_safe_and_different(names: list[OutputName]) -> None:
    paths = output_paths("summer", names)
    assert len({p.casefold() for p in paths}) == len(names)
    assert all(is_safe(p) and len(p) < 255 for p in paths)
