"""Runs: how a build goes, and what is wished of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.portal.forms import fields_of, to
from affiche.portal.gateway import Gateway
from affiche.portal.shape import Row, when
from affiche.portal.views import environment, frame, language_of

_ACTIVE = ("queued", "planning", "waiting", "rendering", "checking", "paused")
#: State -> what may be wished: verb, label, icon.
_VERBS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "paused": (("resume", "Resume", "play"), ("cancel", "Cancel", "close")),
    "failed": (("retry", "Try again", "again"),),
    "partial": (("retry", "Try the failed ones again", "again"),),
    "cancelled": (("retry", "Try again", "again"),),
}
_RUNNING = (("pause", "Pause", "pause"), ("cancel", "Cancel", "close"))


def of_run(run: Mapping[str, Any], language: str) -> Row:
    """A run as pages show it."""
    progress, active = run["progress"], any(run["state"].startswith(state) for state in _ACTIVE)
    total, done = int(progress.get("steps", 0)), int(progress.get("done", 0))
    spent_s = _seconds(run)
    rate = done / spent_s if active and spent_s > 1 and done else 0.0
    cost = run.get("cost")
    return {
        **run,
        "active": active,
        "when": when(run["created_at"], language),
        "hint": "",
        "spend": [],
        "rate": f"{rate:.1f}" if rate else "",
        "left": _time((total - done) / rate) if rate and total > done else "",
        "cost": f"{cost['amount']} {cost['currency']}" if cost and float(cost["amount"]) else "",
        "phases": [
            {"name": "Steps", "done": done, "total": total, "percent": round(100 * done / max(1, total), 1)}
        ]
        if active
        else [],
        "verbs": _RUNNING if active and run["state"] != "paused" else _VERBS.get(run["state"], ()),
    }


def _seconds(run: Mapping[str, Any]) -> float:
    if not run["started_at"]:
        return 0.0
    return (datetime.now(UTC) - datetime.fromisoformat(run["started_at"])).total_seconds()


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


async def part(request: Request, api: Gateway) -> Response:
    """The part of a campaign's page that follows its run."""
    campaign = await api.get(f"/v1/campaigns/{request.path_params['id']}")
    run = await api.get(f"/v1/runs/{campaign['run']}") if campaign["run"] else None
    shown = of_run(run, language_of(request)) if run else None
    body = environment().get_template("run.html.j2").render(**frame(request), run=shown, campaign=campaign)
    answer = HTMLResponse(body)
    if shown is not None and not shown["active"]:
        answer.headers["HX-Trigger"] = "affiche:built"
    return answer


async def build(request: Request, api: Gateway) -> Response:
    """Starts a run of the newest brief."""
    await fields_of(request)
    id = request.path_params["id"]
    await api.post("/v1/runs", {"campaign": id})
    return to(f"/campaigns/{id}")


async def wish(request: Request, api: Gateway) -> Response:
    """Pause, resume, retry or cancel."""
    await fields_of(request)
    id, verb = request.path_params["id"], request.path_params["verb"]
    answer = await (
        api.post(f"/v1/runs/{id}/cancel")
        if verb == "cancel"
        else api.post(f"/v1/runs/{id}/wish", {"wish": verb})
    )
    return to(f"/campaigns/{answer['run']['campaign']}")
