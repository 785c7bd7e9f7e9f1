"""Uploads: files that come in parts and can be resumed, or straight to the store."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche.api.answer import Answer, Key, write
from affiche.api.body import bytes_body, bytes_openapi
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.routes.assets import FILE_MAX, Named, one_asset, taken
from affiche.api.routes.campaigns import brand_id
from affiche.api.routes.links import direct_url
from affiche.api.schema.asset import Asset, Upload, UploadWanted
from affiche.errors import AssetError, Changed, Conflict, UsageError
from affiche.ingest.take import Arrived
from affiche.registry import assets, ids
from affiche.registry.scope import Row, now, one
from affiche.registry.tables.material import uploads
from affiche.values.digest import Digest, digest_bytes

router = APIRouter(prefix="/v1", tags=["assets"])

UploadId = Annotated[str, Path(pattern=ids.pattern("upl"))]
#: Largest part of a file, bytes.
PART_MAX = 8_000_000
#: How long a signed address for a direct upload holds, s.
_DIRECT_S = 3600


@router.post("/uploads", operation_id="uploads.create", status_code=201, response_model=Upload)
def begin(wanted: UploadWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Begins an upload that can be resumed."""
    owner = brand_id(house, asked, wanted.brand)

    def work(c: sa.Connection) -> Answer:
        row = assets.begin(c, asked.scope, brand=owner, name=wanted.name, size=wanted.bytes, sha256=wanted.sha256)
        direct = house.blobs.upload_url(row["id"], seconds=_DIRECT_S) or direct_url(
            house, row["id"], size=wanted.bytes, sha256=wanted.sha256, seconds=_DIRECT_S
        )
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
def complete(
    id: UploadId, asked: Asked, house: InHouse,
    reuse: Annotated[bool, Query(description="Answer with the asset of this brand that has these very bytes.")] = False,
    replaces: Annotated[Named, Query(description="The asset that this is a new version of.")] = "",
) -> Response:  # fmt: skip
    """Makes an asset of what was uploaded, in parts or straight to the store."""
    row = _upload(house, asked, id)
    if row["asset"]:
        found = Asset.of(one_asset(house, asked, row["asset"])).model_dump_json()
        return Response(found, status_code=201, media_type="application/json")
    if row["received"] == row["bytes"]:
        data = b"".join(house.blobs.get(Digest(part)) for part in row["parts"])
    elif row["received"] == 0 and house.blobs.upload_url(id, seconds=1):
        data = house.blobs.uploaded(id, max_bytes=row["bytes"])
    else:
        raise Conflict(f"{row['received']:,} of {row['bytes']:,} bytes are there", hint=f"send the rest to /v1/uploads/{id}")
    if row["sha256"] and digest_bytes(data) != row["sha256"]:
        raise AssetError("these are not the bytes that were announced: their digest is another", hint="begin the upload again")
    file = Arrived(data=data, name=row["name"], brand=row["brand"], source="upload", reuse=reuse, replaces=replaces)
    return taken(house, asked, file, upload=id)
