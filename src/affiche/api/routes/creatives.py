"""Creatives: look at them, at their findings, decide on them and say something about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.files import file_responses, stored
from affiche.api.house import House
from affiche.api.paging import LIMIT_MAX, Wanted, sealed
from affiche.api.schema.creative import Beside, Counts, Creative, Findings, Remedies
from affiche.api.schema.shape import Page
from affiche.errors import UsageError
from affiche.registry import ids, review, wall
from affiche.registry.scope import Row, now, one, page
from affiche.registry.tables.work import campaigns
from affiche.registry.tables.work import creatives as table
from affiche.runs.folder import material_of
from affiche.runs.remedies import remedies as tried
from affiche.runs.rights import ended_of, with_ended

router = APIRouter(prefix="/v1", tags=["creatives"])

Id = Annotated[str, Path(pattern=ids.pattern("cre"))]
_WORST = {"error": 0, "fail": 1, "warn": 2, "skip": 3, "pass": 4}
#: Most creatives whose findings are told at once.
_FINDINGS_OF = 2000


_Short = Query(max_length=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which creatives are wanted: every one that is not empty must hold."""

    campaign: Annotated[str, _Short] = ""
    run: Annotated[str, _Short] = ""
    product: Annotated[str, Query(max_length=64)] = ""
    locale: Annotated[str, Query(max_length=35)] = ""
    placement: Annotated[str, Query(max_length=120)] = ""
    status: Annotated[str, Query(max_length=20)] = ""
    text: Annotated[str, Query(max_length=200, description="Words that occur in what it says, is, or what was found.")] = ""
    current: Annotated[bool, Query(description="Only of the newest run that made them.")] = True
    id: Annotated[list[str] | None, Query(max_length=LIMIT_MAX, description="Only these.")] = None

    def where(self, asked: Caller) -> list[sa.ColumnElement[bool]]:
        """As conditions, inside of what the caller may see."""
        names = ("campaign", "run", "product", "locale", "placement", "status")
        found = [asked.scope.on(table), *(table.c[name] == value for name in names if (value := getattr(self, name)))]
        if self.current and not self.run:
            found.append(table.c.current.is_(True))
        if self.id:
            found.append(table.c.id.in_(self.id))
        return [*found, *wall.containing(self.text)]


Chosen = Annotated[Filters, Depends()]


@router.get("/creatives", operation_id="creatives.list", response_model=Page[Creative])
def listed(
    asked: Asked, house: InHouse, part: Wanted, chosen: Chosen,
    sort: Annotated[Literal["newest", "place"], Query(description="`place`: product, placement, locale, variant.")] = "newest",
    by: Annotated[wall.By, Query(description="With `sort=place`: the groups, as in `/creatives/counts`.")] = "product",
    offset: Annotated[int, Query(ge=0, le=100_000, description="With `sort=place`: how many to leave out.")] = 0,
) -> dict[str, Any]:  # fmt: skip
    """Creatives. Of a `run` all that it made, of a campaign the current ones."""
    with house.registry.read() as c:
        if sort == "place":
            rows = wall.part(c, chosen.where(asked), by=by, offset=offset, limit=part.limit)
            cursor = ""
        else:
            rows, cursor = page(c, table, chosen.where(asked), before=part.before, limit=part.limit)
        standing = review.standing(c, asked.scope.tenant, rows)
    return {"items": [Creative.of(row, standing[row["id"]]) for row in rows], "next": sealed(cursor)}


@router.get("/creatives/counts", operation_id="creatives.counts", response_model=Counts)
def counts(asked: Asked, house: InHouse, chosen: Chosen, by: wall.By = "product") -> dict[str, Any]:
    """How many creatives there are by what they are, and the groups that a wall shows."""
    whole = Filters(campaign=chosen.campaign, run=chosen.run, current=chosen.current, id=None)
    with house.registry.read() as c:
        facets = wall.facets(c, whole.where(asked))
        groups, names = wall.groups(c, chosen.where(asked), by), wall.called(c, whole.where(asked))
    total = sum(facets["status"].values())
    return {"total": total, "facets": facets, "products": names, "within": wall.WITHIN[by], "groups": groups}


def _one(house: InHouse, asked: Asked, id: str) -> Row:
    with house.registry.read() as c:
        return one(c, asked.scope, table, id=id, what="creative")


@router.get("/creatives/{id}", operation_id="creatives.get", response_model=Creative)
def get(id: Id, asked: Asked, house: InHouse) -> Creative:
    """One creative."""
    with house.registry.read() as c:
        row = one(c, asked.scope, table, id=id, what="creative")
        return Creative.of(row, review.standing(c, asked.scope.tenant, [row])[id])


@router.get("/creatives/{id}/beside", operation_id="creatives.beside", response_model=Beside)
def beside(id: Id, asked: Asked, house: InHouse) -> dict[str, Any]:
    """Which creatives of the campaign stand before and after this one, in the order of `sort=place`."""
    row = _one(house, asked, id)
    where = [asked.scope.on(table), table.c.campaign == row["campaign"], table.c.current.is_(True)]
    with house.registry.read() as c:
        return wall.beside(c, where, id)


@router.get("/creatives/{id}/remedies", operation_id="creatives.remedies", response_model=Remedies)
async def remedies(id: Id, asked: Asked, house: InHouse) -> dict[str, Any]:
    """Changes of the brief that make this creative better, each tried: drawn and checked. Spends nothing, changes nothing."""
    return await run_in_threadpool(_remedies, house, asked, id)


def _remedies(house: House, asked: Caller, id: str) -> dict[str, Any]:
    row = _one(house, asked, id)
    which = {name: row[name] for name in ("product", "locale", "placement", "variant")}
    with house.registry.read() as c:
        campaign = one(c, asked.scope, campaigns, id=row["campaign"], what="campaign")
        here = [table.c.campaign == row["campaign"], table.c.product == row["product"], table.c.current.is_(True)]
        counted = sa.select(table.c.locale, sa.func.count()).where(asked.scope.on(table), *here).group_by(table.c.locale)
        touched = c.execute(counted).all()
    material = material_of(house.registry, campaign=campaign["id"], revision=campaign["revision"], brand=campaign["brand"])
    made = house.previews.run(tried, material, house.settings, house.today(), which)
    ads = {"words": sum(count for locale, count in touched if locale == row["locale"])}
    whole = sum(count for _, count in touched)
    return {**made, "items": [{**item, "ads": ads.get(item["verb"], whole)} for item in made["items"]]}


_FILE = file_responses("png", "jpeg", "webp", "avif")
_THUMBNAIL = file_responses("jpeg")


@router.get("/creatives/{id}/file", operation_id="creatives.file", response_class=Response, responses=_FILE)
def file(id: Id, asked: Asked, house: InHouse, request: Request) -> Response:
    """The file itself, as it was built, by the name it has in packages. To hand it over, make a delivery package."""
    row = _one(house, asked, id)
    return stored(request, house, row["blob"], kind=row["format"], name=row["path"].rpartition("/")[2], shown=True)


@router.get("/creatives/{id}/thumbnail", operation_id="creatives.thumbnail", response_class=Response, responses=_THUMBNAIL)
def thumbnail(id: Id, asked: Asked, house: InHouse, request: Request) -> Response:
    """A small JPEG of it."""
    return stored(request, house, _one(house, asked, id)["thumbnail"], kind="jpeg")


@router.get("/findings", operation_id="findings.list", response_model=Findings)
def findings(
    asked: Asked, house: InHouse,
    campaign: Annotated[str, Query(max_length=40)] = "",
    creative: Annotated[list[str] | None, Query(max_length=LIMIT_MAX, description="Of these creatives.")] = None,
    run: Annotated[str, Query(max_length=40)] = "",
    status: Annotated[str, Query(pattern=r"^(pass|warn|fail|error|skip)?$")] = "",
    rule: Annotated[str, Query(max_length=60)] = "",
) -> dict[str, Any]:  # fmt: skip
    """What the rules say of a campaign, a run or some creatives; without the rules that passed, unless they are asked for."""
    chosen = [id for id in creative or () if id]
    if not (campaign or chosen or run):
        raise UsageError("say of what: a campaign, a run or a creative")
    named = {"campaign": campaign, "run": run}
    where = [asked.scope.on(table), *(table.c[name] == value for name, value in named.items() if value)]
    if chosen:
        where.append(table.c.id.in_(chosen))
    if not (run or chosen):
        where.append(table.c.current.is_(True))
    query = sa.select(table.c.id, table.c.campaign, table.c.document).where(*where).order_by(table.c.id).limit(_FINDINGS_OF)
    with house.registry.read() as c:
        rows = c.execute(query).all()
        ended = ended_of(c, {row.campaign for row in rows}, now())
    found = [{"creative": row.id, **f} for row in rows for f in with_ended(row.document, ended[row.campaign])]
    counts: dict[str, Counter[str]] = {}
    for item in found:
        counts.setdefault(item["rule"], Counter())[item["status"]] += 1
    told = (status,) if status else ("error", "fail", "warn")
    shown = [f for f in found if f["status"] in told and rule in ("", f["rule"])]
    return {"items": sorted(shown, key=lambda f: _WORST[f["status"]]), "counts": counts}
