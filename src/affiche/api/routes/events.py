"""What happened: as a list to page through, and as it happens (SSE). `Last-Event-ID` replays what was missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.schema.event import Event, Events
from affiche.registry import events
from affiche.registry.scope import Row

router = APIRouter(prefix="/v1/events", tags=["events"])

#: How often the registry is asked while somebody listens, s.
_POLL_S = 0.3

Run = Annotated[str, Query(max_length=40, description="Only of this run.")]
Campaign = Annotated[str, Query(max_length=40, description="Only of this campaign.")]
After = Annotated[int, Query(ge=0, lt=2**62, description="Only later than this number.")]


@router.get("", operation_id="events.list", response_model=Events)
def listed(
    asked: Asked, house: InHouse, run: Run = "", campaign: Campaign = "", after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    newest: Annotated[bool, Query(description="The newest `limit` of all; only `without` is asked besides.")] = False,
    without: Annotated[list[str] | None, Query(max_length=20, description="With `newest`: kinds to leave out.")] = None,
) -> dict[str, Any]:  # fmt: skip
    """Events, oldest first. Go on with `after` = `last`."""
    with house.registry.read() as c:
        rows = (
            events.newest(c, asked.scope, limit=limit, without=without or ())
            if newest
            else events.after(c, asked.scope, after, run=run, campaign=campaign, limit=limit)
        )
    return {"items": rows, "last": rows[-1]["seq"] if rows else after}


@router.get("/stream", operation_id="events.stream", response_class=EventSourceResponse)
async def stream(
    request: Request, asked: Asked, house: InHouse, run: Run = "", campaign: Campaign = "",
    last_event_id: Annotated[str, Header(alias="Last-Event-ID", pattern=r"^\d{0,18}$")] = "",
) -> AsyncIterator[ServerSentEvent]:  # fmt: skip
    """Events as they happen. Without `Last-Event-ID`: of a run or campaign everything from its start, else from now on."""
    last = int(last_event_id) if last_event_id else await run_in_threadpool(_start, house, asked, run or campaign)
    while not await request.is_disconnected():
        rows = await run_in_threadpool(_more, house, asked, last, run=run, campaign=campaign)
        for row in rows:
            last = row["seq"]
            yield ServerSentEvent(data=Event(**row).model_dump(mode="json"), id=str(last), event=row["kind"])
        if not rows:
            await asyncio.sleep(_POLL_S)


def _start(house: House, asked: Caller, narrow: str) -> int:
    if narrow:
        return 0
    with house.registry.read() as c:
        return events.last(c, asked.scope.tenant)


def _more(house: House, asked: Caller, last: int, *, run: str, campaign: str) -> list[Row]:
    with house.registry.read() as c:
        return events.after(c, asked.scope, last, run=run, campaign=campaign)
