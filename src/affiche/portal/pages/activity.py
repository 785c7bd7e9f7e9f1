"""Activity: what happened, and numbers over time with their charts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.gateway import Gateway
from affiche.portal.said import QUIET, said, where, who
from affiche.portal.shape import STATUSES, Row, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

Series = list[tuple[str, float]]
#: Rules of the chart of findings.
_RULES = 10


#: Events and rows of the audit log on the page.
_EVENTS, _ROWS = 120, 60


async def listed(request: Request, api: Gateway) -> Response:
    """What happened, newest first; for administrators also who did what, and whether that log is whole."""
    language = language_of(request)
    t = translator(language)
    may = request.state.may
    names = {row["id"]: row["name"] or row["slug"] for row in (await api.get("/v1/campaigns", limit=200))["items"]}
    people = {row["id"]: row for row in (await api.get("/v1/people", limit=200))["items"]} if may("people.list") else {}
    found = (await api.get("/v1/events", newest="true", limit=_EVENTS, without=list(QUIET)))["items"]
    rows = [
        {
            "when": when(event["at"], language), "what": words, "href": where(event),
            "campaign": names.get(event["campaign"] or "", ""), "who": who(event["actor"], people, t),
        }
        for event in reversed(found)
        if (words := said(event, t))
    ]  # fmt: skip
    columns = [
        {"key": "what", "name": "What", "href": "href"}, {"key": "campaign", "name": "Campaign"}, {"key": "who", "name": "Who"},
        {"key": "when", "name": "When"},
    ]  # fmt: skip
    parts = [{"title": t("What happened"), "rows": _folded(rows), "columns": columns, "none": t("Nothing happened yet.")}]
    notes, links = [], []
    if may("audit.list"):
        verify = request.query_params.get("verify") == "1"
        told = await api.get("/v1/audit", limit=_ROWS, **({"verify": "true"} if verify else {}))
        parts.append(_audit(told["items"], people, t, language))
        links.append((t("Follow the chain of the audit log"), "/activity?verify=1"))
        notes += [_chain(told["chain"], t)] if told["chain"] else []
    return page(request, "table.html.j2", title=t("Activity"), lead="", links=links, notes=notes, parts=parts)


def _folded(rows: list[Row]) -> list[Row]:
    """The same thing done several times in a row is told once, with how often; its link is that of the newest."""
    found: list[Row] = []
    for row in rows:
        same = ("what", "campaign", "who")
        if found and all(found[-1][name] == row[name] for name in same):
            found[-1]["times"] += 1
        else:
            found.append({**row, "times": 1})
    return [{**row, "what": f"{row['what']} × {row['times']}" if row["times"] > 1 else row["what"]} for row in found]


def _audit(items: list[Row], people: Mapping[str, Row], t: Callable[..., str], language: str) -> Row:
    rows = [
        {
            "seq": row["seq"], "action": row["action"], "who": who(row["actor"], people, t), "subject": row["subject"],
            "when": when(row["at"], language),
        }
        for row in items
    ]  # fmt: skip
    columns = [
        {"key": "action", "name": "Action"}, {"key": "subject", "name": "Subject"}, {"key": "who", "name": "Who"},
        {"key": "when", "name": "When"}, {"key": "seq", "name": "Number", "number": True},
    ]  # fmt: skip
    return {"title": t("Audit log"), "rows": rows, "columns": columns, "none": t("Nobody changed anything yet.")}


def _chain(chain: Row, t: Callable[..., str]) -> tuple[str, str, str]:
    if chain["broken"] is None:
        hint = t("Keep this to compare with later: {head}", head=chain["head"])
        return "good", t("The chain is whole: {rows} rows.", rows=chain["rows"]), hint
    hint = t("Somebody changed the log: ask who runs the database.")
    return "error", t("The chain is broken at row {row}.", row=chain["broken"]), hint


async def insight(request: Request, api: Gateway) -> Response:
    """Numbers of the last days."""
    days = _days(request)
    told = await api.get("/v1/insight", days=days)
    shown = [
        {"id": name, "title": chart.title, "svg": bars(chart.series, chart.unit)}
        for name, chart in charts(told, days).items()
        if any(value for _, value in chart.series)
    ]
    return page(request, "insight.html.j2", chosen=days, facts=_facts(told), charts=shown)


async def csv_of(request: Request, api: Gateway) -> Response:
    """One chart as a table."""
    days = _days(request)
    found, name = charts(await api.get("/v1/insight", days=days), days), request.path_params["chart"]
    if name not in found:
        raise HTTPException(404)
    out = io.StringIO()
    csv.writer(out).writerows([("name", found[name].unit or "value"), *found[name].series])
    return Response(
        out.getvalue(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _days(request: Request) -> int:
    wish = request.query_params.get("days", "30")
    return int(wish) if wish in ("7", "30", "90") else 30


def _facts(told: Row) -> list[tuple[str, str, str]]:
    count, statuses, steps = told["creatives"], told["statuses"], told["steps"]
    good, every = sum(statuses.get(status, 0) for status in ("passed", "flagged")), sum(steps.values())
    return [
        ("Creatives", f"{count:,}", ""),
        ("Campaigns", str(told["campaigns"]), ""),
        ("Without a failed check", f"{100 * good / count:.0f}" if count else "–", "%"),
        ("Reused", f"{100 * steps['reused'] / every:.0f}" if every else "–", "%"),
        ("Time to finish, median", _seconds(told["seconds"]), "s"),
        ("Cost per creative", f"{told['cost'] / count:.4f}" if count and told["cost"] else "0", "USD"),
    ]


@dataclass(frozen=True, slots=True)
class Chart:
    """A series with its title and unit."""

    title: str
    series: Series
    unit: str = ""


def charts(told: Row, days: int) -> dict[str, Chart]:
    """Every chart by the name of its CSV."""
    statuses, providers, learnt = told["statuses"], told["providers"], told["learnt"]
    return {
        "creatives": Chart("Creatives by day", _by_day(told["by_day"], days)),
        "campaigns": Chart("Campaigns begun by day", _by_day(told["campaigns_by_day"], days)),
        "statuses": Chart("Creatives by status", [(status, float(statuses.get(status, 0))) for status in STATUSES]),
        "findings": Chart("Findings by rule", _floats(told["findings"])[:_RULES]),
        "reuse": Chart("Reused by day", _by_day({day: 100 * share for day, share in told["reuse_by_day"].items()}, days), "%"),
        "seconds": Chart("Time to finish by day, median", _by_day(told["seconds_by_day"], days), "s"),
        "cost": Chart("Cost by day", _by_day(told["cost_by_day"], days), "USD"),
        "runs": Chart("Builds by state", _floats(told["runs"])),
        "provider-calls": Chart("Calls by provider", [(row["provider"], float(row["calls"])) for row in providers]),
        "provider-cost": Chart("Paid by provider", [(row["provider"], row["cost"]) for row in providers], "USD"),
        "provider-success": Chart("Usable pictures by offer", _offers(learnt, "usable", 100), "%"),
        "provider-seconds": Chart("Seconds of a picture by offer", _offers(learnt, "seconds"), "s"),
    }


def _offers(learnt: list[Row], what: str, times: float = 1.0) -> Series:
    return [(row["offer"], times * row[what]) for row in learnt[:_RULES]]


def _seconds(took: float | None) -> str:
    """Whole seconds; tenths where a whole one would say nothing."""
    return "–" if took is None else f"{took:.1f}" if took < 10 else f"{took:.0f}"


def _floats(counts: Mapping[str, int]) -> Series:
    return [(name, float(count)) for name, count in counts.items()]


def _by_day(counts: Mapping[str, float], days: int) -> Series:
    today = datetime.now(UTC).date()
    return [(day, float(counts.get(day, 0))) for day in (str(today - timedelta(days=back)) for back in range(days - 1, -1, -1))]


def _value(value: float, unit: str) -> str:
    """At most three digits that say something, and the unit."""
    text = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{text} {unit}".strip()


def bars(series: Series, unit: str = "") -> Markup:
    """Bars as SVG with their values; days stand upright, names lie."""
    top = max((value for _, value in series), default=0.0) or 1.0
    if len(series) > 10 or (series and series[0][0][:2] == "20"):
        return _upright(series, top, unit)
    rows = []
    for number, (name, value) in enumerate(series):
        y, width = 28 * number, 200 * value / top
        rows.append(
            Markup(
                '<text x="0" y="{y}"><title>{whole}</title>{name}</text>'
                '<rect class="bar-mark {mark}" x="190" y="{top}" width="{width:.1f}" height="16" rx="3"/>'
                '<text x="{end:.1f}" y="{y}">{value}</text>'
            ).format(
                y=y + 16, name=_short(name), whole=name, mark=name if name in STATUSES else "", top=y + 4, width=max(2, width),
                end=198 + width, value=_value(value, unit),
            )
        )
    return Markup('<svg class="chart" viewBox="0 0 480 {height}" aria-hidden="true">{rows}</svg>').format(
        height=28 * len(series), rows=Markup("").join(rows)
    )


def _short(name: str) -> str:
    """What fits beside a bar; `provider/model/operation` without what all have in common."""
    name = name.removesuffix("/generate")
    return name if len(name) <= 26 else f"{name[:25]}…"


def _upright(series: Series, top: float, unit: str) -> Markup:
    step = 480 / len(series)
    rows = [
        Markup(
            '<rect class="bar-mark" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="1"><title>{title}</title></rect>'
        ).format(
            x=number * step, y=140 - 116 * value / top, w=max(1, step - 2), h=116 * value / top,
            title=f"{name}: {_value(value, unit)}",
        )
        for number, (name, value) in enumerate(series)
    ]
    ends = Markup('<text x="0" y="158">{a}</text><text x="480" y="158" text-anchor="end">{b}</text>').format(
        a=series[0][0], b=series[-1][0]
    )
    most = Markup('<text x="480" y="12" text-anchor="end">{most}</text>').format(most=_value(top, unit))
    return Markup(
        '<svg class="chart" viewBox="0 0 480 164" aria-hidden="true">'
        '<line class="grid" x1="0" x2="480" y1="24" y2="24"/><line class="grid" x1="0" x2="480" y1="140.5" y2="140.5"/>'
        "{most}{rows}{ends}</svg>"
    ).format(most=most, rows=Markup("").join(rows), ends=ends)
