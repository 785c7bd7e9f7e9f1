"""Proposals: pictures that were bought before and might do for a campaign; taken for nothing, given back while no run used them.

Whoever asks sees pictures of the brands for which they may plan, and of no others (`runs/proposed.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Path, Response

from affiche import outfit
from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.files import file_responses
from affiche.api.house import House
from affiche.api.routes.campaigns import Id
from affiche.api.schema.proposal import Accepted, AcceptedNow, AcceptWanted, Proposals
from affiche.errors import Changed, Conflict, NotFound
from affiche.procure import Proposal, accept
from affiche.registry import ids, pictures
from affiche.registry.scope import Row, one
from affiche.registry.tables.work import campaigns
from affiche.runs.folder import material_of
from affiche.runs.planned import proposals_for
from affiche.runs.proposed import Shelves, as_row, is_stocked, may_be_seen, shelves, small
from affiche.values.digest import Digest

router = APIRouter(prefix="/v1", tags=["plans"], max_body_size=JSON_MAX)

AcceptedId = Annotated[str, Path(pattern=ids.pattern("acp"))]
Picture = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="The key of a picture that was bought.")]
_TAKEN = ("wish", "picture", "product", "purpose", "bought_for", "bought_brand")
#: Kept for an hour: a key names one picture for ever, but who may see it can change.
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=3600"}


@router.get("/campaigns/{id}/proposals", operation_id="proposals.list", response_model=Proposals)
def listed(id: Id, asked: Asked, house: InHouse) -> dict[str, Any]:
    """Pictures that might do for what the newest brief would buy, and those that were taken for it."""
    with house.registry.read() as c:
        campaign = one(c, asked.scope, campaigns, id=id, what="campaign")
        taken = [_taken(row, asked, used=pictures.used(c, row)) for row in pictures.accepted(c, id)]
    found, within = _proposed(house, asked, campaign)
    return {"items": [as_row(proposal, within) for proposal in found], "accepted": taken}


def _taken(row: Row, asked: Caller, *, used: bool) -> Accepted:
    """Who sees the campaign and not the brand that a picture comes from is not told which that is."""
    from_brand = row["bought_brand"] if asked.scope.covers(row["bought_brand"]) else ""
    return Accepted.of({**row, "bought_brand": from_brand}, used=used)


@router.post("/campaigns/{id}/proposals", operation_id="proposals.accept", status_code=201, response_model=AcceptedNow)
def take(id: Id, wanted: AcceptWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Takes what is proposed, for some products or for all: the next run uses it and pays nothing."""
    with house.registry.read() as c:
        campaign = one(c, asked.scope, campaigns, id=id, what="campaign")
    found, within = _proposed(house, asked, campaign)

    def work(c: sa.Connection) -> Answer:
        newest = one(c, asked.scope, campaigns, id=id, what="campaign")
        taken = _chosen(found, wanted)
        _keep(house, taken, id)
        rows = [pictures.accept(c, asked.scope, newest, _facts(proposal, within)) for proposal in taken]
        body = AcceptedNow(items=[Accepted.of(row) for row in rows]).model_dump(mode="json")
        data = {"pictures": [{name: row[name] for name in ("id", "product", "picture")} for row in rows]}
        return Answer(body=body, status=201, about={"id": id, "brand": newest["brand"], "data": data})

    return write(house, asked, work, key=key, asked=(id, wanted.model_dump_json()))


def _facts(proposal: Proposal, within: Shelves) -> dict[str, str]:
    row = as_row(proposal, within)
    return {name: str(row[name]) for name in _TAKEN}


def _chosen(found: tuple[Proposal, ...], wanted: AcceptWanted) -> list[Proposal]:
    """What is wanted of what is proposed. Raises Conflict when there is none, Changed when another picture was looked at."""
    missing = sorted(set(wanted.products) - {one.wish.product for one in found})
    if missing or not found:
        who = f" for {', '.join(missing)}" if missing else ""
        hint = "the plan says what would be bought and what is proposed (`alike`)"
        raise Conflict(f"no picture is proposed{who}", hint=hint)
    taken = [one for one in found if not wanted.products or one.wish.product in wanted.products]
    if wanted.pictures and not {one.near.shelved.key for one in taken} <= {*map(Digest, wanted.pictures)}:
        raise Changed("another picture is proposed by now", hint="look at the newest and decide on that")
    return taken


def _keep(house: House, taken: list[Proposal], campaign: str) -> None:
    """In the ledger, under a key of this campaign's own: what the registry does not come to say means nothing there."""
    ledger = outfit.shared_ledger(house.settings)
    try:
        accept(taken, "", ledger, campaign=campaign)
    finally:
        ledger.close()


@router.post(
    "/campaigns/{id}/proposals/{accepted}/withdraw", operation_id="proposals.withdraw", response_model=Accepted
)
def give_back(id: Id, accepted: AcceptedId, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Gives a picture back that was taken, while no run has begun since: the next one buys again."""

    def work(c: sa.Connection) -> Answer:
        row = pictures.withdraw(c, asked.scope, accepted, campaign=id)
        return Answer(body=Accepted.of(row).model_dump(mode="json"))

    return write(house, asked, work, key=key, asked=(id, accepted))


@router.get(
    "/pictures/{picture}/thumbnail", operation_id="pictures.thumbnail", response_class=Response, responses=file_responses("jpeg")
)
def thumbnail(picture: Picture, asked: Asked, house: InHouse) -> Response:
    """A small JPEG of a bought picture, for those who may see its brand, or a campaign that took it."""
    with house.registry.read() as c:
        within, seen = shelves(c, asked.scope), pictures.is_accepted(c, asked.scope, picture)
    if not seen and not may_be_seen(house.settings, Digest(picture), within):
        raise NotFound(f"there is no picture {picture[:12]!r}")
    data = house.previews.run(small, house.settings, Digest(picture))
    return Response(data, media_type="image/jpeg", headers=_SAFE)


def _proposed(house: House, asked: Caller, campaign: Row) -> tuple[tuple[Proposal, ...], Shelves]:
    with house.registry.read() as c:
        within = shelves(c, asked.scope, campaign["brand"])
    if not is_stocked(house.settings, within):
        return (), within
    names = {"campaign": campaign["id"], "revision": campaign["revision"], "brand": campaign["brand"]}
    material = material_of(house.registry, **names)
    return house.aside.run(proposals_for, material, house.settings, house.today(), within), within
