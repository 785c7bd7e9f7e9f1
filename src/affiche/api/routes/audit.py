"""The audit log: who did what, and whether its chain is whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from affiche.api.caller import Asked, InHouse
from affiche.api.schema.audit import AuditLog
from affiche.registry import audit

router = APIRouter(prefix="/v1", tags=["events"])


@router.get("/audit", operation_id="audit.list", response_model=AuditLog)
def listed(
    asked: Asked, house: InHouse,
    before: Annotated[int, Query(ge=0, lt=2**62, description="Only rows before this number.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    verify: Annotated[bool, Query(description="Also follow the whole chain of the tenant.")] = False,
) -> dict[str, Any]:  # fmt: skip
    """Who did what, newest first."""
    with house.registry.read() as c:
        rows = audit.newest(c, asked.scope.tenant, before=before, limit=limit)
        chain = asdict(audit.verify(c, asked.scope.tenant)) if verify else None
    return {"items": rows, "next": rows[-1]["seq"] if len(rows) == limit else 0, "chain": chain}
