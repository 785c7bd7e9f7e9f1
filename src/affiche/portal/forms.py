"""Forms: fields of a form that came from one of our own pages, and where to go afterwards."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

#: The cookie that forms of those who are not signed in repeat; forms of the others carry the session's token.
TOKEN = "affiche-csrf"  # noqa: S105 - a name
#: The cookie that carries what the next page says; most ids that it holds (a cookie has 4 kB), and its life, s: as long as a
#: page may wait for a build before it moves on to the newest ad, where the way back is still needed.
SAID, _IDS, _LIFE_S = "affiche-said", 100, 600

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


def guard(request: Request) -> None:
    """What scripts of our pages send without a form carries the token in a header. Raises HTTPException."""
    given, known = request.headers.get("x-csrf-token", ""), str(getattr(request.state, "csrf", ""))
    if not known or not secrets.compare_digest(given.encode(), known.encode()):
        raise STALE


def text(fields: FormData, name: str) -> str:
    """One field, trimmed; empty when it is not there."""
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def to(path: str) -> RedirectResponse:
    """See other, on our own site only: after a form."""
    return RedirectResponse(path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/", 303)


def said(answer: Response, words: str, undo: str = "", ids: Sequence[str] = ()) -> Response:
    """`answer`, and the next page says `words`, with a way back: `ids` are posted to `undo`; none when there are too many."""
    told = {"text": words, "undo": undo if 0 < len(ids) <= _IDS else "", "ids": " ".join(ids[:_IDS])}
    value = quote(json.dumps(told, ensure_ascii=False), safe="")
    answer.set_cookie(SAID, value, max_age=_LIFE_S, httponly=True, samesite="strict", path="/")
    return answer


def told(request: Request) -> tuple[dict[str, Any], ...]:
    """What `said` left for this page."""
    try:
        found = json.loads(unquote(request.cookies.get(SAID, "")))
    except ValueError:
        return ()
    return (found,) if isinstance(found, dict) and str(found.get("undo", "")).startswith(("", "/")) else ()
