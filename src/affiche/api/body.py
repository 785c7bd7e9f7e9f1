"""Bodies that are files (briefs, brand files): streamed with a limit, never more in memory than is allowed."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from affiche.errors import TooLarge, UsageError

#: Largest JSON body, bytes.
JSON_MAX = 2_000_000
#: Largest brief or brand file, bytes.
MAX_BYTES = 4_000_000
#: How files say what they are; the first is what an unnamed one is taken for.
MEDIA_TYPES = ("application/yaml", "application/json", "text/markdown", "text/plain")


class UnsupportedMediaType(UsageError):
    """This kind of file is not taken here."""

    code = "unsupported-media-type"
    http_status = 415


async def file_body(request: Request) -> tuple[bytes, str]:
    """The body and its media type. Raises TooLarge as soon as it is, UsageError when empty, UnsupportedMediaType."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower() or MEDIA_TYPES[0]
    media_type = {"text/yaml": "application/yaml", "application/x-yaml": "application/yaml"}.get(media_type, media_type)
    if media_type not in MEDIA_TYPES:
        raise UnsupportedMediaType(f"{media_type[:80]} is not taken here", hint=f"send one of {', '.join(MEDIA_TYPES)}")
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BYTES:
            raise TooLarge(f"a file may have {MAX_BYTES:,} bytes")
    if not data.strip():
        raise UsageError("the body is empty", hint="send the file as it is")
    return bytes(data), media_type


async def bytes_body(request: Request, max_bytes: int) -> bytes:
    """The body. Raises TooLarge as soon as it is, UsageError when it is empty."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > max_bytes:
            raise TooLarge(f"at most {max_bytes:,} bytes are taken here")
    if not data:
        raise UsageError("the body is empty", hint="send the bytes of the file as they are")
    return bytes(data)


def bytes_openapi(what: str) -> dict[str, Any]:
    """A body of plain bytes in the OpenAPI document."""
    shape = {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}}}
    return {"requestBody": {"required": True, "description": what, "content": shape}}


def file_openapi(what: str) -> dict[str, Any]:
    """The request body in the OpenAPI document."""
    shapes: dict[str, Any] = {kind: {"schema": {"type": "string", "minLength": 1}} for kind in MEDIA_TYPES}
    shapes["application/json"] = {"schema": {"type": "object"}}
    return {"requestBody": {"required": True, "description": what, "content": shapes}}
