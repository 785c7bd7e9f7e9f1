"""Product feeds: CSV in every dialect, JSONL, XLSX; bad rows by their line; hostile workbooks refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from affiche.brief.feed import read_feed

CSV = 'id;title;description;image_link;price;headline.de-DE;name [fr];shelf\n1;Yuzu;"Line one\nline two";a.png;1,99 €;Hallo;Yuzu FR;A4\n;;;;;;;\n;;just text;;;;;\n3;Elder;x;b.png;2 €;;;;;;\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_csv_in_any_dialect(encoding: str, delimiter: str) -> None:
    products, problems = read_feed(CSV.replace(";", delimiter).encode(encoding), file="f.csv", source="en-US")
    first, second = products
    assert (first.id, first.name, first.price, first.description) == ("1", "Yuzu", "1,99 €", "Line one line two")
    assert first.picture is not None
    assert first.picture.path == "a.png"
    assert first.copy == {"de-DE": {"headline": "Hallo"}}
    assert first.names == {"fr": "Yuzu FR"}
    assert first.extra == {"shelf": "A4"}
    assert second.name == "Elder"
    assert 5 in {p.where.line for p in problems if p.severity == "warning"}


def test_jsonl_tells_the_bad_line() -> None:
    products, problems = read_feed(b'{"id":"a","name":"A"}\n{bad\n\n{"name":"B"}\n', file="f.jsonl", source="en")
    assert [p.id for p in products] == ["a", "b"]
    assert [(p.where.line, p.code) for p in problems] == [(2, "feed.row")]


def workbook(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def test_xlsx() -> None:
    products, _ = read_feed(workbook([["ID", "Name", "Preis"], [1, "Yuzu", "2 €"], [2.0, "Elder", None]]), file="f.xlsx", source="en")
    assert [(p.id, p.name, p.price) for p in products] == [("1", "Yuzu", "2 €"), ("2", "Elder", "")]


def archive(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"<workbook/>")
        file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (archive("../../evil.txt", b"x"), "leaves its folder"),
        (archive("/etc/evil", b"x"), "leaves its folder"),
        (archive("xl/a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "entities"),
        (archive("xl/bomb.bin", b"\0" * 210_000_000), "200 MB"),
        (workbook([["Name"], ["A"]])[:500], "workbook"),
    ],
    ids=["zip-slip", "absolute", "entities", "bomb", "truncated"],
)
def test_hostile_workbooks_are_refused(data: bytes, word: str) -> None:
    products, problems = read_feed(data, file="f.xlsx", source="en")
    assert products == ()
    assert word in problems[0].message


@pytest.mark.parametrize(("name", "safe"), [("../../x", "x"), ("🍋", "product-"), ("a" * 300, "a" * 40), ("Crème brûlée", "creme-brulee"), ("CON", "con-x")])
def test_hostile_names_become_safe_ids(name: str, safe: str) -> None:
    (product,), _ = read_feed(f'name\n"{name}"\n'.encode(), file="f.csv", source="en")
    assert product.id.startswith(safe)
    assert len(product.id) <= 64
    assert set(product.id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
