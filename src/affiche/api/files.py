"""Stored files as answers: named by the digest of their bytes, so they never change and may be kept for ever.

They are shown as what they are and nothing else: no sniffing, no scripts, in a sandbox of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request, Response

from affiche.api.house import House
from affiche.errors import NotFound
from affiche.values.digest import Digest

MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "avif": "image/avif", "gif": "image/gif",
    "tiff": "image/tiff", "zip": "application/zip",
}  # fmt: skip
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=31536000, immutable"}


def stored(request: Request, house: House, blob: str, *, kind: str, name: str = "") -> Response:
    """The file. 304 when the client has it. Raises NotFound, StorageError."""
    if not blob:
        raise NotFound("there is no file: it could not be made, or is not made yet")
    tag = f'"{blob}"'
    headers = {**_SAFE, "ETag": tag}
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    data = house.blobs.get(Digest(blob))
    return Response(data, media_type=MEDIA_TYPES.get(kind, "application/octet-stream"), headers=headers)


def file_responses(*kinds: str) -> dict[int | str, dict[str, object]]:
    """What the OpenAPI document says of a file."""
    shape = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {"description": "The file.", "content": {MEDIA_TYPES.get(kind, "*/*"): shape for kind in kinds}},
        304: {"description": "You have it already."},
    }
