"""Assets: files that briefs and brands name by id. Sent at once, or fetched from an address; in parts: `uploads.py`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche import wire
from affiche.api import meant
from affiche.api.answer import Answer, Key, write
from affiche.api.body import bytes_body, bytes_openapi
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.files import file_name, file_responses, stored
from affiche.api.house import House
from affiche.api.paging import Wanted, sealed
from affiche.api.routes.campaigns import brand_id, zoned
from affiche.api.schema.asset import Asset, AssetChange, AssetFetch
from affiche.api.schema.shape import Page
from affiche.errors import UsageError
from affiche.ingest.fetch import fetched
from affiche.ingest.ready import remember
from affiche.ingest.take import Arrived, keep, look
from affiche.registry import assets, ids, library
from affiche.registry.library import Filter
from affiche.registry.scope import Row, now, one, page
from affiche.registry.tables.material import assets as table

router = APIRouter(prefix="/v1", tags=["assets"])

Id = Annotated[str, Path(pattern=ids.pattern("ast"))]
Name = Annotated[str, Query(min_length=1, max_length=255, description="How people call it.")]
Named = Annotated[str, Query(pattern=f"^$|{ids.pattern('ast')}")]
#: Largest file, bytes.
FILE_MAX = 60_000_000


_FILE = bytes_openapi("The file.")
_KNOWN: dict[int | str, dict[str, Any]] = {200: {"model": Asset, "description": "These very bytes were here already."}}


@router.post(
    "/assets", operation_id="assets.create", status_code=201, response_model=Asset, openapi_extra=_FILE, responses=_KNOWN
)
async def create(
    request: Request, asked: Asked, house: InHouse, name: Name, key: Key = "",
    brand: Annotated[str, Query(max_length=64, description="Id or slug of the brand it belongs to.")] = "",
    reuse: Annotated[bool, Query(description="Answer with the asset of this brand that has these very bytes.")] = False,
    replaces: Annotated[Named, Query(description="The asset that this is a new version of.")] = "",
    derived_from: Annotated[Named, Query(description="The asset that this was made from.")] = "",
) -> Response:  # fmt: skip
    """Takes a picture, font or feed as the body."""
    data = await bytes_body(request, FILE_MAX)
    file = Arrived(data=data, name=name, brand=brand, reuse=reuse, replaces=replaces, derived=derived_from, source="upload")
    return await run_in_threadpool(taken, house, asked, file, key=key)


def taken(house: House, asked: Caller, file: Arrived, *, key: str = "", upload: str = "") -> Response:
    """The asset that a file becomes. `file.brand`: id or slug. Raises AssetError for what is no picture, font or feed."""
    file = replace(file, brand=brand_id(house, asked, file.brand))
    looked = look(file, house.blobs, house.examining, house.meanings.if_set_up)

    def work(c: sa.Connection) -> Answer:
        made = keep(c, asked.scope, looked)
        if upload:
            assets.finish(c, upload, made.row["id"])
        body = Asset.of(made.row, made.duplicates, made.near).model_dump(mode="json")
        headers = {"Location": f"/v1/assets/{made.row['id']}"}
        return Answer(body=body, status=201 if made.new or upload else 200, headers=headers)

    answer = write(house, asked, work, key=key, asked=(file.name, file.brand, looked.blob, file.replaces, file.derived))
    remember(looked, house.settings)
    return answer


@router.post("/assets/fetch", operation_id="assets.fetch", status_code=201, response_model=Asset, responses=_KNOWN)
async def fetch(wanted: AssetFetch, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Fetches a file from an address of the web; never from a private network, unless the operator allows the host."""
    fetcher = wire.fetcher(house.settings)
    try:
        data, name = await fetched(fetcher, wanted.url, max_bytes=FILE_MAX)
    finally:
        await fetcher.close()
    source = wanted.url.partition("?")[0]
    file = Arrived(data=data, name=wanted.name or name, brand=wanted.brand, source=source, reuse=True)
    return await run_in_threadpool(taken, house, asked, file, key=key)


@router.get("/assets", operation_id="assets.list", response_model=Page[Asset])
def listed(
    asked: Asked, house: InHouse, part: Wanted,
    text: Annotated[str, Query(max_length=200, description="Words of names, tags, rights, and files' own.")] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    tag: Annotated[str, Query(max_length=80)] = "",
    brand: Annotated[str, Query(max_length=40, description="The id of a brand.")] = "",
    rights: Annotated[Literal["", "expired", "soon", "none", "valid"], Query(description="soon: within 30 days.")] = "",
    color: Annotated[str, Query(pattern=r"^(#?[0-9a-fA-F]{6})?$", description="With this main colour, nearest first.")] = "",
    meaning: Annotated[str, Query(max_length=500, description="Pictures that this phrase is about, nearest first.")] = "",
    like: Annotated[Named, Query(description="Pictures that mean nearly what this one means, nearest first.")] = "",
) -> dict[str, Any]:  # fmt: skip
    """Assets that are not deleted, newest first; by colour or meaning one answer, nearest first."""
    wanted = Filter(text=text, kind=kind, tag=tag, brand=brand, rights=rights, at=now())
    phrase = meaning.strip()
    if sum(map(bool, (color, phrase, like))) > 1:
        raise UsageError("assets are put in one order: say one of color, meaning and like")
    if phrase or like:
        near = meant.of_phrase if phrase else meant.of_asset
        found = near(house, asked, phrase or like, wanted, limit=part.limit)
        return {"items": [Asset.of(row) for row, _ in found], "next": ""}
    with house.registry.read() as c:
        where = library.where(c, asked.scope, wanted)
        if color:
            return {"items": [Asset.of(row) for row in library.of_color(c, where, color, part.limit)], "next": ""}
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return {"items": [Asset.of(row) for row in rows], "next": sealed(cursor)}


def one_asset(house: House, asked: Caller, id: str) -> Row:
    """The asset. Raises NotFound."""
    with house.registry.read() as c:
        return one(c, asked.scope, table, id=id, what="asset")


@router.get("/assets/{id}", operation_id="assets.get", response_model=Asset)
def get(id: Id, asked: Asked, house: InHouse) -> Asset:
    """One asset."""
    return Asset.of(one_asset(house, asked, id))


@router.get("/assets/{id}/file", operation_id="assets.file", response_class=Response, responses=file_responses("any"))
def file(id: Id, asked: Asked, house: InHouse, request: Request) -> Response:
    """The file as it was sent, named by its title and what it is; never shown in the page of another."""
    row = one_asset(house, asked, id)
    known = row["media_type"].removeprefix("image/")
    name = file_name(row["name"], row["media_type"], otherwise=id)
    kind = known if row["kind"] == "picture" else ""
    return stored(request, house, row["blob"], kind=kind, name=name, shown=known in _SHOWN)


_SHOWN = {"png", "jpeg", "webp", "avif", "gif"}


@router.get(
    "/assets/{id}/thumbnail", operation_id="assets.thumbnail", response_class=Response, responses=file_responses("jpeg")
)
def thumbnail(id: Id, asked: Asked, house: InHouse, request: Request) -> Response:
    """A small JPEG of a picture."""
    return stored(request, house, one_asset(house, asked, id)["thumbnail"], kind="jpeg")


@router.patch("/assets/{id}", operation_id="assets.change", response_model=Asset)
def change(id: Id, wanted: AssetChange, asked: Asked, house: InHouse) -> Response:
    """Changes name, tags, focal point or rights."""
    given = wanted.model_fields_set
    said = {name: getattr(wanted, name) for name in ("name", "tags", "rights")}
    values: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if "rights_expire_at" in given:
        values["rights_expire_at"] = zoned(wanted.rights_expire_at)
    if "focal" in given:
        x, y = wanted.focal or (None, None)
        if x is not None and y is not None and not (0 <= x <= 1 and 0 <= y <= 1):
            raise UsageError("a focal point is two fractions 0..1")
        values |= {"focal_x": x, "focal_y": y}
    if wanted.legal_hold is not None:
        values["legal_hold"] = wanted.legal_hold
    return write(house, asked, lambda c: Answer(body=Asset.of(assets.change(c, asked.scope, id, values)).model_dump(mode="json")))


@router.delete("/assets/{id}", operation_id="assets.delete", status_code=204, response_class=Response)
def delete(id: Id, asked: Asked, house: InHouse) -> Response:
    """Deletes an asset: briefs can no longer name it. What was built with it stays."""

    def work(c: sa.Connection) -> Answer:
        assets.remove(c, asked.scope, id)
        return Answer(status=204)

    return write(house, asked, work)
