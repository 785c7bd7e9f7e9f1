"""Looking through what is there: words over assets and campaigns, what looks or reads alike, where something is used."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Query, Response

from affiche.api.answer import Answer, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse
from affiche.api.paging import Wanted, sealed
from affiche.api.routes.assets import Id as AssetId
from affiche.api.routes.campaigns import Id as CampaignId
from affiche.api.schema.asset import AlikeAsset, AlikeAssets, Asset, Relation, RelationWanted, Use, Uses
from affiche.api.schema.campaign import Campaign
from affiche.api.schema.search import AlikeCampaign, AlikeCampaigns, Arrival, Found, Hits
from affiche.api.schema.shape import Page, page_of
from affiche.errors import UsageError
from affiche.registry import assets, library, relations, search
from affiche.registry.scope import one, page
from affiche.registry.tables.material import assets as table
from affiche.registry.tables.search import arrivals
from affiche.registry.tables.work import campaigns
from affiche.runs.folder import brands_naming

router = APIRouter(prefix="/v1", tags=["library"], max_body_size=JSON_MAX)

Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/search", operation_id="search.list", response_model=Hits)
def words(
    asked: Asked, house: InHouse, limit: Limit = 30,
    text: Annotated[str, Query(min_length=1, max_length=200, description="All of these words, or words that begin so.")] = "",
    kind: Annotated[Literal["", "asset", "campaign"], Query()] = "",
) -> Hits:  # fmt: skip
    """Assets and campaigns by their words, best first."""
    with house.registry.read() as c:
        hits = search.found(c, asked.scope, text, kind=kind, limit=limit)
        names: dict[str, str] = {}
        for what in (table, campaigns):
            rows = c.execute(sa.select(what.c.id, what.c.name).where(what.c.id.in_([hit.subject for hit in hits])))
            names |= {row.id: row.name for row in rows}
    found = [Found(id=h.subject, kind=h.kind, name=names[h.subject], score=h.score) for h in hits if h.subject in names]
    return Hits(items=found)


@router.get("/assets/{id}/alike", operation_id="assets.alike", response_model=AlikeAssets)
def alike(id: AssetId, asked: Asked, house: InHouse, limit: Limit = 12) -> AlikeAssets:
    """Pictures that look like this one, by fingerprint and main colours; no model is asked."""
    with house.registry.read() as c:
        found = library.alike(c, asked.scope, one(c, asked.scope, table, id=id, what="asset"), limit)
    return AlikeAssets(items=[AlikeAsset(asset=Asset.of(f.row), how=f.how, likeness=f.likeness) for f in found])


@router.get("/assets/{id}/uses", operation_id="assets.uses", response_model=Uses)
def uses(id: AssetId, asked: Asked, house: InHouse) -> Uses:
    """Where an asset is used, and what belongs to it."""
    with house.registry.read() as c:
        row = one(c, asked.scope, table, id=id, what="asset")
        in_campaigns = relations.used_in(c, asked.scope, id)
        in_brands = brands_naming(c, asked.scope, id)
        versions = relations.versions(c, asked.scope, row)
        related = relations.of(c, asked.scope, id)
    return Uses(
        campaigns=[Use(id=u["id"], kind="campaign", name=u["name"] or u["slug"]) for u in in_campaigns],
        brands=[Use(id=u["id"], kind="brand", name=u["name"]) for u in in_brands],
        versions=[Asset.of(version) for version in versions], relations=[Relation(**one_row) for one_row in related],
    )  # fmt: skip


@router.post("/assets/{id}/relations", operation_id="assets.relate", status_code=201, response_model=Uses)
def relate(id: AssetId, wanted: RelationWanted, asked: Asked, house: InHouse) -> Response:
    """Says that an asset was made from another one."""
    if wanted.other == id:
        raise UsageError("an asset is not made from itself")

    def work(c: sa.Connection) -> Answer:
        for named in (id, wanted.other):
            assets.living(c, asked.scope, named)
        relations.relate(c, asked.scope.tenant, id, wanted.relation, [wanted.other])
        return Answer(status=201)

    write(house, asked, work)
    return Response(uses(id, asked, house).model_dump_json(), status_code=201, media_type="application/json")


@router.get("/campaigns/{id}/alike", operation_id="campaigns.alike", response_model=AlikeCampaigns)
def alike_campaigns(id: CampaignId, asked: Asked, house: InHouse, limit: Limit = 10) -> AlikeCampaigns:
    """Campaigns whose words are like this one's: names, audience, message, products, locales. Rare words count most."""
    with house.registry.read() as c:
        one(c, asked.scope, campaigns, id=id, what="campaign")
        found = search.alike(c, asked.scope, id, limit=limit)
        rows = {r.id: dict(r._mapping) for r in c.execute(sa.select(campaigns).where(campaigns.c.id.in_([f[0] for f in found])))}
    items = [AlikeCampaign(campaign=Campaign(**rows[i]), likeness=score, words=shared) for i, score, shared in found if i in rows]
    return AlikeCampaigns(items=items)


@router.get("/arrivals", operation_id="arrivals.list", response_model=Page[Arrival])
def arrived(
    asked: Asked, house: InHouse, part: Wanted,
    state: Annotated[Literal["", "taken", "known", "refused", "failed"], Query()] = "",
) -> dict[str, Any]:  # fmt: skip
    """What came in by folders, prefixes and queues, newest first, and why something was refused."""
    where = [asked.scope.on(arrivals), *([arrivals.c.state == state] if state else [])]
    with house.registry.read() as c:
        rows, cursor = page(c, arrivals, where, before=part.before, limit=part.limit)
    return page_of(Arrival, (rows, sealed(cursor)))
