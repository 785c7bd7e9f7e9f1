"""Charts as SVG, drawn here: bars over days, and bars by name. Pure; `pages/insight.py` says what they show.

Theory of operation. A chart has no `viewBox`: what lies along the line is in per cent of the width, all else in px. So it is as
wide as its card, and its text has the size of the page's text on every screen. Where one reads from the right, time and bars run
from the right: places are mirrored here, and `text-anchor` follows the direction of the page by itself. A day of which nothing is
known is a grey field, a day of zero a thin line. What the picture shows stands in a table below it, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, floor, log10

from markupsafe import Markup, escape

from affiche.portal.quantity import Unit, bare, quantity, short_day, whole_day

#: Bars by name that are drawn; the table and the CSV have all.
MOST = 8
#: Heights px: above the plot, of the plot, below it; of a row of bars by name.
_TOP, _PLOT, _FOOT, _ROW = 24, 128, 32, 32
#: Up to so many days each bar carries its value, and no line is needed to read it by.
_FEW = 7
#: Letters of a name that stand beside a value on a phone.
_LETTERS = 38
#: Dates below the days: more would touch on a phone.
_DATES = 4
_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A bar: `name` as the CSV has it, `label` as people read it. `value` None: nothing is known."""

    name: str
    value: float | None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn. `about` says what is counted; `days`: names are dates (ISO), one for every day.

    `none` is said in the place of a picture when there are no points; without it there is nothing to show. `target`: what days
    shall reach; it is drawn as a line, and days below it are marked.
    """

    id: str
    title: str
    about: str
    points: Sequence[Point]
    unit: Unit = ""
    days: bool = False
    none: str = ""
    target: float | None = None


def labelled(chart: Chart, language: str) -> Chart:
    """`chart` with the days that it shows written as people read them."""
    if not chart.days:
        return chart
    points = [replace(point, label=whole_day(date.fromisoformat(point.name), language)) for point in chart.points]
    return replace(chart, points=points)


def highest(chart: Chart) -> Point | None:
    """The point with the largest value, the newest of equals; None where nothing is known."""
    known = [point for point in chart.points if point.value is not None]
    return max(reversed(known), key=lambda point: point.value or 0.0, default=None)


def drawn(chart: Chart, language: str, *, mirrored: bool, told: str) -> Markup:
    """The picture; `told` is its description for those who do not see it."""
    pen = _Pen(chart.unit, language, mirrored, chart.target)
    shown = chart.points if chart.days else chart.points[:MOST]
    body = _over_days(pen, shown) if chart.days else _by_name(pen, shown)
    height = _TOP + _PLOT + _FOOT if chart.days else _ROW * len(shown)
    return Markup(
        '<svg class="chart" width="100%" height="{height}" role="img" aria-labelledby="{id}-title" aria-describedby="{id}-told">'
        '<desc id="{id}-told">{told}</desc>{body}</svg>'
    ).format(height=height, id=chart.id, told=told, body=Markup(body))  # noqa: S704 - `body` is made of numbers and escaped words


# Below, SVG is plain text of hundreds of marks, where `Markup.format` would take most of a page's time: words go through `_text`
# and `_titled`, which escape them, and nothing else but numbers is set in.


@dataclass(frozen=True, slots=True)
class _Pen:
    """How a chart is written: its unit, the language, whether it runs from the right, and what its bars shall reach."""

    unit: Unit
    language: str
    mirrored: bool
    target: float | None

    def at(self, x: float, width: float = 0.0) -> str:
        """A place along the line, 0..100 from where reading begins, as SVG has it."""
        return f"{100 - x - width if self.mirrored else x:.3f}%"

    def said(self, value: float | None) -> str:
        return quantity(value, self.unit, self.language)


def _text(x: str, y: float, said: str, *, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y:g}" text-anchor="{anchor}">{escape(said)}</text>'


def _titled(said: str, marks: str) -> str:
    """A group that says what it is when one points at it."""
    return f'<g class="day"><title>{escape(said)}</title>{marks}</g>'


def _rect(kind: str, x: str, y: float, width: float, height: float) -> str:
    """`width` in per cent."""
    return f'<rect class="{kind}" x="{x}" y="{y:g}" width="{width:.3f}%" height="{height:g}"/>'


# -- bars over days


def _over_days(pen: _Pen, points: Sequence[Point]) -> str:
    most = max((point.value or 0.0 for point in points), default=0.0)
    few = len(points) <= _FEW
    top = 100.0 if pen.unit == "%" else most if few else ceiling(most, pen.unit)
    days = (_day(pen, number, point, len(points), top or 1.0) for number, point in enumerate(points))
    return "".join((_scale(pen, 0.0 if few else top), *days, _goal(pen, top or 1.0), _dates(pen, points)))


def _day(pen: _Pen, number: int, point: Point, count: int, top: float) -> str:
    step = 100 / count
    field = _rect("gap" if point.value is None else "hit", pen.at(number * step, step), _TOP, step, _PLOT)
    bar = "" if point.value is None else _bar(pen, number * step, point.value, top, count)
    return _titled(f"{point.label}: {pen.said(point.value)}", field + bar)


def _bar(pen: _Pen, left: float, value: float, top: float, count: int) -> str:
    step, few = 100 / count, count <= _FEW
    width = step * (0.56 if few else 0.72)
    height = round(max(3.0, _PLOT * value / top), 1) if value else 2.0
    y = _TOP + _PLOT - height
    kind = "bar-mark" if pen.target is None or value >= pen.target else "bar-mark missed"
    bar = _rect(kind, pen.at(left + (step - width) / 2, width), y, width, height)
    said = bare(value, pen.unit, pen.language) if few else ""
    return bar + _text(pen.at(left + step / 2), y - 6, said, kind="value", anchor="middle") if few else bar


def _scale(pen: _Pen, top: float) -> str:
    """The ground line, and above it the line to read heights by, when there is one."""
    ground, line = _TOP + _PLOT + 0.5, _TOP - 0.5
    drawn = f'<line class="ground" x1="0" x2="100%" y1="{ground}" y2="{ground}"/>'
    if not top:
        return drawn
    drawn += f'<line class="grid" x1="0" x2="100%" y1="{line}" y2="{line}"/>'
    return drawn + _text(pen.at(0), _TOP - 8, pen.said(top), kind="most")


def _goal(pen: _Pen, top: float) -> str:
    """The line that bars shall reach, over them."""
    if pen.target is None:
        return ""
    y = round(_TOP + _PLOT * (1 - pen.target / top), 1)
    return f'<line class="target" x1="0" x2="100%" y1="{y}" y2="{y}"/>'


def _dates(pen: _Pen, points: Sequence[Point]) -> str:
    """Some of the dates, the first and the last among them; where days are narrow those two stand at the edges."""
    last, step = len(points) - 1, 100 / len(points)
    numbers = dict.fromkeys(round(number * last / (_DATES - 1)) for number in range(_DATES))
    edges = {0: "start", last: "end"} if len(points) > _FEW else {}
    return "".join(_date(pen, points[number].name, (number + 0.5) * step, edges.get(number, "middle")) for number in numbers)


def _date(pen: _Pen, day: str, middle: float, anchor: str) -> str:
    """A date below the middle of its day, or at the edge of all days where `anchor` is `start` or `end`."""
    x, ground = {"start": 0.0, "end": 100.0}.get(anchor, middle), _TOP + _PLOT
    tick = f'<line class="ground" x1="{pen.at(middle)}" x2="{pen.at(middle)}" y1="{ground}" y2="{ground + 4}"/>'
    return tick + _text(pen.at(x), ground + 24, short_day(date.fromisoformat(day), pen.language), kind="date", anchor=anchor)


def ceiling(most: float, unit: Unit) -> float:
    """A round number that is at least `most`; a whole one where things are counted. 0 for 0."""
    if most <= 0:
        return 0.0
    size = 10.0 ** floor(log10(most))
    found = next(size * step for step in _STEPS if size * step >= most * (1 - 1e-9))
    return float(ceil(found - 1e-9)) if unit == "" else found


# -- bars by name


def _by_name(pen: _Pen, points: Sequence[Point]) -> str:
    top = 100.0 if pen.unit == "%" else max((point.value or 0.0 for point in points), default=0.0) or 1.0
    return "".join(_row(pen, number, point, top) for number, point in enumerate(points))


def _row(pen: _Pen, number: int, point: Point, top: float) -> str:
    """The name where reading begins, the value at the end of the line, the bar below both."""
    y, name, said = _ROW * number, point.label or point.name, pen.said(point.value)
    length = max(0.6, 100 * (point.value or 0.0) / top)
    bars = _rect("track", "0", y + 18, 100, 8) + _rect("bar-mark", pen.at(0, length), y + 18, length, 8)
    words = _text(pen.at(0), y + 12, _short(name), kind="name") + _text(pen.at(100), y + 12, said, kind="value", anchor="end")
    return _titled(f"{name}: {said}", bars + words)


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
