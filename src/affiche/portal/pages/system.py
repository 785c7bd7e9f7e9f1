"""System: whether every part is well, who works, what waits, what was given up and may be tried again, and the newest runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, said, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import Row, counted_in, grouped, spoken, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

_PARTS = {"registry": "Registry", "store": "Store", "golden": "Trial creative"}
#: State of a worker -> the badge that looks like it.
_BADGES = {"busy": "running", "idle": "ok", "draining": "waiting", "silent": "failed"}
_LETTERS = {"run": "Run", "run.submit": "Starting a run", "run.wish": "Changing a run"}
#: What counts the rows that no worker has taken, and says how old the oldest is, s (`api/metrics.py`).
_WAITING, _AGE = "affiche_outbox_waiting", "affiche_outbox_age_seconds"


async def shown(request: Request, api: Gateway) -> Response:
    """Health, what waits, workers and dead letters for those who may see them, and runs."""
    language, may = language_of(request), request.state.may
    runs = [_run(run, language) for run in (await api.get("/v1/runs", limit=50))["items"]]
    given_up = (await api.get("/v1/dead-letters"))["items"] if may("letters.list") else []
    letters = [_letter(letter, runs, language) for letter in given_up]
    told = {letter["id"] for letter in letters}
    there = (await api.get("/v1/workers"))["items"] if may("workers.list") else []
    failed = [run for run in runs if run["state"] == "failed" and run["id"] not in told]
    return page(
        request, "system.html.j2", parts=await _parts(api), waits=await _waits(api) if may("health.metrics") else None,
        workers=[_worker(worker, language) for worker in there], letters=letters, failed=failed, runs=runs,
    )  # fmt: skip


async def replay(request: Request, api: Gateway) -> Response:
    """What was given up is tried again."""
    await fields_of(request)
    t = translator(language_of(request))
    await api.post(f"/v1/dead-letters/{request.path_params['id']}/replay")
    return said(to("/system"), t("It is tried again."))


async def _parts(api: Gateway) -> list[tuple[str, str]]:
    """(part, `ok` or what is wrong with it); a service that is not ready answers 503 and says the same."""
    try:
        found = await api.get("/readyz")
    except Refused as no:
        found = no.problem
    parts: Mapping[str, str] = found.get("parts") or {"service": str(found.get("status") or found.get("title") or "")}
    return [(_PARTS.get(name, name), state) for name, state in parts.items()]


async def _waits(api: Gateway) -> Row | None:
    """How much no worker has taken yet, and for how long; None when nobody knows or the visitor's role does not reach."""
    try:
        text = (await api.get("/metrics")).decode()
    except Refused:
        return None
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith((f"{_WAITING} ", f"{_AGE} ")))
    if _WAITING not in values:
        return None
    return {"count": int(float(values[_WAITING])), "seconds": round(float(values[_AGE]))}


def _run(run: Mapping[str, Any], language: str) -> Row:
    steps = run["progress"].get("done", "")
    return {**run, "when": when(run["created_at"], language), "href": f"/campaigns/{run['campaign']}", "steps": steps}


def _worker(worker: Mapping[str, Any], language: str) -> Row:
    # By the database's clock, which is not this process's: how long ago is what it says itself.
    heard = spoken(timedelta(seconds=-max(1, round(worker["silent_s"]))), language)
    name = worker["id"].removeprefix(f"{worker['host']}-")
    return {
        **worker, "badge": _BADGES.get(worker["state"], worker["state"]), "name": name, "heard": heard,
        "when": when(worker["since"], language), "steps": counted_in(worker["steps"], language),
        "runs": _in_hand(worker["work"], language),
    }  # fmt: skip


def _in_hand(work: Iterable[Mapping[str, Any]], language: str) -> list[Row]:
    """What a worker has in hand by run: its parts, numbered from one, and how far the run is."""
    found: list[Row] = []
    for tasks in grouped(map(dict, work), lambda task: task["run"]).values():
        parts = [counted_in(int(task["part"]) + 1, language) for task in tasks if task["part"]]
        counts = {name: counted_in(tasks[0][name], language) for name in ("done", "steps")} if tasks[0]["steps"] else {}
        found.append({**tasks[0], "href": f"/campaigns/{tasks[0]['campaign']}", "parts": ", ".join(parts), "counts": counts})
    return found


def _letter(letter: Mapping[str, Any], runs: list[Row], language: str) -> Row:
    href = next((run["href"] for run in runs if run["id"] == letter["subject"]), "")
    kind = _LETTERS.get(letter["kind"], letter["kind"])
    return {**letter, "name": kind, "when": when(letter["at"], language), "href": href}
