"""Overview: many campaigns and creatives in numbers and tiles, for pages that show no single one. Their documents stay unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query

from affiche import wire
from affiche.api.caller import Asked, InHouse
from affiche.api.schema.overview import Insight, Overviews, Tally
from affiche.imagine.arms import Arm
from affiche.imagine.route import LEARNT
from affiche.registry import review, wall
from affiche.registry.scope import one
from affiche.registry.tables.work import campaigns
from affiche.registry.tables.work import creatives as table
from affiche.runs.insight import insight

router = APIRouter(prefix="/v1", tags=["creatives"])

#: Most campaigns of one answer; tiles of each.
_CAMPAIGNS, _TILES = 100, 40


@router.get("/creatives/overview", operation_id="creatives.overview", response_model=Overviews)
def overview(
    asked: Asked, house: InHouse,
    campaign: Annotated[list[str], Query(max_length=_CAMPAIGNS, description="Of these campaigns.")],
    tiles: Annotated[int, Query(ge=0, le=_TILES, description="How many of the newest creatives to show of each.")] = 5,
) -> dict[str, Any]:  # fmt: skip
    """Of each campaign how many current creatives there are by status, and some of the newest ones, spread evenly."""
    where = [asked.scope.on(table), table.c.current.is_(True)]
    with house.registry.read() as c:
        states = wall.statuses(c, [*where, table.c.campaign.in_(campaign)])
        newest = {id: wall.newest(c, [*where, table.c.campaign == id], limit=_TILES) for id in states if tiles}
    return {"items": [_told(id, states.get(id, {}), newest.get(id, []), tiles) for id in dict.fromkeys(campaign)]}


def _told(campaign: str, states: dict[str, int], newest: list[Any], tiles: int) -> dict[str, Any]:
    seen = [row for row in newest if row["thumbnail"]]
    spread = seen[:: max(1, len(seen) // tiles)][:tiles] if tiles else []
    shots = [{**row, "thumbnail_url": f"/v1/creatives/{row['id']}/thumbnail"} for row in spread]
    return {"campaign": campaign, "total": sum(states.values()), "states": states, "tiles": shots}


@router.get("/creatives/tally", operation_id="creatives.tally", response_model=Tally)
def tally(asked: Asked, house: InHouse, campaign: Annotated[str, Query(max_length=40)]) -> dict[str, Any]:
    """How many creatives a campaign has, and how many of them are approved."""
    with house.registry.read() as c:
        one(c, asked.scope, campaigns, id=campaign, what="campaign")
        total, approved = review.tally(c, asked.scope, campaign)
    return {"total": total, "approved": approved}


@router.get("/insight", operation_id="insight.get", response_model=Insight)
def numbers(asked: Asked, house: InHouse, days: Annotated[int, Query(ge=1, le=366)] = 30) -> dict[str, Any]:
    """Runs of the last days (UTC, today among them), creatives that are current and were made in them, and what rules say."""
    with wire.journal(house.settings) as book:
        arms = {name: Arm.of(data) for name, data in book.load(LEARNT).items()}
    with house.registry.read() as c:
        return insight(c, asked.scope, days=days) | {"learnt": _learnt(arms)}


def _learnt(arms: Mapping[str, Arm]) -> list[dict[str, Any]]:
    known = sorted(((name, arm) for name, arm in arms.items() if arm.calls), key=lambda row: (-row[1].calls, row[0]))
    return [
        {
            "offer": name, "usable": round(arm.usable / max(1e-9, arm.usable + arm.spoilt), 3),
            "seconds": round(arm.latency_s, 2), "price": round(arm.price, 6), "calls": arm.calls,
        }
        for name, arm in known
    ]  # fmt: skip
