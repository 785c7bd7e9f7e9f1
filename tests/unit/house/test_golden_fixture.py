"""The golden fixture says no when there is none, and when something changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Golden


def test_a_missing_golden_fails_and_saves_the_candidate(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="no golden"):
        Golden(tmp_path, []).text("a.txt", "x\n")
    assert (tmp_path / "candidates" / "a.txt").read_text() == "x\n"


def test_a_changed_text_fails_with_its_diff(tmp_path: Path) -> None:
    Golden(tmp_path, ["a.txt"]).text("a.txt", "one\n")
    Golden(tmp_path, []).text("a.txt", "one\n")
    with pytest.raises(pytest.fail.Exception, match=r"-one\n\+two"):
        Golden(tmp_path, []).text("a.txt", "two\n")


def test_a_changed_pixel_fails(tmp_path: Path) -> None:
    pixels = np.full((8, 8, 4), 200, np.uint8)
    Golden(tmp_path, ["a.png"]).png("a.png", pixels)
    pixels[2, 2, 0] = 203
    Golden(tmp_path, []).png("a.png", pixels, tolerance=3)
    with pytest.raises(pytest.fail.Exception, match="largest difference 3"):
        Golden(tmp_path, []).png("a.png", pixels, tolerance=2)


def test_a_page_that_is_drawn_a_little_otherwise_passes_and_one_that_lacks_something_fails(tmp_path: Path) -> None:
    page = np.full((60, 90, 3), 240, np.uint8)
    page[20:24, 20:60] = (40, 80, 200)
    Golden(tmp_path, ["a.png"]).like("a.png", page, most=14)
    letters = page.copy()
    letters[10:12, ::2] += 12
    letters[10:12, 1::2] -= 12
    Golden(tmp_path, []).like("a.png", letters, most=14)
    page[20:24, 50:60] = 240
    with pytest.raises(pytest.fail.Exception, match="looks otherwise"):
        Golden(tmp_path, []).like("a.png", page, most=14)
    with pytest.raises(pytest.fail.Exception, match="differs by 255"):
        Golden(tmp_path, []).like("a.png", page[:50], most=14)
