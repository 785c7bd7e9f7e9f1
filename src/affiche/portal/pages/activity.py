"""Activity: what happened, and numbers over time with their charts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.gateway import Gateway
from affiche.portal.shape import STATUSES, Row, every, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

Series = list[tuple[str, float]]


async def listed(request: Request, api: Gateway) -> Response:
    """The last events, newest first."""
    t, language = translator(language_of(request)), language_of(request)
    found = await api.get("/v1/events", after=max(0, (await _last(api)) - 200), limit=200)
    rows = [
        {
            "when": when(e["at"], language),
            "kind": e["kind"],
            "actor": e["actor"] or "–",
            "what": ", ".join(f"{k}: {v}" for k, v in list(e["data"].items())[:4]),
            "href": f"/campaigns/{e['campaign']}" if e["campaign"] else "",
        }
        for e in reversed(found["items"])
    ]
    columns = [
        {"key": "when", "name": "When"},
        {"key": "kind", "name": "What", "href": "href"},
        {"key": "actor", "name": "Who"},
        {"key": "what", "name": "Details"},
    ]
    part = {"title": t("Events"), "rows": rows, "columns": columns, "none": t("Nothing happened yet.")}
    return page(request, "table.html.j2", title=t("Activity"), lead="", links=[], notes=[], parts=[part])


async def _last(api: Gateway) -> int:
    """The number of the newest event."""
    low = 0
    while True:
        found = await api.get("/v1/events", after=low, limit=1000)
        if len(found["items"]) < 1000:
            return int(found["last"])
        low = int(found["last"])


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
    since = datetime.now(UTC) - timedelta(days=days)
    runs = [
        run for run in await every(api.get, "/v1/runs") if datetime.fromisoformat(run["created_at"]) >= since
    ]
    ads = [
        ad
        for ad in await every(api.get, "/v1/creatives", current="true")
        if datetime.fromisoformat(ad["created_at"]) >= since
    ]
    findings: Counter[str] = Counter()
    for campaign in {run["campaign"] for run in runs}:
        counts: Mapping[str, Mapping[str, int]] = (await api.get("/v1/findings", campaign=campaign))["counts"]
        for rule, by_status in counts.items():
            findings[rule] += sum(by_status.get(status, 0) for status in ("warn", "fail", "error"))
    took = sorted(_seconds(run) for run in runs if run["finished_at"] and run["started_at"])
    cost = sum(float(run["cost"]["amount"]) for run in runs if run["cost"])
    statuses = Counter(ad["status"] for ad in ads)
    good = sum(statuses[s] for s in ("passed", "flagged"))
    facts = [
        ("Creatives", f"{len(ads):,}", ""),
        ("Campaigns", str(len({run["campaign"] for run in runs})), ""),
        ("Without a failed check", f"{100 * good / len(ads):.0f}" if ads else "–", "%"),
        ("Time to finish, median", f"{took[len(took) // 2]:.0f}" if took else "–", "s"),
        ("Cost per creative", f"{cost / len(ads):.4f}" if ads and cost else "0", "USD"),
    ]
    return {
        "facts": facts,
        "charts": {
            "creatives": ("Creatives by day", _by_day([ad["created_at"] for ad in ads], days)),
            "statuses": ("Creatives by status", [(status, float(statuses[status])) for status in STATUSES]),
            "findings": (
                "Findings by rule",
                [(rule, float(count)) for rule, count in findings.most_common(10) if count],
            ),
            "runs": (
                "Builds by state",
                [
                    (state, float(count))
                    for state, count in Counter(run["state"] for run in runs).most_common()
                ],
            ),
        },
    }


def _seconds(run: Mapping[str, Any]) -> float:
    return (
        datetime.fromisoformat(run["finished_at"]) - datetime.fromisoformat(run["started_at"])
    ).total_seconds()


def _by_day(moments: list[str], days: int) -> Series:
    counts = Counter(moment[:10] for moment in moments)
    today = datetime.now(UTC).date()
    return [
        (str(today - timedelta(days=back)), float(counts[str(today - timedelta(days=back))]))
        for back in range(days - 1, -1, -1)
    ]


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
