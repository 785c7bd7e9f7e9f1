"""Charts as they are drawn: gaps and zeros told apart, mirrored places, text whose size no screen changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from affiche.portal.chart import MOST, Chart, Point, ceiling, drawn, highest, labelled
from affiche.portal.pages.insight import _tells
from affiche.portal.quantity import bare, quantity

FIRST = date(2026, 11, 20)


def daily(values: list[float | None], unit: str = "") -> Chart:
    points = [Point(name=str(FIRST + timedelta(days=n)), value=value) for n, value in enumerate(values)]
    return labelled(Chart(id="c", title="C", about="", points=points, unit=unit, days=True), "en")  # type: ignore[arg-type]


def named(values: dict[str, float], unit: str = "") -> Chart:
    return Chart(id="c", title="C", about="", points=[Point(name=n, value=v) for n, v in values.items()], unit=unit)  # type: ignore[arg-type]


def svg(chart: Chart, *, mirrored: bool = False, language: str = "en") -> ET.Element:
    return ET.fromstring(drawn(chart, language, mirrored=mirrored, told="told"))


def groups(root: ET.Element) -> list[ET.Element]:
    return root.findall("g")


def rects(group: ET.Element) -> dict[str, dict[str, str]]:
    return {rect.attrib["class"]: rect.attrib for rect in group.findall("rect")}


def span(rect: dict[str, str]) -> tuple[float, float]:
    start = float(rect["x"].rstrip("%"))
    return start, start + float(rect["width"].rstrip("%"))


def test_a_day_without_a_number_is_a_grey_field_and_a_zero_a_thin_bar() -> None:
    gap, zero, some = (rects(group) for group in groups(svg(daily([None, 0.0, 4.0], "s"))))
    assert set(gap) == {"gap"}
    assert set(zero) == set(some) == {"hit", "bar-mark"}
    assert float(zero["bar-mark"]["height"]) == 2.0 < float(some["bar-mark"]["height"])
    assert [group.findtext("title") for group in groups(svg(daily([None, 0.0], "s")))] == [
        "Friday, November 20, 2026: –", "Saturday, November 21, 2026: 0 sec",
    ]  # fmt: skip


def test_a_chart_of_zeros_alone_is_drawn_with_its_values() -> None:
    root = svg(named({"never/works": 0.0}, "%"))
    (row,) = groups(root)
    assert [text.text for text in row.findall("text")] == ["never/works", "0%"]
    assert span(rects(row)["bar-mark"])[1] < 1
    assert len(groups(svg(daily([0.0] * 30)))) == 30


@pytest.mark.parametrize("count", [7, 30, 90])
def test_bars_lie_side_by_side_in_order_and_from_the_right_when_mirrored(count: int) -> None:
    chart = daily([1.0 + n for n in range(count)])
    for mirrored in (False, True):
        bars = [span(rects(group)["bar-mark"]) for group in groups(svg(chart, mirrored=mirrored))]
        assert all(0 <= start < end <= 100 for start, end in bars)
        in_order = bars[::-1] if mirrored else bars
        assert all(before[1] < after[0] for before, after in zip(in_order, in_order[1:], strict=False))
        assert all(end - start > 0.5 * 100 / count for start, end in bars), "wide enough to be seen"


def test_names_and_values_stand_at_both_ends_of_a_mirrored_line() -> None:
    row = groups(svg(named({"a": 3.0, "b": 1.0}), mirrored=True))[1]
    name, value = row.findall("text")
    assert (name.attrib["x"], value.attrib["x"]) == ("100.000%", "0.000%"), "anchors follow the direction of the page by themselves"
    assert span(rects(row)["bar-mark"]) == pytest.approx((66.667, 100), abs=0.01)


def test_nothing_scales_the_text() -> None:
    for chart in (daily([1.0] * 30), named({"a": 1.0})):
        assert "viewBox" not in svg(chart).attrib
        assert svg(chart).attrib["width"] == "100%"


def test_dates_are_real_and_in_the_language_of_the_page() -> None:
    def dates(language: str, count: int) -> list[str | None]:
        return [t.text for t in svg(daily([1.0] * count), language=language).findall("text") if t.attrib.get("class") == "date"]

    assert dates("en", 30) == ["Nov 20", "Nov 30", "Dec 9", "Dec 19"]
    assert dates("de", 7) == ["20. Nov.", "22. Nov.", "24. Nov.", "26. Nov."]
    assert dates("ja", 7)[0] == "11月20日"
    assert dates("ar", 7)[0] == "20 نوفمبر"


def test_the_line_to_read_by_is_round_and_never_below_the_highest_bar() -> None:
    assert [ceiling(n, "") for n in (0, 1, 3, 7, 11, 41, 120)] == [0, 1, 3, 8, 15, 50, 150]
    assert ceiling(0.0123, "USD") == pytest.approx(0.015)
    for n in range(1, 400):
        assert ceiling(n, "") >= n and ceiling(n, "") == int(ceiling(n, ""))


def test_shares_are_drawn_against_the_whole() -> None:
    (row,) = groups(svg(named({"a": 25.0}, "%")))
    assert span(rects(row)["bar-mark"]) == (0, 25)


@pytest.mark.parametrize("count", [7, 30])
def test_a_target_is_a_line_and_days_below_it_are_marked(count: int) -> None:
    chart = replace(daily([94.9, 95.0, None] + [100.0] * (count - 3), "%"), target=95)
    root = svg(chart)
    (line,) = [line.attrib for line in root.findall("line") if line.attrib["class"] == "target"]
    kinds = [kind for group in groups(root) for kind in rects(group) if kind.startswith("bar-mark")]
    assert kinds == ["bar-mark missed"] + ["bar-mark"] * (count - 2)
    reached = rects(groups(root)[1])["bar-mark"]
    assert float(line["y1"]) == float(line["y2"]) == pytest.approx(float(reached["y"]), abs=0.1), "where a bar of that height ends"
    assert not [line for line in svg(daily([50.0], "%")).findall("line") if line.attrib["class"] == "target"]


def test_the_first_of_many_names_are_drawn() -> None:
    assert len(groups(svg(named({f"rule-{n}": 1.0 for n in range(MOST + 4)})))) == MOST


def test_the_highest_is_known_and_told_to_those_who_do_not_see() -> None:
    top = highest(daily([None, 3.0, 1.0]))
    assert top is not None and (top.name, top.label) == ("2026-11-21", "Saturday, November 21, 2026")
    assert highest(daily([None, None])) is None
    root = svg(daily([1.0]))
    assert root.attrib["role"] == "img" and root.findtext("desc") == "told"
    assert root.attrib["aria-labelledby"] == "c-title" and root.find("desc").attrib["id"] == root.attrib["aria-describedby"]  # type: ignore[union-attr]


def test_quantities_are_written_as_the_language_does() -> None:
    assert [quantity(v, u, "de") for v, u in ((18234, ""), (57.4, "%"), (4.21, "s"), (0.0432, "USD"), (3.5, "USD"))] == [  # type: ignore[arg-type]
        "18.234", "57\N{NO-BREAK SPACE}%", "4,2 Sek.", "0,0432\N{NO-BREAK SPACE}$", "3,50\N{NO-BREAK SPACE}$",
    ]  # fmt: skip
    assert [quantity(share, "%", "en") for share in (94.96, 94.9, 95, 95.04, 99.99, 89.6)] == ["94.9%", "94.9%", "95%", "95%", "99.9%", "90%"]
    assert (quantity(99.6, "%", "en"), quantity(100, "%", "en"), quantity(None, "s", "en")) == ("99.6%", "100%", "–")
    assert quantity(0.0343, "USD", "ar").endswith("US$\N{LEFT-TO-RIGHT MARK}"), "or the sign would come before its letters"
    assert (bare(0.0343, "USD", "en"), bare(12.4, "s", "en"), bare(57, "%", "en")) == ("0.0343", "12", "57%")


def test_a_part_of_zeros_alone_is_shown_but_not_one_in_which_nothing_happened() -> None:
    free, nothing, counted = daily([None, 0.0], "USD"), daily([None, None], "USD"), daily([0.0, 0.0])
    assert [_tells(chart) for chart in (free, nothing, counted, daily([0.0, 1.0]), named({"never": 0.0}, "%"), named({}))] == [
        True, False, False, True, True, False,
    ]  # fmt: skip


def test_names_are_words_and_never_marks() -> None:
    (row,) = groups(svg(named({'<script>&"': 1.0})))
    assert row.findtext("title") == '<script>&": 1' and row.findtext("text") == '<script>&"'
