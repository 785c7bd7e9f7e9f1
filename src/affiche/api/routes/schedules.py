"""Schedules: make, list, change and delete runs to come."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Response

from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse
from affiche.api.paging import Wanted, sealed
from affiche.api.routes.campaigns import zoned
from affiche.api.schema.later import Schedule, ScheduleChange, ScheduleWanted
from affiche.api.schema.shape import Page
from affiche.registry import ids, schedules
from affiche.registry.scope import Row, one, page
from affiche.registry.tables.work import campaigns
from affiche.registry.tables.work import schedules as table

router = APIRouter(prefix="/v1/schedules", tags=["runs"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("sch"))]


def _shown(row: Row) -> dict[str, Any]:
    return Schedule.of(row).model_dump(mode="json")


@router.post("", operation_id="schedules.create", status_code=201, response_model=Schedule)
def create(wanted: ScheduleWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Runs a campaign later: at one moment, or again and again."""
    run = wanted.model_dump(include={"chosen", "priority", "within_minutes"}, exclude_none=True)

    def work(c: sa.Connection) -> Answer:
        campaign = one(c, asked.scope, campaigns, id=wanted.campaign, what="campaign")
        row = schedules.add(c, asked.scope, campaign, cron=wanted.cron, at=zoned(wanted.at), run=run)
        return Answer(body=_shown(row), status=201, headers={"Location": f"/v1/schedules/{row['id']}"})

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


@router.get("", operation_id="schedules.list", response_model=Page[Schedule])
def listed(asked: Asked, house: InHouse, part: Wanted, campaign: Annotated[str, Query(max_length=40)] = "") -> dict[str, Any]:
    """Schedules, newest first."""
    where = [asked.scope.on(table), *([table.c.campaign == campaign] if campaign else [])]
    with house.registry.read() as c:
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return {"items": [Schedule.of(row) for row in rows], "next": sealed(cursor)}


@router.get("/{id}", operation_id="schedules.get", response_model=Schedule)
def get(id: Id, asked: Asked, house: InHouse) -> Schedule:
    """One schedule."""
    with house.registry.read() as c:
        return Schedule.of(schedules.get(c, asked.scope, id))


@router.patch("/{id}", operation_id="schedules.change", response_model=Schedule)
def change(id: Id, wanted: ScheduleChange, asked: Asked, house: InHouse) -> Response:
    """Turns it on or off, or gives it other times."""
    values: dict[str, Any] = {"active": wanted.active, "cron": wanted.cron, "at": zoned(wanted.at)}
    return write(house, asked, lambda c: Answer(body=_shown(schedules.change(c, asked.scope, id, **values))))


@router.delete("/{id}", operation_id="schedules.delete", status_code=204, response_class=Response)
def delete(id: Id, asked: Asked, house: InHouse) -> Response:
    """Runs no more; what it began stays."""

    def work(c: sa.Connection) -> Answer:
        schedules.remove(c, asked.scope, id)
        return Answer(status=204)

    return write(house, asked, work)
