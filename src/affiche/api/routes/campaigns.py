"""Campaigns: a brief is posted as it is; it becomes a campaign with a revision, and (unless told otherwise) a run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche.api.answer import Answer, Key, etag, write
from affiche.api.body import file_body, file_openapi
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.paging import Wanted, sealed
from affiche.api.preconditions import IfMatch, expected
from affiche.api.schema.campaign import Campaign, CampaignMade, Revision
from affiche.api.schema.run import Run, links
from affiche.api.schema.shape import Page, page_of
from affiche.errors import Refused
from affiche.registry import brands, campaigns, ids, runs, search
from affiche.registry.scope import Row, one, page
from affiche.registry.tables.work import campaigns as table
from affiche.runs.intake import Intake, check_assets, take_brief

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])

Id = Annotated[str, Path(pattern=ids.pattern("cmp"))]
_BODY = file_openapi("A brief: ours, or anybody's. In the service it names assets by id.")


def _run_wanted(
    run: Annotated[bool, Query(description="false: only store the brief.")] = True,
    priority: Annotated[int, Query(ge=1, le=9, description="1 goes first.")] = 5,
    start_after: Annotated[datetime | None, Query(description="Not before this moment.")] = None,
    deadline: Annotated[datetime | None, Query(description="When it is wanted.")] = None,
) -> runs.Order | None:
    return runs.Order(priority=priority, start_after=zoned(start_after), deadline=zoned(deadline)) if run else None


def zoned(moment: datetime | None) -> datetime | None:
    """A moment without a zone is meant in UTC."""
    from datetime import UTC

    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


OrderWanted = Annotated[runs.Order | None, Depends(_run_wanted)]


@router.post(
    "", operation_id="campaigns.create", status_code=202, response_model=CampaignMade, openapi_extra=_BODY,
    responses={201: {"model": CampaignMade, "description": "Stored; nothing runs."}},
)  # fmt: skip
async def create(
    request: Request, asked: Asked, house: InHouse, order: OrderWanted, key: Key = "",
    brand: Annotated[str, Query(max_length=64, description="Id or slug of the brand it is for.")] = "",
) -> Response:  # fmt: skip
    """Takes a brief: a new campaign, its first revision and its run, in one transaction."""
    data, media_type = await file_body(request)
    return await run_in_threadpool(_created, house, asked, data, media_type, brand=brand, order=order, key=key)


def _created(
    house: House, asked: Caller, data: bytes, media_type: str, *, brand: str, order: runs.Order | None, key: str
) -> Response:
    row = _brand(house, asked, brand)
    intake = take_brief(data, media_type, brand=row)

    def work(c: sa.Connection) -> Answer:
        check_assets(c, asked.scope, intake.references)
        made = campaigns.add(
            c, asked.scope, slug=intake.brief.campaign, name=intake.brief.name, brand=row["id"] if row else "",
            brief=intake.document, assets=intake.assets, brand_revision=row["revision"] if row else 0, search=intake.search,
        )  # fmt: skip
        return _made(c, asked, made, intake, order)

    return write(house, asked, work, key=key, asked=(data, brand, repr(order)))


def _brand(house: House, asked: Caller, name: str) -> Row | None:
    """The brand that is meant. Without one only those who see everything may work. Raises NotFound, Refused."""
    if not name:
        if not asked.scope.covers(""):
            raise Refused("say for which brand", hint="add ?brand=, one of yours")
        return None
    with house.registry.read() as c:
        return brands.named(c, asked.scope, name)


def brand_id(house: House, asked: Caller, name: str) -> str:
    """The id of the brand that is meant; empty for none. Raises NotFound, Refused."""
    row = _brand(house, asked, name)
    return str(row["id"]) if row else ""


def _made(c: sa.Connection, asked: Caller, row: Row, intake: Intake, order: runs.Order | None) -> Answer:
    """The answer to a brief that was stored, with its run when one is wanted."""
    run = runs.submit(c, asked.scope, row, order) if order else None
    row = one(c, asked.scope, table, id=row["id"], what="campaign")
    body = CampaignMade(
        campaign=Campaign(**row), run=Run.of(run) if run else None, problems=[problem.as_dict() for problem in intake.problems],
        **(links(run["id"]) if run else {}),
    )  # fmt: skip
    headers = {"Location": f"/v1/campaigns/{row['id']}", "ETag": etag(row["revision"])}
    return Answer(body=body.model_dump(mode="json"), status=202 if run else 201, headers=headers)


@router.get("", operation_id="campaigns.list", response_model=Page[Campaign])
def listed(
    asked: Asked, house: InHouse, part: Wanted,
    state: Annotated[str, Query(max_length=30, description="Only those in this state.")] = "",
    text: Annotated[str, Query(max_length=200, description="Only those with words that begin like all of these.")] = "",
    brand: Annotated[str, Query(max_length=64, description="Only those for the brand of this id.")] = "",
) -> dict[str, Any]:  # fmt: skip
    """Campaigns, newest first."""
    where = [asked.scope.on(table)]
    if state:
        where.append(table.c.state == state)
    if brand:
        where.append(table.c.brand == brand)
    with house.registry.read() as c:
        where.append(search.condition(c, table.c.id, text))
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return page_of(Campaign, (rows, sealed(cursor)))


@router.get("/{id}", operation_id="campaigns.get", response_model=Campaign)
def get(id: Id, asked: Asked, house: InHouse, response: Response) -> Campaign:
    """One campaign."""
    with house.registry.read() as c:
        row = one(c, asked.scope, table, id=id, what="campaign")
    response.headers["ETag"] = etag(row["revision"])
    return Campaign(**row)


@router.put("/{id}/brief", operation_id="campaigns.revise", response_model=CampaignMade, status_code=202, openapi_extra=_BODY,
            responses={201: {"model": CampaignMade, "description": "Stored; nothing runs."}})  # fmt: skip
async def revise(
    id: Id, request: Request, asked: Asked, house: InHouse, order: OrderWanted, if_match: IfMatch = "", key: Key = ""
) -> Response:
    """A new revision of the brief. With `If-Match` only on top of the revision that you know."""
    data, media_type = await file_body(request)
    known = expected(if_match)
    return await run_in_threadpool(_revised, house, asked, id, data, media_type=media_type, known=known, order=order, key=key)


def _revised(
    house: House, asked: Caller, id: str, data: bytes, *, media_type: str, known: int | None, order: runs.Order | None, key: str
) -> Response:
    with house.registry.read() as c:
        before = one(c, asked.scope, table, id=id, what="campaign")
    row = _brand(house, asked, before["brand"])
    intake = take_brief(data, media_type, brand=row)

    def work(c: sa.Connection) -> Answer:
        check_assets(c, asked.scope, intake.references)
        made = campaigns.revise(
            c, asked.scope, id, expected=known, name=intake.brief.name, brief=intake.document, assets=intake.assets,
            brand_revision=row["revision"] if row else 0, search=intake.search,
        )  # fmt: skip
        return _made(c, asked, made, intake, order)

    return write(house, asked, work, key=key, asked=(id, data, known, repr(order)))


@router.get("/{id}/revisions/{number}", operation_id="campaigns.revision", response_model=Revision)
def revision(id: Id, number: Annotated[int, Path(ge=1, le=1_000_000)], asked: Asked, house: InHouse) -> Revision:
    """A brief as it was given."""
    with house.registry.read() as c:
        row = campaigns.revision(c, asked.scope, id, number)
    return Revision.of(row, row["brief"])
