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

from markupsafe import Markup

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

    `none` is said in the place of a picture when there are no points; without it there is nothing to show.
    """

    id: str
    title: str
    about: str
    points: Sequence[Point]
    unit: Unit = ""
    days: bool = False
    none: str = ""


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
    pen = _Pen(chart.unit, language, mirrored)
    shown = chart.points if chart.days else chart.points[:MOST]
    body = _over_days(pen, shown) if chart.days else _by_name(pen, shown)
    height = _TOP + _PLOT + _FOOT if chart.days else _ROW * len(shown)
    return Markup(
        '<svg class="chart" width="100%" height="{height}" role="img" aria-labelledby="{id}-title" aria-describedby="{id}-told">'
        '<desc id="{id}-told">{told}</desc>{body}</svg>'
    ).format(height=height, id=chart.id, told=told, body=body)


@dataclass(frozen=True, slots=True)
class _Pen:
    """How a chart is written: its unit, the language, and whether it runs from the right."""

    unit: Unit
    language: str
    mirrored: bool

    def at(self, x: float, width: float = 0.0) -> str:
        """A place along the line, 0..100 from where reading begins, as SVG has it."""
        return f"{100 - x - width if self.mirrored else x:.3f}%"

    def said(self, value: float | None) -> str:
        return quantity(value, self.unit, self.language)


# -- bars over days


def _over_days(pen: _Pen, points: Sequence[Point]) -> Markup:
    most = max((point.value or 0.0 for point in points), default=0.0)
    few = len(points) <= _FEW
    top = 100.0 if pen.unit == "%" else most if few else ceiling(most, pen.unit)
    days = Markup("").join(_day(pen, number, point, len(points), top or 1.0) for number, point in enumerate(points))
    return _scale(pen, 0.0 if few else top) + days + _dates(pen, points)


def _day(pen: _Pen, number: int, point: Point, count: int, top: float) -> Markup:
    step = 100 / count
    said = f"{point.label}: {pen.said(point.value)}"
    field = Markup('<rect class="{kind}" x="{x}" y="{y}" width="{w:.3f}%" height="{h}"/>').format(
        kind="gap" if point.value is None else "hit", x=pen.at(number * step, step), y=_TOP, w=step, h=_PLOT
    )
    bar = _bar(pen, number * step, step, point.value, top, count) if point.value is not None else Markup("")
    return Markup('<g class="day"><title>{said}</title>{field}{bar}</g>').format(said=said, field=field, bar=bar)


def _bar(pen: _Pen, left: float, step: float, value: float, top: float, count: int) -> Markup:
    width = step * (0.56 if count <= _FEW else 0.72)
    height = max(3.0, _PLOT * value / top) if value else 2.0
    y = _TOP + _PLOT - height
    bar = Markup('<rect class="bar-mark" x="{x}" y="{y:.1f}" width="{w:.3f}%" height="{h:.1f}"/>').format(
        x=pen.at(left + (step - width) / 2, width), y=y, w=width, h=height
    )
    if count > _FEW:
        return bar
    return bar + Markup('<text class="value" x="{x}" y="{y:.1f}" text-anchor="middle">{said}</text>').format(
        x=pen.at(left + step / 2), y=y - 6, said=bare(value, pen.unit, pen.language)
    )


def _scale(pen: _Pen, top: float) -> Markup:
    """The ground line, and above it the line to read heights by, when there is one."""
    ground = Markup('<line class="ground" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format(y=_TOP + _PLOT + 0.5)
    if not top:
        return ground
    return ground + Markup(
        '<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}"/><text x="{x}" y="{base}">{said}</text>'
    ).format(y=_TOP - 0.5, x=pen.at(0), base=_TOP - 8, said=pen.said(top))


def _dates(pen: _Pen, points: Sequence[Point]) -> Markup:
    """Some of the dates, the first and the last among them; where days are narrow those two stand at the edges."""
    last, step = len(points) - 1, 100 / len(points)
    numbers = dict.fromkeys(round(number * last / (_DATES - 1)) for number in range(_DATES))
    edges = {0: "start", last: "end"} if len(points) > _FEW else {}
    said = [_date(pen, points[number].name, (number + 0.5) * step, edges.get(number, "middle")) for number in numbers]
    return Markup("").join(said)


def _date(pen: _Pen, day: str, middle: float, anchor: str) -> Markup:
    """A date below the middle of its day, or at the edge of all days where `anchor` is `start` or `end`."""
    x = {"start": 0.0, "end": 100.0}.get(anchor, middle)
    return Markup(
        '<line class="ground" x1="{tick}" x2="{tick}" y1="{y}" y2="{end}"/>'
        '<text class="date" x="{x}" y="{base}" text-anchor="{anchor}">{day}</text>'
    ).format(
        tick=pen.at(middle), y=_TOP + _PLOT, end=_TOP + _PLOT + 4, x=pen.at(x), base=_TOP + _PLOT + 24, anchor=anchor,
        day=short_day(date.fromisoformat(day), pen.language),
    )  # fmt: skip


def ceiling(most: float, unit: Unit) -> float:
    """A round number that is at least `most`; a whole one where things are counted. 0 for 0."""
    if most <= 0:
        return 0.0
    size = 10.0 ** floor(log10(most))
    found = next(size * step for step in _STEPS if size * step >= most * (1 - 1e-9))
    return float(ceil(found - 1e-9)) if unit == "" else found


# -- bars by name


def _by_name(pen: _Pen, points: Sequence[Point]) -> Markup:
    top = 100.0 if pen.unit == "%" else max((point.value or 0.0 for point in points), default=0.0) or 1.0
    return Markup("").join(_row(pen, number, point, top) for number, point in enumerate(points))


def _row(pen: _Pen, number: int, point: Point, top: float) -> Markup:
    """The name where reading begins, the value at the end of the line, the bar below both."""
    y, name, said = _ROW * number, point.label or point.name, pen.said(point.value)
    length = max(0.6, 100 * (point.value or 0.0) / top)
    bar = Markup('<rect class="bar-mark" x="{x}" y="{y}" width="{w:.3f}%" height="8"/>').format(
        x=pen.at(0, length), y=y + 18, w=length
    )
    return Markup(
        '<g class="day"><title>{name}: {said}</title><rect class="track" width="100%" y="{track}" height="8"/>{bar}'
        '<text x="{start}" y="{base}">{short}</text><text class="value" x="{end}" y="{base}" text-anchor="end">{said}</text></g>'
    ).format(
        name=name, said=said, track=y + 18, start=pen.at(0), end=pen.at(100), base=y + 12, short=_short(name), bar=bar
    )


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
