"""Runs: how a build goes, and what is wished of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.portal.forms import fields_of, to
from affiche.portal.gateway import Gateway
from affiche.portal.outlook import outlook
from affiche.portal.sentences import plain, shown
from affiche.portal.shape import Row, inside, when
from affiche.portal.views import environment, frame, language_of

_ACTIVE = ("queued", "planning", "waiting", "rendering", "checking", "paused")
#: What the parts of a run are called, and the states in which it is there.
_WAY = (
    ("Waiting", ("queued", "waiting", "paused")), ("Planning", ("planning", "waiting-copy")),
    ("Making", ("rendering", "checking", "failed", "cancelled")), ("Review", ("needs-review", "partial")),
    ("Approved", ("approved", "delivered")),
)  # fmt: skip
_PHASES: Mapping[str, str] = {"imagine": "Pictures", "compose": "Creatives", "check": "Checks"}
#: Ads of a run under way that are shown; how high and how broad at most, px.
_LANDING, _HIGH, _BROAD = 30, 96, 160


def under_way(run: Mapping[str, Any]) -> bool:
    """Whether something happens with a run, or will: one that is to be tried again rests until the engine has heard of it."""
    return run["wish"] == "retry" or str(run["state"]).startswith(_ACTIVE)


def of_run(run: Mapping[str, Any], language: str) -> Row:
    """A run as pages show it."""
    run = {**run, "state": "queued", "reason": ""} if run["wish"] == "retry" else run
    progress, active = run["progress"], under_way(run)
    total, done = int(progress.get("steps", 0)), int(progress.get("done", 0))
    spent_s = _seconds(run)
    rate = done / spent_s if active and spent_s > 1 and done else 0.0
    cost = run.get("cost")
    return {
        **run,
        "active": active,
        "when": when(run["created_at"], language),
        "spend": _pictures(progress.get("spend") or {}, language) + _words(progress.get("words") or {}, language),
        "rate": f"{rate:.1f}" if rate else "",
        "left": _time((total - done) / rate) if rate and total > done else "",
        "cost": f"{cost['amount']} {cost['currency']}" if cost and float(cost["amount"]) else "",
        "failed": int(progress.get("failed", 0)) if active else 0,
        "steps": _steps(run["state"], active),
        "phases": _phases(progress, done, total) if active else [],
        **outlook(run, language, under_way=active),
        **({"verbs": ()} if run["wish"] == "retry" else {}),
    }


def _pictures(spent: Mapping[str, Any], language: str) -> list[Row]:
    """What providers of pictures were asked and paid; the last failure of each says why."""
    return [
        {"provider": name, "calls": row["calls"], "cost": f"{row['cost']} {row['currency']}", "why": shown(row["why"], language)}
        for name, row in spent.items()
    ]


def _words(told: Mapping[str, Any], language: str) -> list[Row]:
    """What the writer was asked, as one more provider; a failure says why words are missing."""
    failed = [plain(failure["message"], language) for failure in told.get("failures", ())]
    if not (told.get("calls") or failed):
        return []
    cost = f"{told.get('cost', '0')} {told.get('currency', 'USD')}"
    return [{"provider": told.get("writer", ""), "calls": told.get("calls", 0), "cost": cost, "why": " · ".join(failed)}]


def _steps(state: str, active: bool) -> list[Row]:
    """The way of a run, with where it is: `done`, `now`, or still to come."""
    names = [name for name, _ in _WAY]
    at = next((n for n, (_, states) in enumerate(_WAY) if state in states), len(names) - 1 if not active else 0)
    return [{"name": name, "is": "done" if n < at else "now" if n == at else ""} for n, name in enumerate(names)]


def _phases(progress: Row, done: int, total: int) -> list[Row]:
    """Kinds of steps with how far they are; one bar for all of them while a run does not say."""
    told = progress.get("phases") or {"Steps": [done, total]}
    return [
        {"name": _PHASES.get(kind, kind), "done": made, "total": of, "percent": round(100 * made / max(1, of), 1)}
        for kind, (made, of) in told.items()
    ]


def _seconds(run: Mapping[str, Any]) -> float:
    if not run["started_at"]:
        return 0.0
    return (datetime.now(UTC) - datetime.fromisoformat(run["started_at"])).total_seconds()


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


async def part(request: Request, api: Gateway) -> Response:
    """The part of a campaign's page that follows its run. `seen`: it was active when it was shown; `none`: no ads were there.

    A run that is over brings its ads: into the wall where there is one, else with the whole page.
    """
    campaign = await api.get(f"/v1/campaigns/{request.path_params['id']}")
    run = await api.get(f"/v1/runs/{campaign['run']}") if campaign["run"] else None
    shown = {**of_run(run, language_of(request)), "landed": await landing(api, run)} if run else None
    body = environment().get_template("run.html.j2").render(**frame(request), run=shown, campaign=campaign)
    answer = HTMLResponse(body)
    if shown is not None and not shown["active"] and request.query_params.get("seen") == "active":
        first = "none" in request.query_params
        answer.headers["HX-Refresh" if first else "HX-Trigger"] = "true" if first else "affiche:built"
    return answer


async def landing(api: Gateway, run: Mapping[str, Any]) -> Row | None:
    """The newest ads of a run that is under way, and how many there are; None before there are any, and when it is over."""
    if not under_way(run):
        return None
    newest, counts = await asyncio.gather(
        api.get("/v1/creatives", run=run["id"], limit=_LANDING), api.get("/v1/creatives/counts", run=run["id"])
    )
    ads = [{**one, **inside(one["width"] or 1, one["height"] or 1, broad=_BROAD, high=_HIGH)} for one in newest["items"]]
    return {"ads": ads, "total": counts["total"], "h": _HIGH} if ads else None


async def build(request: Request, api: Gateway) -> Response:
    """Starts a run of the newest brief."""
    await fields_of(request)
    id = request.path_params["id"]
    await api.post("/v1/runs", {"campaign": id})
    return to(f"/campaigns/{id}")


async def wish(request: Request, api: Gateway) -> Response:
    """Pause, resume, retry or cancel; `anew`: another run of the same creatives, without a deadline."""
    await fields_of(request)
    id, verb = request.path_params["id"], request.path_params["verb"]
    if verb == "anew":
        run = await api.get(f"/v1/runs/{id}")
        await api.post("/v1/runs", {"campaign": run["campaign"], "chosen": run["chosen"]})
        return to(f"/campaigns/{run['campaign']}")
    answer = await (
        api.post(f"/v1/runs/{id}/cancel")
        if verb == "cancel"
        else api.post(f"/v1/runs/{id}/wish", {"wish": verb})
    )
    return to(f"/campaigns/{answer['run']['campaign']}")
