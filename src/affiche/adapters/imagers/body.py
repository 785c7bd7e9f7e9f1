"""Bodies of requests: JSON and multipart, the same bytes for the same content."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Encoded content and its media type."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a multipart body."""

    field: str
    name: str
    media_type: str
    data: bytes


NOTHING = Body(media_type="", data=b"")


def as_json(value: Mapping[str, Any]) -> Body:
    """A JSON body; members that are None are left out."""
    plain = {name: item for name, item in value.items() if item is not None}
    return Body(media_type="application/json", data=json.dumps(plain, ensure_ascii=False).encode())


def as_multipart(fields: Mapping[str, object], files: Sequence[File] = ()) -> Body:
    """A multipart body; fields that are None are left out. Its boundary is the digest of what it holds."""
    given = {name: value for name, value in fields.items() if value is not None}
    parts = [(f'Content-Disposition: form-data; name="{name}"', str(value).encode()) for name, value in given.items()]
    for file in files:
        head = f'Content-Disposition: form-data; name="{file.field}"; filename="{file.name}"\r\nContent-Type: {file.media_type}'
        parts.append((head, file.data))
    boundary = hashlib.sha256(b"".join(head.encode() + data for head, data in parts)).hexdigest()[:40]
    lines = [f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts]
    return Body(media_type=f"multipart/form-data; boundary={boundary}", data=b"".join(lines) + f"--{boundary}--\r\n".encode())


def b64(data: bytes) -> str:
    """Base64 as JSON bodies carry it."""
    return base64.b64encode(data).decode("ascii")


def data_url(data: bytes, media_type: str) -> str:
    """`data:` with the bytes in base64."""
    return f"data:{media_type};base64,{b64(data)}"
