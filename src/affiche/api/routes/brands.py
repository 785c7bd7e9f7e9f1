"""Brands: a brand file is posted as it is; a changed one is a new revision, and campaigns build with the newest."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche.api.answer import Answer, Key, etag, write
from affiche.api.body import file_body, file_openapi
from affiche.api.caller import Asked, InHouse
from affiche.api.paging import Wanted, sealed
from affiche.api.preconditions import IfMatch, expected
from affiche.api.schema.brand import Brand, BrandFile
from affiche.api.schema.shape import Page, page_of
from affiche.registry import brands, ids
from affiche.registry.scope import Row, one, page
from affiche.registry.tables.material import brands as table
from affiche.runs.intake import check_assets, take_brand

router = APIRouter(prefix="/v1/brands", tags=["brands"])

Id = Annotated[str, Path(pattern=ids.pattern("brd"))]
_BODY = file_openapi("A brand file; its logo, fonts and style pictures are named by asset id.")


def _answer(row: Row, status: int) -> Answer:
    headers = {"Location": f"/v1/brands/{row['id']}", "ETag": etag(row["revision"])}
    return Answer(body=Brand(**row).model_dump(mode="json"), status=status, headers=headers)


@router.post("", operation_id="brands.create", status_code=201, response_model=Brand, openapi_extra=_BODY)
async def create(
    request: Request, asked: Asked, house: InHouse,
    slug: Annotated[str, Query(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$", description="Its short name in briefs.")],
    key: Key = "",
) -> Response:  # fmt: skip
    """A new brand from its file."""
    data, media_type = await file_body(request)

    def made() -> Response:
        name, document, references = take_brand(data, media_type)

        def work(c: sa.Connection) -> Answer:
            check_assets(c, asked.scope, references)
            return _answer(brands.add(c, asked.scope, slug=slug, name=name, document=document), 201)

        return write(house, asked, work, key=key, asked=(slug, data))

    return await run_in_threadpool(made)


@router.get("", operation_id="brands.list", response_model=Page[Brand])
def listed(asked: Asked, house: InHouse, part: Wanted) -> dict[str, Any]:
    """Brands, newest first."""
    with house.registry.read() as c:
        rows, cursor = page(c, table, [asked.scope.on(table, "id")], before=part.before, limit=part.limit)
    return page_of(Brand, (rows, sealed(cursor)))


@router.get("/{id}", operation_id="brands.get", response_model=Brand)
def get(id: Id, asked: Asked, house: InHouse, response: Response) -> Brand:
    """One brand."""
    with house.registry.read() as c:
        row = one(c, asked.scope, table, id=id, what="brand")
    response.headers["ETag"] = etag(row["revision"])
    return Brand(**row)


@router.put("/{id}/file", operation_id="brands.revise", response_model=Brand, openapi_extra=_BODY)
async def revise(id: Id, request: Request, asked: Asked, house: InHouse, if_match: IfMatch = "", key: Key = "") -> Response:
    """A new revision of the brand file. With `If-Match` only on top of the revision that you know."""
    data, media_type = await file_body(request)
    known = expected(if_match)

    def made() -> Response:
        name, document, references = take_brand(data, media_type)

        def work(c: sa.Connection) -> Answer:
            check_assets(c, asked.scope, references)
            return _answer(brands.revise(c, asked.scope, id, expected=known, name=name, document=document), 200)

        return write(house, asked, work, key=key, asked=(id, known, data))

    return await run_in_threadpool(made)


@router.get("/{id}/revisions/{number}", operation_id="brands.revision", response_model=BrandFile)
def revision(id: Id, number: Annotated[int, Path(ge=1, le=1_000_000)], asked: Asked, house: InHouse) -> BrandFile:
    """A brand file as it was given."""
    with house.registry.read() as c:
        return BrandFile.of(brands.revision(c, asked.scope, id, number))
