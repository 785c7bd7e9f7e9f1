"""Whether this process lives, and whether it is of use."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from affiche.api.caller import Asked, InHouse
from affiche.api.schema.catalog import Health
from affiche.errors import AfficheError
from affiche.registry import migrate

router = APIRouter(tags=["health"])

_METRICS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


@router.get("/healthz", operation_id="health.alive", response_model=Health)
def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="health.ready", response_model=Health, responses={503: {"model": Health}})
def ready(house: InHouse) -> JSONResponse:
    """All that is needed is there: the registry in its newest form, the store for files, and a tiny creative was made."""
    parts = {"registry": "ok", "store": "ok", "golden": house.golden.state()}
    try:
        with house.registry.read() as c:
            c.execute(sa.text("SELECT 1"))
            if migrate.revision(c) != migrate.newest():
                parts["registry"] = "its tables are of another version"
    except AfficheError as error:
        parts["registry"] = error.public
    try:
        house.blobs.get(house.blobs.put(b"affiche: ready"))
    except AfficheError as error:
        parts["store"] = error.public
    good = all(state == "ok" for state in parts.values())
    return JSONResponse({"status": "ok" if good else "not ready", "parts": parts}, status_code=200 if good else 503)


@router.get("/metrics", operation_id="health.metrics", response_class=Response, responses=_METRICS)
def metrics(_caller: Asked, house: InHouse) -> Response:
    """Everything that is measured, for Prometheus."""
    return Response(house.metrics.text(), media_type="text/plain")
