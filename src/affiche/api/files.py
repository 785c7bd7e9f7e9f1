"""Stored files as answers: named by the digest of their bytes, so they never change and may be kept for ever.

They are shown as what they are and nothing else: no sniffing, no scripts, in a sandbox of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Request, Response

from affiche.api.house import House
from affiche.errors import NotFound
from affiche.values.digest import Digest

MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "avif": "image/avif", "gif": "image/gif",
    "tiff": "image/tiff", "zip": "application/zip",
}  # fmt: skip
#: How the name of a downloaded file ends; what is not named here ends as its media type's last word does.
_ENDINGS: Mapping[str, str] = {
    "jpeg": "jpg", "svg+xml": "svg", "plain": "txt", "jsonl": "jsonl", "x-ndjson": "jsonl", "octet-stream": "bin",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
#: Bytes of a name before its ending: file systems take 255, and browsers add to it.
_LONGEST_NAME = 200
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=31536000, immutable"}


def stored(request: Request, house: House, blob: str, *, kind: str, name: str = "", shown: bool = False) -> Response:
    """The file, saved as `name` when one is given, looked at in its place when `shown`. 304 when the client has it.

    Raises NotFound, StorageError.
    """
    if not blob:
        raise NotFound("there is no file: it could not be made, or is not made yet")
    tag = f'"{blob}"'
    headers = {**_SAFE, "ETag": tag}
    if name:
        headers["Content-Disposition"] = disposition(name, shown=shown)
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    data = house.blobs.get(Digest(blob))
    return Response(data, media_type=MEDIA_TYPES.get(kind, "application/octet-stream"), headers=headers)


def disposition(name: str, *, shown: bool = False) -> str:
    """The header that names a file (RFC 6266): the name itself in UTF-8, and one in ASCII for clients that know no other."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    plain = f"file{plain}" if plain.startswith(".") else plain
    named = f'{"inline" if shown else "attachment"}; filename="{plain}"'
    return named if plain == name else f"{named}; filename*=UTF-8''{quote(name, safe='')}"


def file_name(title: str, media_type: str, *, otherwise: str) -> str:
    """A name for a download: the title without what a file system, a terminal or a reader could trip over, and the ending of
    what the file is (never the one that somebody gave it). `otherwise` when nothing is left of the title."""
    last = media_type.rpartition("/")[2].lower()
    ending = _ENDINGS.get(last) or re.sub(r"[^a-z0-9]", "", last)[:8] or "bin"
    # Other, control and format characters (line ends, marks that turn the direction) and separators of folders.
    kept = "".join(" " if unicodedata.category(one)[0] in "CZ" or one in '/\\:*?"<>|' else one for one in title)
    stem = " ".join(kept.split()).strip(". ")
    for known in (ending, last):
        stem = stem.removesuffix(f".{known}")
    stem = stem.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(". ")
    return f"{stem or otherwise}.{ending}"


def file_responses(*kinds: str) -> dict[int | str, dict[str, object]]:
    """What the OpenAPI document says of a file."""
    shape = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {"description": "The file.", "content": {MEDIA_TYPES.get(kind, "*/*"): shape for kind in kinds}},
        304: {"description": "You have it already."},
    }
