"""Cursors: opaque to clients, an id to us. A cursor of another list, or a made-up one, is refused."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from affiche.errors import UsageError

LIMIT_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a list is wanted: `limit` items older than the id `before`."""

    before: str
    limit: int


def part(
    cursor: Annotated[str, Query(max_length=200, description="`next` of the part before.")] = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 50,
) -> Part:
    """The wanted part. Raises UsageError for a cursor that is none of ours."""
    return Part(before=_opened(cursor), limit=limit)


def sealed(before: str) -> str:
    """The cursor that stands for an id."""
    return base64.urlsafe_b64encode(before.encode()).decode().rstrip("=") if before else ""


def _opened(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        id = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        id = ""
    if sealed(id) != cursor or not id:
        raise UsageError("the cursor is none of ours", hint="take `next` of the answer before, as it is")
    return id


Wanted = Annotated[Part, Depends(part)]
