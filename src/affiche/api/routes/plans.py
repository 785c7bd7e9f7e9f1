"""Plans: a dry run with its quote. Spends nothing, stores nothing; planned in a process of its own, so that nobody waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool

from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.routes.kits import unsaved
from affiche.api.schema.plan import Plan, PlanWanted, Preview
from affiche.errors import UsageError
from affiche.registry import brands
from affiche.registry.scope import one
from affiche.registry.tables.work import campaigns
from affiche.runs.folder import Material, brand_of, files_of, material_of, records_of
from affiche.runs.intake import check_assets, take_brief
from affiche.runs.names import named_in
from affiche.runs.planned import BadBrief, dry_run
from affiche.runs.preview import shots
from affiche.runs.proposed import Shelves, shelves
from affiche.values.problem import Problem, Where

router = APIRouter(prefix="/v1/plans", tags=["plans"], max_body_size=JSON_MAX)


@router.post("", operation_id="plans.create", response_model=Plan)
async def create(wanted: PlanWanted, asked: Asked, house: InHouse) -> dict[str, Any]:
    """What a run would do, and what it would cost."""
    material = await run_in_threadpool(_material, house, asked, wanted)
    within = await run_in_threadpool(_shelves, house, asked, wanted)
    chosen = {str(name): values for name, values in wanted.chosen.items()}
    told = await run_in_threadpool(
        house.aside.run, dry_run, material, house.settings, chosen, house.today(), fit=wanted.fit, shelves=within
    )  # fmt: skip
    if told["refused"]:
        raise BadBrief([Problem(**{**told_of, "where": Where(file=told_of["where"])}) for told_of in told["problems"]])
    return dict(told)


@router.post("/preview", operation_id="plans.preview", response_model=Preview)
async def preview(wanted: PlanWanted, asked: Asked, house: InHouse) -> dict[str, Any]:
    """Three creatives of a brief, drawn at once; spends nothing, stores nothing."""
    material = await run_in_threadpool(_material, house, asked, wanted)
    return await run_in_threadpool(house.previews.run, shots, material, house.settings, house.today())


def _shelves(house: House, asked: Caller, wanted: PlanWanted) -> Shelves:
    """Where pictures are looked for that exist already, those of the brand first. Raises NotFound."""
    with house.registry.read() as c:
        if wanted.campaign:
            brand = one(c, asked.scope, campaigns, id=wanted.campaign, what="campaign")["brand"]
        else:
            brand = brands.named(c, asked.scope, wanted.brand)["id"] if wanted.brand else ""
        return shelves(c, asked.scope, brand)


def _material(house: House, asked: Caller, wanted: PlanWanted) -> Material:
    if wanted.campaign:
        with house.registry.read() as c:
            row = one(c, asked.scope, campaigns, id=wanted.campaign, what="campaign")
        number = wanted.revision or row["revision"]
        stored = material_of(house.registry, campaign=row["id"], revision=number, brand=row["brand"])
        return _with_brand(house, asked, stored, wanted.brand_file) if wanted.brand_file.strip() else stored
    if not wanted.brief.strip():
        raise UsageError("name a campaign, or send a brief")
    with house.registry.read() as c:
        brand = brands.named(c, asked.scope, wanted.brand) if wanted.brand else None
        data = wanted.brief.encode()
        intake = take_brief(data, "application/yaml", brand=brand)
        check_assets(c, asked.scope, intake.references)
        facts = brand_of(c, brand["id"] if brand else "")
        files = files_of(c, asked.scope.tenant, (*intake.assets, *named_in(facts.get("brand", b""))))
        rights = records_of(c, asked.scope.tenant, tuple(files))
        given = Material(brief=data, media_type="", files=files, rights=rights, **facts)
    return _with_brand(house, asked, given, wanted.brand_file) if wanted.brand_file.strip() else given


def _with_brand(house: House, asked: Caller, material: Material, file: str) -> Material:
    """`material` with a brand file that is not stored. Raises BadBrief."""
    brand = unsaved(house, asked, file.encode(), "application/yaml")
    name = material.brand_name or brand.brand_name
    return replace(material, brand_name=name, brand=brand.brand, files={**material.files, **brand.files})
