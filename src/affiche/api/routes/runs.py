"""Runs: start one, ask how far it is, and wish that it be cancelled, paused, resumed, tried again."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Response

from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.paging import Wanted, sealed
from affiche.api.routes.campaigns import zoned
from affiche.api.schema.run import Changes, Run, RunAccepted, RunWanted, RunWish, links
from affiche.api.schema.shape import Page
from affiche.errors import UsageError
from affiche.registry import changes, ids, runs
from affiche.registry.scope import Row, one, page
from affiche.registry.tables.work import campaigns
from affiche.registry.tables.work import creatives as made_by
from affiche.registry.tables.work import runs as table

router = APIRouter(prefix="/v1/runs", tags=["runs"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("run"))]


def _accepted(row: Row) -> Answer:
    body = RunAccepted(run=Run.of(row), **links(row["id"]))
    return Answer(body=body.model_dump(mode="json"), status=202, headers={"Location": f"/v1/runs/{row['id']}"})


@router.post("", operation_id="runs.create", status_code=202, response_model=RunAccepted)
def create(wanted: RunWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Starts a run of a campaign's newest brief."""

    def work(c: sa.Connection) -> Answer:
        campaign = one(c, asked.scope, campaigns, id=wanted.campaign, what="campaign")
        order = runs.Order(
            priority=wanted.priority, chosen={str(name): values for name, values in wanted.chosen.items()},
            start_after=zoned(wanted.start_after), deadline=zoned(wanted.deadline),
        )  # fmt: skip
        return _accepted(runs.submit(c, asked.scope, campaign, order))

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


@router.get("", operation_id="runs.list", response_model=Page[Run])
def listed(
    asked: Asked, house: InHouse, part: Wanted,
    campaign: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=30)] = "",
    batch: Annotated[str, Query(max_length=40)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Runs, newest first."""
    where = [asked.scope.on(table)]
    where += [table.c[name] == value for name, value in (("campaign", campaign), ("state", state), ("batch", batch)) if value]
    with house.registry.read() as c:
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return {"items": [Run.of(row) for row in rows], "next": sealed(cursor)}


@router.get("/{id}", operation_id="runs.get", response_model=Run)
def get(id: Id, asked: Asked, house: InHouse) -> Run:
    """How far a run is."""
    with house.registry.read() as c:
        row = one(c, asked.scope, table, id=id, what="run")
        return Run.of(row, runs.waiting_for(c, row))


@router.get("/{id}/changes", operation_id="runs.changes", response_model=Changes)
def changes_since(
    id: Id, asked: Asked, house: InHouse,
    since: Annotated[str, Query(max_length=40, description="An earlier run of the campaign; empty = the one before.")] = "",
) -> dict[str, Any]:  # fmt: skip
    """What a run made otherwise than an earlier one."""
    with house.registry.read() as c:
        run = one(c, asked.scope, table, id=id, what="run")
        before = _earlier(c, asked, run, since)
        items, same = changes.between(c, before, id) if before else ([], 0)
    return {"before": before, "after": id, "items": items, "same": same}


def _earlier(c: sa.Connection, asked: Caller, run: Row, since: str) -> str:
    if since:
        row = one(c, asked.scope, table, id=since, what="run")
        if row["campaign"] != run["campaign"]:
            raise UsageError("these are runs of two campaigns", hint="compare runs of one")
        return since
    made = sa.select(made_by.c.run).where(made_by.c.campaign == run["campaign"], made_by.c.run < run["id"])
    return str(c.execute(made.order_by(made_by.c.run.desc()).limit(1)).scalar() or "")


@router.post("/{id}/cancel", operation_id="runs.cancel", status_code=202, response_model=RunAccepted)
def cancel(id: Id, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Stops a run at its next step; what was made stays."""
    return write(house, asked, lambda c: _accepted(runs.wish(c, asked.scope, id, "cancel")), key=key, asked=(id,))


@router.post("/{id}/wish", operation_id="runs.wish", status_code=202, response_model=RunAccepted)
def wish(id: Id, wanted: RunWish, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Pauses, resumes or retries a run."""
    return write(house, asked, lambda c: _accepted(runs.wish(c, asked.scope, id, wanted.wish)), key=key, asked=(id, wanted.wish))
