"""The audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from affiche.api.schema.shape import Out


class AuditRow(Out):
    """Who did what. `digest` chains it to the row before; `request` is the `X-Request-ID` of the answer."""

    seq: int
    at: datetime
    actor: str
    actor_kind: str
    action: str
    subject: str
    brand: str
    request: str
    data: dict[str, Any]
    digest: str


class Chain(Out):
    """What following the whole chain found: `broken` is the number of the first wrong row, nothing when it is whole."""

    rows: int
    head: str
    broken: int | None = None


class AuditLog(Out):
    """Rows, newest first; `next` to go on with (`before`), 0 at the end. `chain` only where it was asked for."""

    items: list[AuditRow]
    next: int
    chain: Chain | None = Field(None, description="With `verify`: every row and link was followed.")
