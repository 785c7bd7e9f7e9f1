"""Clusters: what waits for a decision, alike together. Looks that no build worked out are worked out here, and kept."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query

from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.schema.creative import Clusters, Waiting
from affiche.errors import UsageError
from affiche.registry import review
from affiche.registry.tables.work import creatives as table
from affiche.runs import alike
from affiche.runs.looks import looks
from affiche.values.look import Look

router = APIRouter(prefix="/v1", tags=["creatives"])

#: Most campaigns that are clustered at once, and most creatives.
_CAMPAIGNS, _MOST = 50, 10_000
#: Creatives as they were seen, by all that is asked of their rows, and how many of them are remembered (about 1 kB each).
_SEEN: dict[review.Outline, alike.Seen] = {}
_REMEMBERED = 30_000
#: Creatives whose documents are read by one query.
_AT_ONCE = 500

Campaigns = Annotated[list[str], Query(max_length=_CAMPAIGNS, description="Of these campaigns.")]
Decided = Annotated[bool, Query(description="Also those on which somebody decided already.")]


@router.get("/creatives/clusters", operation_id="creatives.clusters", response_model=Clusters)
def clusters(
    asked: Asked, house: InHouse, campaign: Campaigns, decided: Decided = False,
    offset: Annotated[int, Query(ge=0, le=_MOST, description="Clusters to leave out.")] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="Clusters to tell.")] = _MOST,
) -> dict[str, Any]:  # fmt: skip
    """Current creatives in clusters of those that look and read alike, what differs from the others first."""
    found, digests = _clustered(asked, house, campaign, decided)
    told = [_told(cluster, digests) for cluster in found[offset : offset + limit]]
    odd = sum(len(cluster.members) for cluster in found if cluster.why)
    return {"items": told, "total": len(digests), "odd": odd, "clusters": len(found)}


@router.get("/creatives/waiting", operation_id="creatives.waiting", response_model=Waiting)
def waiting(
    asked: Asked, house: InHouse, campaign: Campaigns,
    at: Annotated[str, Query(max_length=40, description="Begin with this creative; with the first when it waits no more.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 10,
) -> dict[str, Any]:  # fmt: skip
    """Creatives on which nobody decided yet, one after the other, in the order of their clusters."""
    found, digests = _clustered(asked, house, campaign, decided=False)
    order = [(id, cluster.why) for cluster in found for id in cluster.members]
    start = next((number for number, (id, _) in enumerate(order) if id == at), 0)
    items = [{"creative": id, "file_digest": digests[id], "why": why} for id, why in order[start : start + limit]]
    return {"items": items, "left": len(order) - start, "total": len(order)}


def _clustered(asked: Caller, house: House, campaigns: list[str], decided: bool) -> tuple[list[alike.Cluster], dict[str, str]]:
    """Clusters, and id -> file_digest of all that is in them. Raises UsageError."""
    if not campaigns:
        raise UsageError("say of which campaigns")
    with house.registry.read() as c:
        rows = review.outlines(c, asked.scope, campaigns, decided=decided, limit=_MOST)
        seen = {row: one for row in rows if (one := _SEEN.get(row)) is not None}
        new = [row for row in rows if row not in seen]
        documents = _documents(c, [row.id for row in new])
    made = _made(house, new, documents)
    if len(_SEEN) + len(made) > _REMEMBERED:
        _SEEN.clear()
    _SEEN.update(made)
    seen |= made
    return alike.clusters([seen[row] for row in rows]), {row.id: row.file_digest for row in rows}


def _documents(connection: sa.Connection, ids: list[str]) -> dict[str, tuple[dict[str, str], str]]:
    """Id -> words and look. They lie in or behind large documents, which take longer to read than all the rest."""
    found: dict[str, tuple[dict[str, str], str]] = {}
    for at in range(0, len(ids), _AT_ONCE):
        query = sa.select(table.c.id, table.c.document["words"], table.c.look).where(table.c.id.in_(ids[at : at + _AT_ONCE]))
        found |= {id: (words or {}, seen) for id, words, seen in connection.execute(query)}
    return found


def _made(
    house: House, rows: list[review.Outline], documents: dict[str, tuple[dict[str, str], str]]
) -> dict[review.Outline, alike.Seen]:
    """Creatives with their words and looks. Neither changes while the row says the same."""
    seen_as = _looks(house, rows, {row.thumbnail: seen for row in rows if (seen := documents[row.id][1])})
    return {
        row: alike.Seen(
            id=row.id, family=(row.campaign, row.product, row.placement, row.variant), status=row.status,
            look=Look.read(seen_as.get(row.thumbnail, "")), words=documents[row.id][0],
        )
        for row in rows
    }  # fmt: skip


def _told(cluster: alike.Cluster, digests: dict[str, str]) -> dict[str, Any]:
    campaign, product, placement, variant = cluster.family
    return {
        "campaign": campaign, "product": product, "placement": placement, "variant": variant,
        "status": cluster.status, "why": cluster.why, "distance": round(cluster.distance, 3),
        "members": list(cluster.members), "seen": {id: digests[id] for id in cluster.members},
    }  # fmt: skip


def _looks(house: House, rows: list[review.Outline], known: dict[str, str]) -> dict[str, str]:
    """Thumbnail -> its look; those not known yet are worked out and kept."""
    missing = {row.thumbnail for row in rows if row.thumbnail and row.thumbnail not in known}
    if not missing:
        return known
    made = looks(house.blobs, sorted(missing))
    of = {row.id: made[row.thumbnail] for row in rows if row.thumbnail in made}
    update = sa.update(table).where(table.c.id == sa.bindparam("of")).values(look=sa.bindparam("seen"))
    with house.registry.write() as c:
        c.execute(update, [{"of": id, "seen": seen} for id, seen in of.items()])
    return known | made
