"""Links: files and uploads for those who have no key, for a while: the store's own signed addresses, else ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche.api.answer import Answer, write
from affiche.api.body import bytes_body, bytes_openapi
from affiche.api.caller import Asked, InHouse
from affiche.api.files import MEDIA_TYPES, file_responses, stored
from affiche.api.house import House
from affiche.api.routes.assets import FILE_MAX
from affiche.api.schema.asset import Link, LinkWanted, Received
from affiche.api.signed import check, signed
from affiche.errors import AssetError, Changed, UsageError
from affiche.registry import assets, ids
from affiche.registry.scope import found, one
from affiche.registry.tables.material import assets as asset_table
from affiche.registry.tables.material import uploads
from affiche.registry.tables.work import creatives
from affiche.values.digest import Digest, digest_bytes

router = APIRouter(prefix="/v1", tags=["links"])

Signature = Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")]
Expires = Annotated[int, Query(ge=0, le=99_999_999_999)]


@router.post("/links", operation_id="links.create", status_code=201, response_model=Link)
def create(wanted: LinkWanted, asked: Asked, house: InHouse) -> Response:
    """A link to the file of an asset or a creative that works without a key until it ends. It cannot be called back."""
    with house.registry.read() as c:
        if wanted.asset:
            row = one(c, asked.scope, asset_table, id=wanted.asset, what="asset")
            kind = row["media_type"].removeprefix("image/")
        elif wanted.creative:
            row = one(c, asked.scope, creatives, id=wanted.creative, what="creative")
            kind = row["format"]
        else:
            raise UsageError("say of what: an asset or a creative")
    if not row["blob"]:
        raise UsageError("it has no file")
    kind = kind if kind in MEDIA_TYPES else "file"
    url = house.blobs.download_url(Digest(row["blob"]), seconds=wanted.seconds)
    url = url or signed(house.sealer, "GET", f"/v1/files/{row['blob']}", seconds=wanted.seconds, kind=kind)
    body = Link(url=url, expires_at=datetime.now(UTC) + timedelta(seconds=wanted.seconds))
    return write(house, asked, lambda _: Answer(body=body.model_dump(mode="json"), status=201))


@router.get(
    "/files/{blob}", operation_id="files.signed", response_class=Response,
    responses=file_responses("png", "jpeg", "webp", "avif", "gif"),
)  # fmt: skip
def file(
    blob: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], request: Request, house: InHouse,
    expires: Expires, signature: Signature,
    kind: Annotated[Literal["png", "jpeg", "webp", "avif", "gif", "tiff", "zip", "file"], Query()],
) -> Response:  # fmt: skip
    """The file of a link. A CDN may keep it until the link ends: the same address is always the same bytes."""
    left = check(house.sealer, "GET", f"/v1/files/{blob}", signature=signature, expires=expires, kind=kind)
    response = stored(request, house, blob, kind=kind, name="" if kind in _SHOWN else f"{blob[:12]}.{kind}")
    response.headers["Cache-Control"] = f"public, max-age={left}, immutable"
    return response


_SHOWN = ("png", "jpeg", "webp", "avif", "gif")


def direct_url(house: House, upload: str, *, size: int, sha256: str, seconds: int) -> str:
    """Where a whole file may be PUT without a key: exactly so many bytes, with this digest when it is announced."""
    return signed(house.sealer, "PUT", f"/v1/direct/{upload}", seconds=seconds, bytes=size, sha256=sha256)


@router.put(
    "/direct/{id}", operation_id="files.put", response_model=Received, openapi_extra=bytes_openapi("The whole file.")
)
async def put(
    id: Annotated[str, Path(pattern=ids.pattern("upl"))], request: Request, house: InHouse,
    expires: Expires, signature: Signature, size: Annotated[int, Query(alias="bytes", ge=1, le=FILE_MAX)],
    sha256: Annotated[str, Query(pattern=r"^([0-9a-f]{64})?$")] = "",
) -> Received:  # fmt: skip
    """Takes a whole file at an address that `POST /v1/uploads` gave; then complete the upload with your key."""
    check(house.sealer, "PUT", f"/v1/direct/{id}", signature=signature, expires=expires, bytes=size, sha256=sha256)
    data = await bytes_body(request, size)
    return await run_in_threadpool(_put, house, id, data, size=size, sha256=sha256)


def _put(house: House, id: str, data: bytes, *, size: int, sha256: str) -> Received:
    if len(data) != size:
        raise UsageError(f"{len(data):,} bytes came, {size:,} were announced")
    if sha256 and digest_bytes(data) != sha256:
        raise AssetError("these are not the bytes that were announced: their digest is another", hint="send the right file")
    blob = house.blobs.put(data)
    with house.registry.write() as c:
        row = found(c.execute(sa.select(uploads).where(uploads.c.id == id)).first(), "upload", id)
        if row["received"] == 0 and row["state"] == "open":
            assets.put_part(c, row, offset=0, blob=blob, size=size)
        elif row["parts"] != [blob]:
            raise Changed("this upload has other bytes already", hint="begin another one")
    return Received(received=size)
