"""Activity: what happened, and numbers over time with their charts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
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
    numbers = await _numbers(api, days)
    charts = [
        {"id": name, "title": title, "svg": bars(series)}
        for name, (title, series) in numbers["charts"].items()
        if any(v for _, v in series)
    ]
    return page(request, "insight.html.j2", chosen=days, facts=numbers["facts"], charts=charts)


async def csv_of(request: Request, api: Gateway) -> Response:
    """One chart as a table."""
    charts = (await _numbers(api, _days(request)))["charts"]
    name = request.path_params["chart"]
    if name not in charts:
        raise HTTPException(404)
    out = io.StringIO()
    csv.writer(out).writerows([("name", "value"), *charts[name][1]])
    return Response(
        out.getvalue(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _days(request: Request) -> int:
    wish = request.query_params.get("days", "30")
    return int(wish) if wish in ("7", "30", "90") else 30


async def _numbers(api: Gateway, days: int) -> Row:
    told = await api.get("/v1/insight", days=days)
    count, statuses = told["creatives"], told["statuses"]
    good = sum(statuses.get(status, 0) for status in ("passed", "flagged"))
    facts = [
        ("Creatives", f"{count:,}", ""),
        ("Campaigns", str(told["campaigns"]), ""),
        ("Without a failed check", f"{100 * good / count:.0f}" if count else "–", "%"),
        ("Time to finish, median", _seconds(told["seconds"]), "s"),
        ("Cost per creative", f"{told['cost'] / count:.4f}" if count and told["cost"] else "0", "USD"),
    ]
    return {
        "facts": facts,
        "charts": {
            "creatives": ("Creatives by day", _by_day(told["by_day"], days)),
            "statuses": ("Creatives by status", [(status, float(statuses.get(status, 0))) for status in STATUSES]),
            "findings": ("Findings by rule", _floats(told["findings"])[:_RULES]),
            "runs": ("Builds by state", _floats(told["runs"])),
        },
    }


def _seconds(took: float | None) -> str:
    """Whole seconds; tenths where a whole one would say nothing."""
    return "–" if took is None else f"{took:.1f}" if took < 10 else f"{took:.0f}"


def _floats(counts: Mapping[str, int]) -> Series:
    return [(name, float(count)) for name, count in counts.items()]


def _by_day(counts: Mapping[str, int], days: int) -> Series:
    today = datetime.now(UTC).date()
    return [(day, float(counts.get(day, 0))) for day in (str(today - timedelta(days=back)) for back in range(days - 1, -1, -1))]


def bars(series: Series) -> Markup:
    """Bars as SVG with their values; days stand upright, names lie."""
    top = max((value for _, value in series), default=0.0) or 1.0
    if len(series) > 10:
        return _upright(series, top)
    rows = []
    for number, (name, value) in enumerate(series):
        y, width = 28 * number, 260 * value / top
        rows.append(
            Markup(
                '<text x="0" y="{y}">{name}</text>'
                '<rect class="bar-mark {name}" x="170" y="{top}" width="{width:.1f}" height="16" rx="3"/>'
                '<text x="{end:.1f}" y="{y}">{value:g}</text>'
            ).format(y=y + 16, name=name, top=y + 4, width=max(2, width), end=178 + width, value=value)
        )
    return Markup('<svg class="chart" viewBox="0 0 480 {height}" aria-hidden="true">{rows}</svg>').format(
        height=28 * len(series), rows=Markup("").join(rows)
    )


def _upright(series: Series, top: float) -> Markup:
    step = 480 / len(series)
    rows = [
        Markup(
            '<rect class="bar-mark" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="1"><title>{title}</title></rect>'
        ).format(
            x=number * step,
            y=140 - 130 * value / top,
            w=max(1, step - 2),
            h=130 * value / top,
            title=f"{name}: {value:g}",
        )
        for number, (name, value) in enumerate(series)
    ]
    ends = Markup('<text x="0" y="158">{a}</text><text x="480" y="158" text-anchor="end">{b}</text>').format(
        a=series[0][0], b=series[-1][0]
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 480 164" aria-hidden="true">'
        '<line class="grid" x1="0" x2="480" y1="140.5" y2="140.5"/>{rows}{ends}</svg>'
    ).format(rows=Markup("").join(rows), ends=ends)
