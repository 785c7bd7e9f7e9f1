"""Assets: files that briefs and brands name by id. Sent at once, in parts that can be resumed, or straight to the store."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche.api.answer import Answer, Key, write
from affiche.api.body import bytes_body, bytes_openapi
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.file_facts import facts_of
from affiche.api.files import file_responses, stored
from affiche.api.house import House
from affiche.api.paging import Wanted, sealed
from affiche.api.routes.campaigns import brand_id, zoned
from affiche.api.schema.asset import Asset, AssetChange, Upload, UploadWanted
from affiche.api.schema.shape import Page
from affiche.errors import AssetError, Changed, Conflict, UsageError
from affiche.registry import assets, ids
from affiche.registry.scope import Row, now, one, page
from affiche.registry.tables.material import assets as table
from affiche.registry.tables.material import uploads
from affiche.values.digest import Digest, digest_bytes

router = APIRouter(prefix="/v1", tags=["assets"])

Id = Annotated[str, Path(pattern=ids.pattern("ast"))]
UploadId = Annotated[str, Path(pattern=ids.pattern("upl"))]
Name = Annotated[str, Query(min_length=1, max_length=255, description="How people call it.")]
#: Largest file, and largest part of one, bytes.
FILE_MAX, PART_MAX = 60_000_000, 8_000_000
#: How long a signed address for a direct upload holds, s.
_DIRECT_S = 3600


_FILE = bytes_openapi("The file.")


@router.post("/assets", operation_id="assets.create", status_code=201, response_model=Asset, openapi_extra=_FILE)
async def create(
    request: Request, asked: Asked, house: InHouse, name: Name, key: Key = "",
    brand: Annotated[str, Query(max_length=64, description="Id or slug of the brand it belongs to.")] = "",
) -> Response:  # fmt: skip
    """Takes a picture, font or feed as the body."""
    data = await bytes_body(request, FILE_MAX)
    return await run_in_threadpool(_taken, house, asked, data, name=name, brand=brand, key=key)


def _taken(house: House, asked: Caller, data: bytes, *, name: str, brand: str, key: str = "", upload: str = "") -> Response:
    """The asset that these bytes become. Raises AssetError for what is no picture, font or feed."""
    facts = house.aside.run(facts_of, data, name)
    owner = brand_id(house, asked, brand)
    blob = house.blobs.put(data)

    def work(c: sa.Connection) -> Answer:
        duplicates = assets.same(c, asked.scope, blob)
        row = assets.add(c, asked.scope, brand=owner, name=name, blob=blob, facts=facts)
        if upload:
            assets.finish(c, upload, row["id"])
        body = Asset.of(row, duplicates).model_dump(mode="json")
        return Answer(body=body, status=201, headers={"Location": f"/v1/assets/{row['id']}"})

    return write(house, asked, work, key=key, asked=(name, brand, blob))


@router.get("/assets", operation_id="assets.list", response_model=Page[Asset])
def listed(
    asked: Asked, house: InHouse, part: Wanted,
    text: Annotated[str, Query(max_length=200, description="Only those whose name contains all of these words.")] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Assets that are not deleted, newest first."""
    where = [asked.scope.on(table), table.c.state != "deleted", *([table.c.kind == kind] if kind else [])]
    where += [table.c.name.icontains(word, autoescape=True) for word in text.split()[:8]]
    with house.registry.read() as c:
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return {"items": [Asset.of(row) for row in rows], "next": sealed(cursor)}


def _one(house: House, asked: Caller, id: str) -> Row:
    with house.registry.read() as c:
        return one(c, asked.scope, table, id=id, what="asset")


@router.get("/assets/{id}", operation_id="assets.get", response_model=Asset)
def get(id: Id, asked: Asked, house: InHouse) -> Asset:
    """One asset."""
    return Asset.of(_one(house, asked, id))


@router.get("/assets/{id}/file", operation_id="assets.file", response_class=Response, responses=file_responses("any"))
def file(id: Id, asked: Asked, house: InHouse, request: Request) -> Response:
    """The file as it was sent; never shown in the page of another."""
    row = _one(house, asked, id)
    known = row["media_type"].removeprefix("image/")
    return stored(request, house, row["blob"], kind=known if row["kind"] == "picture" else "", name="" if known in _SHOWN else id)


_SHOWN = {"png", "jpeg", "webp", "avif", "gif"}


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
    return write(house, asked, lambda c: Answer(body=Asset.of(assets.change(c, asked.scope, id, values)).model_dump(mode="json")))


@router.delete("/assets/{id}", operation_id="assets.delete", status_code=204, response_class=Response)
def delete(id: Id, asked: Asked, house: InHouse) -> Response:
    """Deletes an asset: briefs can no longer name it. What was built with it stays."""

    def work(c: sa.Connection) -> Answer:
        assets.remove(c, asked.scope, id)
        return Answer(status=204)

    return write(house, asked, work)


# -- in parts -------------------------------------------------------------------------------------------------------------


@router.post("/uploads", operation_id="uploads.create", status_code=201, response_model=Upload)
def begin(wanted: UploadWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Begins an upload that can be resumed."""
    owner = brand_id(house, asked, wanted.brand)

    def work(c: sa.Connection) -> Answer:
        row = assets.begin(c, asked.scope, brand=owner, name=wanted.name, size=wanted.bytes, sha256=wanted.sha256)
        direct = house.blobs.upload_url(row["id"], seconds=_DIRECT_S)
        body = Upload.of(row, direct).model_dump(mode="json")
        return Answer(body=body, status=201, headers={"Location": f"/v1/uploads/{row['id']}"})

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


def _upload(house: House, asked: Caller, id: str) -> Row:
    with house.registry.read() as c:
        row = one(c, asked.scope, uploads, id=id, what="upload")
    if row["state"] == "open" and row["expires_at"] < now():
        raise Conflict("this upload took too long", hint="begin another one")
    return row


@router.get("/uploads/{id}", operation_id="uploads.get", response_model=Upload)
def how_far(id: UploadId, asked: Asked, house: InHouse) -> Upload:
    """How far an upload is."""
    return Upload.of(_upload(house, asked, id))


@router.patch("/uploads/{id}", operation_id="uploads.send", response_model=Upload, openapi_extra=bytes_openapi("The next bytes."))
async def send(
    id: UploadId, request: Request, asked: Asked, house: InHouse,
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=FILE_MAX, description="Where these bytes belong: `received`.")],
) -> Upload:  # fmt: skip
    """Sends the next bytes, up to 8 MB at once. Refused with 412 when they belong elsewhere: ask how far the upload is."""
    data = await bytes_body(request, PART_MAX)
    return await run_in_threadpool(_sent, house, asked, id, data, offset)


def _sent(house: House, asked: Caller, id: str, data: bytes, offset: int) -> Upload:
    row = _upload(house, asked, id)
    if row["state"] != "open":
        raise Conflict("this upload is done")
    if offset + len(data) > row["bytes"]:
        raise UsageError(f"these are more than the {row['bytes']:,} bytes that were announced")
    blob = house.blobs.put(data)
    with house.registry.write() as c:
        if row["received"] != offset or not assets.put_part(c, row, offset=offset, blob=blob, size=len(data)):
            raise Changed(f"the upload is at {row['received']}, not at {offset}", hint="ask how far it is and go on there")
    return Upload.of(_upload(house, asked, id))


@router.post("/uploads/{id}/complete", operation_id="uploads.complete", status_code=201, response_model=Asset)
def complete(id: UploadId, asked: Asked, house: InHouse) -> Response:
    """Makes an asset of what was uploaded, in parts or straight to the store."""
    row = _upload(house, asked, id)
    if row["asset"]:
        found = Asset.of(_one(house, asked, row["asset"])).model_dump_json()
        return Response(found, status_code=201, media_type="application/json")
    if row["received"] == row["bytes"]:
        data = b"".join(house.blobs.get(Digest(part)) for part in row["parts"])
    elif row["received"] == 0 and house.blobs.upload_url(id, seconds=1):
        data = house.blobs.uploaded(id, max_bytes=row["bytes"])
    else:
        raise Conflict(f"{row['received']:,} of {row['bytes']:,} bytes are there", hint=f"send the rest to /v1/uploads/{id}")
    if row["sha256"] and digest_bytes(data) != row["sha256"]:
        raise AssetError("these are not the bytes that were announced: their digest is another", hint="begin the upload again")
    return _taken(house, asked, data, name=row["name"], brand=row["brand"], upload=id)
