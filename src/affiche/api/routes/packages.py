"""Packages: zips of creatives. A delivery holds what is approved and nothing else; it is checked again at every download."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response

from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse
from affiche.api.files import file_responses, stored
from affiche.api.paging import Wanted, sealed
from affiche.api.schema.creative import Package, PackageWanted
from affiche.api.schema.shape import Page
from affiche.registry import events, ids, review, runs
from affiche.registry.scope import Row, now, one, page
from affiche.registry.tables.work import campaigns, creatives
from affiche.registry.tables.work import packages as table
from affiche.registry.tables.work import runs as runs_table
from affiche.runs.deliver import Unapproved, choose, packed, rights_in_force

router = APIRouter(prefix="/v1/packages", tags=["packages"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("pkg"))]


@router.post("", operation_id="packages.create", status_code=201, response_model=Package)
def create(wanted: PackageWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Packs the current creatives of a campaign."""
    with house.registry.read() as c:
        campaign = one(c, asked.scope, campaigns, id=wanted.campaign, what="campaign")
        choice = choose(c, campaign, kind=wanted.kind, channel=wanted.channel, partial=wanted.partial, at=now())
    data = packed(campaign, choice.rows, house.blobs, kind=wanted.kind)
    blob = house.blobs.put(data)

    def work(c: sa.Connection) -> Answer:
        if wanted.kind == "delivery":
            _still_approved(c, asked.scope.tenant, choice.rows)
        row = {
            "id": ids.new_id("pkg"), "tenant": asked.scope.tenant, "brand": campaign["brand"], "campaign": campaign["id"],
            "run": campaign["run"] or "", "kind": wanted.kind, "channel": wanted.channel, "state": "ready", "blob": blob,
            "bytes": len(data), "creatives": [r["id"] for r in choice.rows], "created_by": asked.scope.actor, "created_at": now(),
        }  # fmt: skip
        c.execute(sa.insert(table).values(**row))
        if wanted.kind == "delivery" and not choice.unapproved and not wanted.channel:
            _delivered(c, campaign, asked.scope.actor)
        events.append(
            c, asked.scope.tenant, "package.made", brand=campaign["brand"], campaign=campaign["id"], actor=asked.scope.actor,
            data={"id": row["id"], "kind": wanted.kind, "creatives": len(choice.rows)},
        )  # fmt: skip
        headers = {"Location": f"/v1/packages/{row['id']}"}
        return Answer(body=Package.of(row).model_dump(mode="json"), status=201, headers=headers)

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


def _still_approved(c: sa.Connection, tenant: str, rows: tuple[Row, ...]) -> None:
    """Nothing was withdrawn while the package was packed. Raises Unapproved."""
    if not all(standing.approved for standing in review.standing(c, tenant, rows).values()):
        raise Unapproved("an approval was withdrawn meanwhile", hint="look at the campaign again")


def _delivered(c: sa.Connection, campaign: Row, actor: str) -> None:
    state = c.execute(sa.select(runs_table.c.state).where(runs_table.c.id == campaign["run"])).scalar()
    if state == "approved":
        runs.move(c, campaign["run"], "delivered", actor=actor)


@router.get("", operation_id="packages.list", response_model=Page[Package])
def listed(asked: Asked, house: InHouse, part: Wanted, campaign: Annotated[str, Query(max_length=40)] = "") -> dict[str, Any]:
    """Packages, newest first."""
    where = [asked.scope.on(table), *([table.c.campaign == campaign] if campaign else [])]
    with house.registry.read() as c:
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return {"items": [Package.of(row) for row in rows], "next": sealed(cursor)}


@router.get("/{id}", operation_id="packages.get", response_model=Package)
def get(id: Id, asked: Asked, house: InHouse) -> Package:
    """One package."""
    with house.registry.read() as c:
        return Package.of(one(c, asked.scope, table, id=id, what="package"))


@router.get("/{id}/file", operation_id="packages.file", response_class=Response, responses=file_responses("zip"))
def file(id: Id, asked: Asked, house: InHouse, request: Request) -> Response:
    """The zip. A delivery is refused when an approval in it was withdrawn, or rights have ended, meanwhile."""
    with house.registry.read() as c:
        row = one(c, asked.scope, table, id=id, what="package")
        campaign = one(c, asked.scope, campaigns, id=row["campaign"], what="campaign")
        if row["kind"] == "delivery":
            query = sa.select(creatives).where(creatives.c.id.in_(row["creatives"]))
            rows = tuple(dict(found._mapping) for found in c.execute(query))
            if len(rows) != len(row["creatives"]):
                raise Unapproved("what was approved is not kept any more", hint="build the campaign and pack it again")
            _still_approved(c, asked.scope.tenant, rows)
            rights_in_force(c, campaign, now())
    response = stored(request, house, row["blob"], kind="zip", name=_named(campaign["slug"], row))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _named(campaign: str, package: Row) -> str:
    """What a package is saved as: whose it is, what it is for, and its day."""
    parts = (campaign, package["kind"], package["channel"], f"{package['created_at']:%Y-%m-%d}")
    return f"{'-'.join(part for part in parts if part)}.zip"
