"""Keys: everybody makes their own, which never do more than they may; administrators make those of the house and see all."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Response

from affiche.access import keys, people
from affiche.access.table import narrowed
from affiche.api.answer import Answer, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.schema.person import KeyOut, KeyRotation, Keys, KeyWanted
from affiche.errors import NotFound, Refused
from affiche.registry import ids
from affiche.registry.scope import Row, now

router = APIRouter(prefix="/v1", tags=["access"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("key"))]


@router.post("/keys", operation_id="keys.create", status_code=201, response_model=KeyOut)
def create(wanted: KeyWanted, asked: Asked, house: InHouse) -> Response:
    """A new key. The answer holds its text, this once."""
    others, person = _sees_all(house, asked), asked.principal.person if asked.principal.kind != "local" else ""
    personal = bool(person) and wanted.personal
    if not personal and not others:
        raise Refused("keys of the house are made by administrators", hint="make one of your own")

    def work(c: sa.Connection) -> Answer:
        grants = people.resolved(c, asked.scope, [one.plain() for one in wanted.grants])
        if narrowed(grants, asked.principal.grants) != grants:
            raise Refused("a key cannot do more than you may", hint="choose among your own roles")
        end = now() + timedelta(days=wanted.days) if wanted.days else None
        row, text = keys.add(
            c, asked.scope, name=wanted.name, grants=grants, person=person if personal else None, expires_at=end
        )
        return _made(row, text.reveal())

    return write(house, asked, work)


@router.get("/keys", operation_id="keys.list", response_model=Keys)
def listed(asked: Asked, house: InHouse) -> Keys:
    """Keys that the caller may see: their own; for administrators all."""
    everyone = _sees_all(house, asked)
    with house.registry.read() as c:
        rows = keys.all_of(c, asked.scope, person=None if everyone else asked.principal.person or "nobody")
    replaced = {row["rotated_from"] for row in rows}
    return Keys(items=[KeyOut.of(row, now(), replaced=row["id"] in replaced) for row in rows])


@router.get("/keys/{id}", operation_id="keys.get", response_model=KeyOut)
def get(id: Id, asked: Asked, house: InHouse) -> KeyOut:
    """One key."""
    with house.registry.read() as c:
        return KeyOut.of(_mine(c, house, asked, id), now())


@router.post("/keys/{id}/rotate", operation_id="keys.rotate", status_code=201, response_model=KeyOut)
def rotate(id: Id, asked: Asked, house: InHouse, wanted: KeyRotation | None = None) -> Response:
    """The successor of a key with the same roles; the old one stays valid for a while. The answer holds its text, this once."""

    def work(c: sa.Connection) -> Answer:
        old = _mine(c, house, asked, id)
        if old["revoked_at"] or (old["expires_at"] and old["expires_at"] <= now()):
            raise Refused("this key has ended", hint="make a new one")
        overlap = timedelta(hours=wanted.overlap_hours if wanted else KeyRotation().overlap_hours)
        row, text = keys.rotate(c, asked.scope, id, overlap=overlap)
        return _made(row, text.reveal())

    return write(house, asked, work)


@router.post("/keys/{id}/revoke", operation_id="keys.revoke", response_model=KeyOut)
def revoke(id: Id, asked: Asked, house: InHouse) -> Response:
    """Ends a key at once."""

    def work(c: sa.Connection) -> Answer:
        _mine(c, house, asked, id)
        keys.revoke(c, asked.scope, id)
        return Answer(body=KeyOut.of(keys.one(c, asked.scope, id), now()).model_dump(mode="json"))

    return write(house, asked, work)


def _made(row: Row, text: str) -> Answer:
    body = KeyOut.of(row, now(), key=text).model_dump(mode="json")
    return Answer(body=body, status=201, headers={"Location": f"/v1/keys/{row['id']}"})


def _sees_all(house: House, asked: Caller) -> bool:
    try:
        house.gate.brands(asked.principal, "keys.others")
    except Refused:
        return False
    return True


def _mine(c: sa.Connection, house: House, asked: Caller, id: str) -> Row:
    """The key, when it is the caller's or the caller sees all. Raises NotFound."""
    row = keys.one(c, asked.scope, id)
    if not _sees_all(house, asked) and (not row["person"] or row["person"] != asked.principal.person):
        raise NotFound(f"there is no key {id}")
    return row
