"""Campaigns and their briefs in revisions. A revision is never changed; the newest one is what runs build."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from affiche.errors import Changed
from affiche.registry import events, relations, sealing
from affiche.registry import search as finding
from affiche.registry.brands import Document
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, found, now, one
from affiche.registry.tables.work import campaign_revisions, campaigns


def add(
    connection: sa.Connection, scope: Scope, *, slug: str, name: str, brand: str, brief: Document, assets: Sequence[str],
    brand_revision: int = 0, search: str = "",
) -> Row:  # fmt: skip
    """A new campaign with its first revision. `brand`: id, or empty when the brief itself says what is known of it."""
    id, moment = new_id("cmp"), now()
    row = {
        "id": id, "tenant": scope.tenant, "brand": brand, "slug": slug, "name": name, "state": "draft", "revision": 1,
        "search": search[:4000], "created_by": scope.actor, "created_at": moment, "updated_at": moment,
    }  # fmt: skip
    connection.execute(sa.insert(campaigns).values(**row))
    _revise(connection, scope, id, 1, brief=brief, assets=assets, brand_revision=brand_revision)
    finding.put(connection, row, "campaign", [slug, name, search])
    _tell(connection, scope, row, "campaign.made", 1)
    return one(connection, scope, campaigns, id=id, what="campaign")


def revise(
    connection: sa.Connection, scope: Scope, id: str, *, expected: int | None, name: str, brief: Document, assets: Sequence[str],
    brand_revision: int = 0, search: str = "",
) -> Row:  # fmt: skip
    """A new revision of the brief. Raises NotFound, Changed when `expected` is not the newest any more."""
    row = one(connection, scope, campaigns, id=id, what="campaign")
    if expected is not None and row["revision"] != expected:
        raise Changed(f"the campaign is at revision {row['revision']}, not {expected}")
    number = row["revision"] + 1
    newest = {"revision": number, "name": name or row["name"], "search": search[:4000], "updated_at": now()}
    same = (campaigns.c.id == id, campaigns.c.revision == row["revision"])
    if not connection.execute(sa.update(campaigns).where(*same).values(**newest)).rowcount:
        raise Changed("the campaign was changed at this very moment")
    _revise(connection, scope, id, number, brief=brief, assets=assets, brand_revision=brand_revision)
    finding.put(connection, row, "campaign", [row["slug"], newest["name"], search])
    _tell(connection, scope, row, "campaign.revised", number)
    return one(connection, scope, campaigns, id=id, what="campaign")


def revision(connection: sa.Connection, scope: Scope, id: str, number: int) -> Row:
    """One revision with its brief. Raises NotFound."""
    one(connection, scope, campaigns, id=id, what="campaign")
    wanted = (campaign_revisions.c.campaign == id, campaign_revisions.c.number == number)
    row = found(connection.execute(sa.select(campaign_revisions).where(*wanted)).first(), "revision", str(number))
    return {**row, "brief": brief_of(connection, row)}


def brief_of(connection: sa.Connection, row: Row) -> bytes:
    """The brief in a row of `campaign_revisions`, opened. Raises SealBroken."""
    about = sealing.brief_name(row["campaign"], row["number"])
    return sealing.opened(connection, row["brief"], row["sealed"], about=about)


def _revise(
    connection: sa.Connection,
    scope: Scope,
    id: str,
    number: int,
    *,
    brief: Document,
    assets: Sequence[str],
    brand_revision: int,
) -> None:
    data, key = sealing.sealed(connection, brief.data, about=sealing.brief_name(id, number))
    row = {
        "campaign": id, "number": number, "tenant": scope.tenant, "brief": data, "digest": brief.digest,
        "media_type": brief.media_type, "sealed": key, "problems": list(brief.problems), "assets": list(assets),
        "brand_revision": brand_revision, "created_by": scope.actor, "created_at": now(),
    }  # fmt: skip
    connection.execute(sa.insert(campaign_revisions).values(**row))
    relations.uses(connection, scope.tenant, id, assets)


def _tell(connection: sa.Connection, scope: Scope, row: Row, kind: str, number: int) -> None:
    who = {"brand": row["brand"], "campaign": row["id"], "actor": scope.actor}
    events.append(connection, scope.tenant, kind, **who, data={"revision": number})
