"""Events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from affiche.api.schema.shape import Out


class Event(Out):
    """Something that happened. `seq` grows; come back with the last one to hear what you missed."""

    seq: int
    kind: str
    campaign: str | None = None
    run: str | None = None
    brand: str = ""
    actor: str = ""
    data: dict[str, Any]
    at: datetime


class Events(Out):
    """Events, oldest first; `last` is the number to go on with."""

    items: list[Event]
    last: int
