"""Forms: fields of a form that came from one of our own pages, and where to go afterwards."""

from __future__ import annotations

import secrets

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

#: The cookie that forms of those who are not signed in repeat; forms of the others carry the session's token.
TOKEN = "affiche-csrf"  # noqa: S105 - a name

#: A form whose token is missing or of another session.
STALE = HTTPException(403, "This page is too old. Load it again.")


async def fields_of(request: Request) -> FormData:
    """The fields, once the token is right. Raises HTTPException."""
    fields = await request.form()
    given = request.headers.get("x-csrf-token") or str(fields.get("csrf", ""))
    known = str(getattr(request.state, "csrf", ""))
    if not known or not secrets.compare_digest(given.encode(), known.encode()):
        raise STALE
    return fields


def text(fields: FormData, name: str) -> str:
    """One field, trimmed; empty when it is not there."""
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def to(path: str) -> RedirectResponse:
    """See other, on our own site only: after a form."""
    return RedirectResponse(path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/", 303)
