"""Whether this process lives, and whether it is of use."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from affiche.api.caller import InHouse
from affiche.api.schema.catalog import Health
from affiche.errors import AfficheError
from affiche.registry import migrate

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="health.alive", response_model=Health)
def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="health.ready", response_model=Health, responses={503: {"model": Health}})
def ready(house: InHouse) -> JSONResponse:
    """Everything that a request needs is there: the registry in its newest form, the store for files."""
    parts = {"registry": "ok", "store": "ok"}
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
