"""findings.csv holds what is not a pass, and never a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from affiche.adapters.blobs import MemoryBlobs
from affiche.publish.findings import defused, render

from .campaigns import FINE, LOW, UNSAFE, creative


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_one_row_for_each_finding_that_is_not_a_pass() -> None:
    table = rows(render([creative(MemoryBlobs(), findings=(FINE, LOW, UNSAFE))]))
    assert [(r["rule"], r["measured"], r["limit"], r["x"], r["width"]) for r in table] == [
        ("text.contrast", "3.9:1", "4.5:1", "10", "40"),
        ("safe.area", "2 px", "4 px", "", ""),
    ]
    assert table[0]["file"].endswith(".jpg")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "＝1"])
def test_formulas_are_defused(text: str) -> None:
    low = replace(LOW, message=text, measured=text, hint=text)
    row = rows(render([creative(MemoryBlobs(), product="yuzu", findings=(low,))]))[0]
    assert [row[c] for c in ("message", "measured", "hint")] == [f"'{text}"] * 3


def test_ordinary_text_is_left_alone() -> None:
    assert defused("3.9:1 - too low") == "3.9:1 - too low"


def test_spreadsheets_see_other_scripts_and_line_breaks() -> None:
    low = replace(LOW, message='午後を、"目覚め"\nさせよう, ja')
    data = render([creative(MemoryBlobs(), findings=(low,))])
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows(data)[0]["message"] == '午後を、"目覚め"\nさせよう, ja'
