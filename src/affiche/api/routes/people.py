"""People of the tenant: who may come in, with which roles. For administrators; what is one's own is in `session.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Response

from affiche.access import people, personal, sessions, tickets
from affiche.api.answer import Answer, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse
from affiche.api.paging import Wanted, sealed
from affiche.api.schema.person import (
    Erased,
    ErasureWanted,
    Names,
    Person,
    PersonalData,
    PersonChange,
    PersonWanted,
)
from affiche.api.schema.shape import Page
from affiche.registry import audit, ids
from affiche.registry.scope import Row, page
from affiche.registry.tables.people import people as table

router = APIRouter(prefix="/v1", tags=["access"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("per"))]


@router.post("/people", operation_id="people.create", status_code=201, response_model=Person)
def create(wanted: PersonWanted, asked: Asked, house: InHouse) -> Response:
    """Lets somebody in. The answer holds an invitation, this once; with a login provider the address alone is enough."""

    def work(c: sa.Connection) -> Answer:
        grants = [one.plain() for one in wanted.grants]
        row = people.add(c, asked.scope, email=wanted.email, name=wanted.name, grants=grants)
        ticket = tickets.issue(c, asked.scope.tenant, "invitation", person=row["id"])
        return Answer(body=_out(c, row, ticket), status=201, headers={"Location": f"/v1/people/{row['id']}"})

    return write(house, asked, work)


@router.get("/people", operation_id="people.list", response_model=Page[Person])
def listed(
    asked: Asked, house: InHouse, part: Wanted,
    text: Annotated[str, Query(max_length=200, description="In the name or the address.")] = "",
) -> dict[str, Any]:  # fmt: skip
    """People, newest first."""
    where = [table.c.tenant == asked.scope.tenant, table.c.erased_at.is_(None)]
    if text:
        where.append(sa.or_(table.c.name.icontains(text, autoescape=True), table.c.email.icontains(text, autoescape=True)))
    with house.registry.read() as c:
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
        return {"items": [_out(c, row) for row in rows], "next": sealed(cursor)}


@router.get("/names", operation_id="names.list", response_model=Names)
def names(asked: Asked, house: InHouse, id: Annotated[list[str], Query(max_length=200)]) -> dict[str, Any]:
    """What people and keys are called, by their ids, for everybody who sees what they did. Who is gone is left out."""
    with house.registry.read() as c:
        told = people.names(c, asked.scope.tenant, id)
    return {"items": [{"id": id, "name": name} for id, name in told.items()]}


@router.get("/people/{id}", operation_id="people.get", response_model=Person)
def get(id: Id, asked: Asked, house: InHouse) -> dict[str, Any]:
    """One person."""
    with house.registry.read() as c:
        return _out(c, people.one(c, asked.scope.tenant, id))


@router.patch("/people/{id}", operation_id="people.change", response_model=Person)
def change(id: Id, wanted: PersonChange, asked: Asked, house: InHouse) -> Response:
    """Changes name or roles, closes the account or opens it again. A closed one is out at once, with its keys."""

    def work(c: sa.Connection) -> Answer:
        values = {name: value for name, value in wanted.model_dump(include={"name", "active"}).items() if value is not None}
        row = people.change(c, asked.scope, id, **values)
        if wanted.grants is not None:
            people.grant(c, asked.scope, id, [one.plain() for one in wanted.grants])
        return Answer(body=_out(c, row))

    return write(house, asked, work)


@router.post("/people/{id}/invitation", operation_id="people.invite", status_code=201, response_model=Person)
def invite(id: Id, asked: Asked, house: InHouse) -> Response:
    """Another invitation: for who lost the first one, or their password. Older ones are worth nothing any more."""

    def work(c: sa.Connection) -> Answer:
        row = people.one(c, asked.scope.tenant, id)
        tickets.withdraw(c, asked.scope.tenant, "invitation", person=id)
        return Answer(body=_out(c, row, tickets.issue(c, asked.scope.tenant, "invitation", person=id)), status=201)

    return write(house, asked, work)


@router.delete("/people/{id}/sessions", operation_id="people.sessions", status_code=204, response_class=Response)
def sign_out(id: Id, asked: Asked, house: InHouse) -> Response:
    """Signs the person out everywhere."""

    def work(c: sa.Connection) -> Answer:
        people.one(c, asked.scope.tenant, id)
        sessions.end_all(c, asked.scope.tenant, id)
        return Answer(status=204)

    return write(house, asked, work)


@router.get("/people/{id}/export", operation_id="people.export", response_model=PersonalData)
def export(id: Id, asked: Asked, house: InHouse) -> Response:
    """Everything that is known about the person, as one file."""
    with house.registry.write() as c:
        data = personal.export(c, asked.scope.tenant, id)
        audit.append(
            c, asked.scope.tenant, asked.action, subject=id, actor=asked.principal.id, actor_kind=asked.principal.kind,
            request=asked.request_id,
        )  # fmt: skip
    return as_file(data)


@router.post("/people/{id}/erase", operation_id="people.erase", response_model=Erased)
def erase(id: Id, asked: Asked, house: InHouse, wanted: ErasureWanted | None = None) -> Response:
    """Makes the person nobody: name, address, login and sessions are gone, keys are revoked.

    Decisions and the audit log keep the id. There is no way back.
    """

    def work(c: sa.Connection) -> Answer:
        changed = personal.erase(c, asked.scope, id, words=wanted is not None and wanted.words)
        return Answer(body={"id": id, "changed": dict(changed)})

    return write(house, asked, work)


def as_file(data: Mapping[str, Any]) -> Response:
    """A person's data as a download."""
    headers = {"Content-Disposition": f'attachment; filename="affiche-{data["person"]["id"]}.json"'}
    return Response(json.dumps(data, ensure_ascii=False, indent=1), media_type="application/json", headers=headers)


def _out(c: sa.Connection, row: Row, ticket: str = "") -> dict[str, Any]:
    return Person.of(row, people.given_by(c, row["id"]), ticket).model_dump(mode="json")
