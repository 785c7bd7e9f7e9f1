"""Clusters: what waits for a decision, alike together. Looks are worked out once for each thumbnail and kept."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query

from affiche import wire
from affiche.api.caller import Asked, InHouse
from affiche.api.house import House
from affiche.api.schema.creative import Clusters
from affiche.errors import AfficheError, UsageError
from affiche.registry import review
from affiche.registry.scope import Row
from affiche.registry.tables.work import creatives as table
from affiche.runs import alike
from affiche.runs.look import look
from affiche.values.digest import Digest
from affiche.values.look import Look

router = APIRouter(prefix="/v1", tags=["creatives"])

_FAMILY = ("campaign", "product", "placement", "variant")
#: Most campaigns that are clustered at once, and most creatives.
_CAMPAIGNS, _MOST = 50, 10_000
#: Creatives as they were seen, and how many of them are remembered (about 1 kB each).
_SEEN: dict[str, alike.Seen] = {}
_REMEMBERED = 30_000
#: What a thumbnail that cannot be read looks like: kept too, so that it is tried once.
_NONE = "-"


@router.get("/creatives/clusters", operation_id="creatives.clusters", response_model=Clusters)
def clusters(
    asked: Asked, house: InHouse,
    campaign: Annotated[list[str], Query(max_length=_CAMPAIGNS, description="Of these campaigns.")],
    decided: Annotated[bool, Query(description="Also those on which somebody decided already.")] = False,
) -> dict[str, Any]:  # fmt: skip
    """Current creatives in clusters of those that look and read alike, what differs from the others first."""
    if not campaign:
        raise UsageError("say of which campaigns")
    names = ("id", *_FAMILY, "locale", "status", "look", "thumbnail", *review.DIGESTS)
    columns = [table.c[name] for name in names]
    where = [asked.scope.on(table), table.c.campaign.in_(campaign), table.c.current.is_(True), table.c.blob != ""]
    order = [table.c[name] for name in ("campaign", "product", "placement", "locale", "variant")]
    with house.registry.read() as c:
        query = sa.select(*columns).where(*where).order_by(*order).limit(_MOST)
        rows: list[Row] = [dict(row._mapping) for row in c.execute(query)]
        standing = review.standing(c, asked.scope.tenant, rows)
        rows = rows if decided else [row for row in rows if not standing[row["id"]].decisions]
        known = {row["id"]: seen for row in rows if (seen := _SEEN.get(row["id"])) is not None}
        words = _words(c, [row["id"] for row in rows if row["id"] not in known])
    looks = _looks(house, rows)
    found = alike.clusters([known.get(row["id"]) or _seen(row, looks, words) for row in rows])
    digests = {row["id"]: row["file_digest"] for row in rows}
    return {"items": [_told(cluster, digests) for cluster in found], "total": len(rows)}


def _words(connection: sa.Connection, ids: list[str]) -> dict[str, dict[str, str]]:
    """Words of these creatives. They lie in large documents, which take longer to read than all the rest."""
    found: dict[str, dict[str, str]] = {}
    for at in range(0, len(ids), 500):
        query = sa.select(table.c.id, table.c.document["words"]).where(table.c.id.in_(ids[at : at + 500]))
        found |= {id: words or {} for id, words in connection.execute(query)}
    return found


def _seen(row: Row, looks: dict[str, str], words: dict[str, dict[str, str]]) -> alike.Seen:
    """A row with its words and look. Neither ever changes for an id, so what was seen once is remembered."""
    seen = alike.Seen(
        id=row["id"], family=tuple(row[name] for name in _FAMILY), status=row["status"],
        look=Look.read(looks.get(row["thumbnail"], "")), words=words[row["id"]],
    )  # fmt: skip
    if len(_SEEN) >= _REMEMBERED:
        _SEEN.clear()
    _SEEN[row["id"]] = seen
    return seen


def _told(cluster: alike.Cluster, digests: dict[str, str]) -> dict[str, Any]:
    named = dict(zip(_FAMILY, cluster.family, strict=True))
    return {
        **named, "status": cluster.status, "why": cluster.why, "distance": round(cluster.distance, 3),
        "members": list(cluster.members), "seen": {id: digests[id] for id in cluster.members},
    }  # fmt: skip


def _looks(house: House, rows: list[Row]) -> dict[str, str]:
    """Thumbnail -> its look; those not known yet are worked out and kept."""
    known = {row["thumbnail"]: row["look"] for row in rows if row["look"]}
    missing = list(dict.fromkeys(row["thumbnail"] for row in rows if row["thumbnail"] and row["thumbnail"] not in known))
    if not missing:
        return known
    made = {thumbnail: _look(house, thumbnail) for thumbnail in missing}
    of = {row["id"]: made[row["thumbnail"]] for row in rows if row["thumbnail"] in made}
    update = sa.update(table).where(table.c.id == sa.bindparam("of")).values(look=sa.bindparam("seen"))
    with house.registry.write() as c:
        c.execute(update, [{"of": id, "seen": seen} for id, seen in of.items()])
    return known | made


def _look(house: House, thumbnail: str) -> str:
    try:
        return look(wire.file_codec().decode(house.blobs.get(Digest(thumbnail)))).written()
    except AfficheError:
        return _NONE
