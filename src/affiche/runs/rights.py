"""Rights to assets in the service: which of a campaign's have ended, what the build is told of them, the finding that says so.

A build knows the rights of its day; an end that comes later is told by the same finding, made here, and stops every delivery.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.registry.brands import document_of
from affiche.registry.scope import Row
from affiche.registry.tables.material import assets, brand_revisions, brands
from affiche.registry.tables.work import campaign_revisions, campaigns
from affiche.runs.names import named_in
from affiche.values.rights import write_record

#: Rule and code are those of a build.
RULE, CODE = "picture.rights", "picture.rights.expired"


def used(connection: sa.Connection, campaign: Row) -> set[str]:
    """The ids of the assets that the newest brief of a campaign and the newest file of its brand name."""
    newest = (campaign_revisions.c.campaign == campaign["id"], campaign_revisions.c.number == campaign["revision"])
    names = connection.execute(sa.select(campaign_revisions.c.assets).where(*newest)).scalar() or []
    same = sa.and_(brand_revisions.c.brand == brands.c.id, brand_revisions.c.number == brands.c.revision)
    query = sa.select(brand_revisions).join(brands, same).where(brands.c.id == campaign["brand"])
    row = connection.execute(query).first() if campaign["brand"] else None
    document = document_of(connection, dict(row._mapping)) if row else b""
    return {name.partition(".")[0] for name in (*names, *named_in(document))}


def expired(connection: sa.Connection, campaign: Row, at: datetime) -> list[Row]:
    """Those of them whose rights have ended."""
    ended = sa.and_(
        assets.c.tenant == campaign["tenant"], assets.c.id.in_(used(connection, campaign)), assets.c.rights_expire_at <= at
    )
    rows = connection.execute(sa.select(assets).where(ended).order_by(assets.c.id))
    return [dict(row._mapping) for row in rows]


def ended_of(connection: sa.Connection, ids: set[str], at: datetime) -> dict[str, list[Row]]:
    """By campaign, the assets whose rights have ended."""
    tenants = set(connection.execute(sa.select(campaigns.c.tenant).where(campaigns.c.id.in_(ids)).distinct()).scalars())
    late = (assets.c.tenant.in_(tenants), assets.c.rights_expire_at <= at)
    if connection.execute(sa.select(assets.c.id).where(*late).limit(1)).first() is None:
        return {id: [] for id in ids}  # mostly; what each campaign uses takes four queries
    rows = connection.execute(sa.select(campaigns).where(campaigns.c.id.in_(ids))).all()
    return {row.id: expired(connection, dict(row._mapping), at) for row in rows}


def with_ended(document: dict[str, Any], ended: list[Row]) -> list[dict[str, Any]]:
    """The findings of a build, with those of rights that have ended since. What it shows is known by name since 0.1."""
    shown = {source["name"].partition(".")[0] for source in document.get("sources", ())}
    since = [finding_of(row) for row in ended if row["id"] in shown or not shown]
    told: list[dict[str, Any]] = document["findings"]
    return told if any(f["code"] == CODE for f in told) or not since else [f for f in told if f["rule"] != RULE] + since


def last_day(row: Row) -> date:
    """The last day on which an asset may be used: rights end at a moment, mostly midnight after that day."""
    moment: datetime = row["rights_expire_at"]
    return (moment - timedelta(microseconds=1)).date()


def record_of(row: Row) -> str:
    """The record of an asset's rights as a file beside a picture has it; empty when nothing is said."""
    said: dict[str, Any] = row["rights"] or {}
    if not said and row["rights_expire_at"] is None:
        return ""
    words = ", ".join(str(said[name]) for name in ("licence", "holder", "credit") if said.get(name))
    return write_record({
        "sha256": row["blob"], "rights": words, "source": str(said.get("source") or said.get("from") or row["source"]),
        "generated": bool(said.get("generated", False)), "imported": row["created_at"].date(), "by": row["created_by"],
        "original": row["name"], "until": last_day(row) if row["rights_expire_at"] else None,
    })  # fmt: skip


def finding_of(row: Row) -> dict[str, Any]:
    """The finding that the rights to an asset have ended since the build."""
    return {
        "rule": RULE, "code": CODE, "status": "fail", "measured": last_day(row).isoformat(), "limit": "", "rect": None,
        "message": f"the rights to {row['name']} ({row['id']}) ended on {last_day(row)}: nothing that shows it is delivered",
        "hint": f"renew them in the library (PATCH /v1/assets/{row['id']}), or use another picture and build again",
    }  # fmt: skip
