"""Who does the work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from affiche.api.caller import Asked, InHouse
from affiche.api.schema.worker import Workers
from affiche.registry import workers

router = APIRouter(prefix="/v1", tags=["health"])


@router.get("/workers", operation_id="workers.list", response_model=Workers)
def listed(asked: Asked, house: InHouse) -> dict[str, Any]:
    """Every worker: since when, last heard of when, what it has in hand."""
    with house.registry.read() as c:
        return {"items": workers.all_of(c, asked.scope)}
