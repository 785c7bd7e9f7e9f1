"""Errors as `application/problem+json` (RFC 9457): stable `code`, text for people, a hint, and a pointer to what is wrong.

Entries only map what `errors.py` says of an error. What is nobody's fault but ours is logged with the request's id; the caller
gets the id and no details.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from affiche.api.caller import OverLimit
from affiche.errors import AfficheError

MEDIA_TYPE = "application/problem+json"
_CODES = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported-media-type"}
#: How soon to try again what may work later, s.
_AGAIN_S = 2

log = logging.getLogger("affiche.api")


def problem(
    request: Request, status: int, code: str, detail: str, *, hint: str = "", pointer: str = "",
    problems: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """The answer that says what is wrong."""
    body = {
        "type": f"urn:affiche:problem:{code}", "title": code.replace("-", " ").replace(".", ": "), "status": status, "code": code,
        "detail": detail, "hint": hint, "pointer": pointer, "problems": list(problems),
        "request_id": getattr(request.state, "request_id", ""),
    }  # fmt: skip
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def install(app: FastAPI) -> None:
    """Every error of `app` becomes a problem."""
    app.add_exception_handler(AfficheError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def _known(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AfficheError)
    headers: dict[str, str] = {}
    if isinstance(error, OverLimit):
        headers["Retry-After"] = str(max(1, error.allowance.reset_s))
    elif error.retry == "later":
        headers["Retry-After"] = str(_AGAIN_S)
    if error.http_status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="affiche"'
    if error.http_status >= 500:
        log.error("%s: %s", error.code, error, extra={"request_id": getattr(request.state, "request_id", "")})
    found = [found.as_dict() for found in getattr(error, "problems", ())]
    pointer = str(getattr(error, "pointer", ""))
    return problem(
        request, error.http_status, error.code, error.public, hint=error.hint, pointer=pointer, problems=found, headers=headers
    )


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [
        {"severity": "error", "code": str(e["type"]), "where": _pointer(e["loc"]), "message": str(e["msg"]), "hint": ""}
        for e in error.errors()
    ]
    detail = f"{len(found)} thing{'s are' if len(found) != 1 else ' is'} wrong with the request: {found[0]['message']}"
    return problem(request, 422, "request-invalid", detail, pointer=found[0]["where"], problems=found)


def _pointer(places: Sequence[Any]) -> str:
    """A JSON pointer into the request: `/body/name`, `/query/limit`."""
    return "".join("/" + str(place).replace("~", "~0").replace("/", "~1") for place in places)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "request-refused")
    return problem(request, error.status_code, code, str(error.detail), headers=error.headers)


def _fault(request: Request, error: Exception) -> JSONResponse:
    """Something we did not think of."""
    request_id = getattr(request.state, "request_id", "")
    log.error("fault", exc_info=error, extra={"request_id": request_id})
    return problem(request, 500, "internal", "This is a fault of Affiche.", hint=f"report the request {request_id}")
