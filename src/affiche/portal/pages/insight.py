"""Insight: numbers of the last days, as charts, tables and CSV. What is drawn: `portal/chart.py`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.chart import MOST, Chart, Point, drawn, highest, labelled
from affiche.portal.gateway import Gateway
from affiche.portal.quantity import Unit, plain_day, quantity
from affiche.portal.rules import title
from affiche.portal.shape import STATUSES, Row
from affiche.portal.views import language_of, page
from affiche.portal.words import direction, translator
from affiche.values.finding import SOUND

#: How many days one may look at; share of creatives without a failed check that is wanted, per cent (R44).
DAYS, TARGET = (7, 30, 90), 95
Say = Callable[..., str]


async def shown(request: Request, api: Gateway) -> Response:
    """The page."""
    language = language_of(request)
    t, days = translator(language), _days(request)
    told = await api.get("/v1/insight", days=days)
    first, last = (plain_day(date.fromisoformat(told[name]), language) for name in ("first", "last"))
    return page(
        request, "insight.html.j2", chosen=days, spans=DAYS, facts=_facts(told, t, language),
        lead=t("{first} to {last}, whole days in UTC, today so far.", first=first, last=last),
        parts=[
            {"title": title, "charts": [_card(chart, t, language) for chart in charts if chart.points or chart.none]}
            for title, charts in _parts(told, t, language)
            if any(map(_tells, charts))
        ],
    )  # fmt: skip


async def csv_of(request: Request, api: Gateway) -> Response:
    """One chart as a table; a day without a number has an empty field."""
    t = translator("en")
    told, name = await api.get("/v1/insight", days=_days(request)), request.path_params["chart"]
    found = next((chart for _, charts in _parts(told, t, "en") for chart in charts if chart.id == name), None)
    if found is None:
        raise HTTPException(404)
    out = io.StringIO()
    head = ("date" if found.days else "name", found.unit or "value")
    csv.writer(out).writerows([head, *((point.name, _plain(point.value)) for point in found.points)])
    return Response(
        out.getvalue(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def _days(request: Request) -> int:
    wish = request.query_params.get("days", "30")
    return int(wish) if wish in map(str, DAYS) else 30


def _tells(chart: Chart) -> bool:
    """Whether something is known; of what is counted by day, whether there was one."""
    counted = chart.days and not chart.unit
    return any(point.value if counted else point.value is not None for point in chart.points)


def _card(chart: Chart, t: Say, language: str) -> Row:
    """A chart as the page shows it: the picture, and the same as a table."""
    chart = labelled(chart, language)
    top = highest(chart)
    most = quantity(top.value, chart.unit, language) if top else ""
    more = len(chart.points) - MOST if not chart.days else 0
    return {
        "id": chart.id, "title": chart.title, "about": chart.about, "days": chart.days,
        "none": "" if chart.points else chart.none,
        "svg": drawn(
            chart, language, mirrored=direction(language) == "rtl",
            told=t("Highest: {value}, {name}", value=most, name=top.label or top.name) if top else "",
        ),
        "more": t("The first {count} are drawn; the table has {more} more.", count=MOST, more=more) if more > 0 else "",
        "rows": [(point.label or point.name, quantity(point.value, chart.unit, language)) for point in chart.points],
    }  # fmt: skip


def _facts(told: Row, t: Say, language: str) -> list[tuple[str, str]]:
    count, statuses, steps = told["creatives"], told["statuses"], told["steps"]
    sound, every = sum(statuses.get(status, 0) for status in SOUND), sum(steps.values())
    numbers: list[tuple[str, float | None, Unit]] = [
        (t("Creatives"), count, ""),
        (t("Campaigns"), told["campaigns"], ""),
        (t("Without a failed check"), 100 * sound / count if count else None, "%"),
        (t("Reused"), 100 * steps["reused"] / every if every else None, "%"),
        (t("Time to finish, median"), told["seconds"], "s"),
        (t("Cost per creative"), told["cost_per_creative"], "USD"),
    ]
    return [(name, quantity(value, unit, language)) for name, value, unit in numbers]


def _parts(told: Row, t: Say, language: str) -> Sequence[tuple[str, Sequence[Chart]]]:
    """All charts, in the parts of the page."""
    return (
        (t("Creatives"), _output(told, t)),
        (t("Checks"), _checks(told, t, language)),
        (t("Builds"), _builds(told, t)),
        (t("Money"), _money(told, t)),
        (t("Providers of pictures"), _providers(told, t)),
    )


def _output(told: Row, t: Say) -> Sequence[Chart]:
    made, begun = told["by_day"], told["campaigns_by_day"]
    return (
        _daily(told, "creatives", t("Creatives by day"), t("The newest of each ad, by the day it was made."), made, none=0),
        _daily(told, "campaigns", t("Campaigns begun by day"), t("By the day their brief was first stored."), begun, none=0),
    )


def _checks(told: Row, t: Say, language: str) -> Sequence[Chart]:
    sound, count = _percents(told["sound_by_day"]), told["statuses"]
    statuses = [Point(name=name, value=count.get(name, 0), label=t(name)) for name in STATUSES if told["creatives"]]
    newest = t("What checks said of the newest of each ad.")
    share = t("Share of the creatives of that day. The dashed line is the target, {target} %.", target=TARGET)
    found = t("Warnings and failures in the newest ads of campaigns that ran.")
    rules = _named("findings", t("Findings by rule"), found, told["findings"], none=t("No rule found anything."))
    return (
        Chart(id="statuses", title=t("Creatives by status"), about=newest, points=statuses),
        replace(_daily(told, "sound", t("Without a failed check by day"), share, sound, "%"), target=TARGET),
        replace(rules, points=[replace(point, label=title(point.name, language)) for point in rules.points]),
    )


def _builds(told: Row, t: Say) -> Sequence[Chart]:
    states = [Point(name=state, value=count, label=t(state.replace("-", " "))) for state, count in told["runs"].items()]
    reused, seconds = _percents(told["reuse_by_day"]), told["seconds_by_day"]
    took = t("Seconds from the start to the end of a build.")
    return (
        _daily(told, "reuse", t("Reused by day"), t("Share of steps whose result was there already."), reused, "%"),
        _daily(told, "seconds", t("Time to finish by day, median"), took, seconds, "s"),
        Chart(id="runs", title=t("Builds by state"), about=t("Where the builds of these days are now."), points=states),
    )


def _money(told: Row, t: Say) -> Sequence[Chart]:
    each = t("What builds of that day paid, for each ad they gave; an ad made again counts once.")
    return (
        _daily(told, "cost", t("Cost by day"), t("US dollars paid for pictures and words."), told["cost_by_day"], "USD"),
        _daily(told, "cost-per-creative", t("Cost per creative by day"), each, told["cost_per_creative_by_day"], "USD"),
    )


def _providers(told: Row, t: Say) -> Sequence[Chart]:
    asked = [row for row in told["providers"] if row["calls"]]
    calls = {row["provider"]: row["calls"] for row in asked}
    failed = {row["provider"]: 100 * row["failed"] / row["calls"] for row in asked}
    paid = {row["provider"]: row["cost"] for row in asked}
    usable = {row["offer"]: 100 * row["usable"] for row in told["learnt"]}
    seconds = {row["offer"]: row["seconds"] for row in told["learnt"]}
    lately = t("What the router knows by now, of the whole house: the newest calls count most.")
    return (
        _named("provider-calls", t("Calls by provider"), t("In builds of these days."), calls),
        _named("provider-failed", t("Failed calls by provider"), t("Share of calls that gave no usable picture."), failed, "%"),
        _named("provider-cost", t("Paid by provider"), t("US dollars, failed calls that were billed among them."), paid, "USD"),
        _named("provider-success", t("Usable pictures by offer"), lately, usable, "%"),
        _named("provider-seconds", t("Seconds of a picture by offer"), lately, seconds, "s"),
    )


def _daily(
    told: Row, id: str, title: str, about: str, numbers: Mapping[str, float], unit: Unit = "", *, none: float | None = None
) -> Chart:
    """A chart with every day; `none` is what a day has that is not in `numbers`."""
    first = date.fromisoformat(told["first"])
    names = [str(first + timedelta(days=number)) for number in range(told["days"])]
    points = [Point(name=name, value=numbers.get(name, none)) for name in names]
    return Chart(id=id, title=title, about=about, points=points, unit=unit, days=True)


def _named(id: str, title: str, about: str, numbers: Mapping[str, float], unit: Unit = "", *, none: str = "") -> Chart:
    """A bar for each name, the longest first; `none` is said when there is no name at all."""
    points = [Point(name=name, value=value) for name, value in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))]
    return Chart(id=id, title=title, about=about, points=points, unit=unit, none=none)


def _percents(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: round(100 * share, 2) for name, share in shares.items()}
