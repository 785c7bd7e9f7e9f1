"""The application: routers, what every request passes, how errors look, the OpenAPI document."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware

from affiche import tracing
from affiche.api import problem
from affiche.api.caller import credentials_of
from affiche.api.house import House
from affiche.api.left import LeftStreams
from affiche.api.routes import (
    assets,
    audit,
    batches,
    brands,
    campaigns,
    catalog,
    clusters,
    creatives,
    events,
    health,
    keys,
    kits,
    library,
    links,
    meaning,
    overview,
    packages,
    people,
    plans,
    proposals,
    reviews,
    runs,
    schedules,
    session,
    spend,
    uploads,
    webhooks,
    workers,
)
from affiche.api.schema.shape import ProblemDetails
from affiche.errors import UsageError
from affiche.registry.ids import new_id
from affiche.versions import own_version

ROUTERS: tuple[APIRouter, ...] = (
    health.router, catalog.router, kits.router, brands.router, assets.router, uploads.router, campaigns.router, library.router,
    meaning.router, links.router,
    plans.router, proposals.router, runs.router,
    clusters.router, overview.router,
    schedules.router, batches.router,
    creatives.router, reviews.router, packages.router, events.router, webhooks.router,
    session.router, people.router, keys.router, workers.router,
    spend.router, audit.router,
)  # fmt: skip
#: Largest body of any request, bytes; most routers allow less, and files are measured while they arrive.
MAX_BODY = 64_000_000
_WRONG: dict[int | str, dict[str, Any]] = {
    name: {"model": ProblemDetails, "description": text, "content": {problem.MEDIA_TYPE: {}}}
    for name, text in (("4XX", "The request cannot be done; `code` says why."), ("5XX", "Not your fault; try again later."))
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")


def make_app(house: House, *, more: Sequence[APIRouter] = ()) -> FastAPI:
    """The application on `house`. `more`: routers of others (portal)."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        house.close()
        tracing.end()

    app = FastAPI(
        title="Affiche", version=own_version(),
        summary="One brief in; every localized, on-brand, checked, platform-ready creative out.",
        lifespan=life, max_body_size=MAX_BODY, docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json",
    )  # fmt: skip
    app.state.house = house
    tracing.begin(house.settings.traces, own_version())
    problem.install(app)
    app.add_middleware(LeftStreams)
    app.middleware("http")(_dressed)
    if house.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=_origins(house.settings.cors_origins), allow_credentials=False, allow_methods=["*"],
            allow_headers=["authorization", "content-type", "idempotency-key", "if-match", "last-event-id", "x-request-id"],
            expose_headers=["etag", "location", "retry-after", "x-request-id", "idempotent-replayed"], max_age=600,
        )  # fmt: skip
    for router in (*ROUTERS, *more):
        app.include_router(router, responses=_WRONG)
    _all_named(app)
    return app


def _all_named(app: FastAPI) -> None:
    """Every route of the API has an operation id of its own: it is the action that roles are granted."""
    named = [route.operation_id for route in app.routes if isinstance(route, APIRoute)]
    assert all(named) and len(set(named)) == len(named), "a route without an operation id of its own"


def _origins(said: Sequence[str]) -> list[str]:
    """Origins of other sites, each whole. Raises UsageError: a star would open the API to every page that learns a key."""
    for origin in said:
        url = urlsplit(origin)
        if url.scheme not in ("https", "http") or not url.netloc or url.path or "*" in origin:
            raise UsageError(f"{origin[:80]!r} is not an origin", hint="such as https://intranet.example.com")
    return list(said)


def _guarded(request: Request, response: Response) -> None:
    """Headers that keep an answer from being more than it is: a page, a frame, a script, or readable by other sites."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.url.path.startswith("/v1/"):
        headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
    if request.app.state.house.rules.is_secure(credentials_of(request)):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


async def _dressed(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Gives the request an id, and the answer what every answer carries."""
    given = request.headers.get("x-request-id", "")
    request.state.request_id = given if _REQUEST_ID.fullmatch(given) else new_id("req")
    started = time.perf_counter()
    asked = {"http.request.method": request.method, "affiche.request": request.state.request_id}
    with tracing.span(request.method, asked, parent=request.headers.get("traceparent", ""), kind="server") as told:
        bound = {"request_id": request.state.request_id, "trace_id": tracing.trace_id(tracing.carried())}
        with structlog.contextvars.bound_contextvars(**{name: value for name, value in bound.items() if value}):
            response = await call(request)
        route = getattr(request.scope.get("route"), "path", "")
        told |= {"http.route": route, "http.response.status_code": response.status_code}
        told["name"] = f"{request.method} {route}".strip()
    action = getattr(request.scope.get("route"), "operation_id", "")
    if action:
        request.app.state.house.metrics.passed(action, response.status_code, time.perf_counter() - started)
    response.headers["X-Request-ID"] = request.state.request_id
    _guarded(request, response)
    response.headers.setdefault("Cache-Control", "no-store")
    allowance = getattr(request.state, "allowance", None)
    if allowance is not None:
        response.headers["RateLimit-Limit"] = str(allowance.limit)
        response.headers["RateLimit-Remaining"] = str(max(0, allowance.remaining))
        response.headers["RateLimit-Reset"] = str(allowance.reset_s)
    return response
