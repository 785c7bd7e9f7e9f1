"""What ships with Affiche; the same for everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache, partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from affiche import catalogs, offering
from affiche.api.caller import Asked, InHouse
from affiche.api.files import file_responses
from affiche.api.house import resting_of
from affiche.api.schema.catalog import Catalog, Proof
from affiche.check.table import RULES
from affiche.compose.shipped_sets import shipped_sets
from affiche.compose.template.shipped import shipped_ids, shipped_template
from affiche.compose.typeset.locales import locales
from affiche.errors import NotFound, UsageError
from affiche.placement.catalog import CHANNELS
from affiche.placement.shipped import shipped_catalog
from affiche.runs import proof as proofs
from affiche.settings import secret

router = APIRouter(prefix="/v1", tags=["catalog"])

Named = Annotated[str, Path(pattern=r"^[a-z][a-z-]{0,40}$")]


def _route(path: str, what: str, items: Callable[[], list[dict[str, Any]]]) -> None:
    kept = cache(items)

    def listed(_caller: Asked) -> dict[str, Any]:
        return {"items": kept()}

    router.get(f"/{path}", operation_id=f"{path}.list", response_model=Catalog, summary=what, name=path)(listed)


def _templates() -> list[dict[str, Any]]:
    return [catalogs.template_as_dict(shipped_template(name)) for name in shipped_ids()]


def _placements() -> list[dict[str, Any]]:
    return [catalogs.placement_as_dict(placement) for placement in shipped_catalog().all()]


def _locales() -> list[dict[str, Any]]:
    return [{"id": item.tag, **asdict(item)} for item in locales()]


def _sets() -> list[dict[str, Any]]:
    return [catalogs.set_as_dict(item) for item in shipped_sets().values()]


_route("templates", "The templates", _templates)
_route("placements", "Where ads can appear, with sizes and limits", _placements)
_route("locales", "The locales whose script the shipped fonts cover", _locales)
_route("markets", "Countries and groups with the locales they are served in", catalogs.markets_as_dicts)
_route("sets", "The studio sets", _sets)


@router.get("/templates/{id}/proof", operation_id="templates.proof", response_model=Proof)
async def proof(id: Named, _caller: Asked, house: InHouse) -> dict[str, Any]:
    """A template in every shape with hard copy: at which size each text fits, what helped, what was left out."""
    tag = await run_in_threadpool(proofs.proof_digest, id)
    return {"template": id, "digest": tag, "cells": await run_in_threadpool(house.proofs.run, proofs.facts, id)}


@router.get(
    "/templates/{id}/proof/sheet", operation_id="templates.sheet", response_class=Response, responses=file_responses("png")
)
async def sheet(
    request: Request, id: Named, _caller: Asked, house: InHouse,
    case: Annotated[str, Query(pattern=r"^[a-z-]{0,20}$", description="Only this stress copy; needs `size`.")] = "",
    size: Annotated[str, Query(pattern=r"^(\d{2,4}x\d{2,4})?$", description="Only this size; needs `case`.")] = "",
) -> Response:  # fmt: skip
    """The proof as one picture, or one place of it in its own size. 304 when the client has it. Raises NotFound."""
    if bool(case) != bool(size):
        raise UsageError("one place of a proof is named by case and size together")
    tag = f'"{await run_in_threadpool(proofs.proof_digest, id)}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    draw = partial(proofs.picture, id, case, size) if case else partial(proofs.sheet, id)
    data = await run_in_threadpool(house.proofs.run, draw)
    return Response(data, media_type="image/png", headers=headers)


@router.get(
    "/templates/{id}/sample", operation_id="templates.sample", response_class=Response, responses=file_responses("jpeg")
)
async def sample(
    request: Request, id: Named, _caller: Asked, house: InHouse,
    case: Annotated[str, Query(pattern=r"^[a-z-]{1,20}$", description="`plain`, or a case of the proof.")] = proofs.PLAIN,
) -> Response:  # fmt: skip
    """What a template looks like: one landscape place of its proof, small. 304 when the client has it. Raises NotFound."""
    tag = f'"{await run_in_threadpool(proofs.proof_digest, id)}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    data = await run_in_threadpool(house.proofs.run, partial(proofs.sample, id, case))
    return Response(data, media_type="image/jpeg", headers=headers)


@router.get("/providers", operation_id="providers.list", response_model=Catalog)
def providers(
    _caller: Asked, house: InHouse, offers: Annotated[bool, Query(description="With every operation of every model.")] = False
) -> dict[str, Any]:
    """Where pictures and words come from, with key, price and health, as this process is set up."""
    pictures = offering.rows(offering.asked_by(house.settings), house.today(), offers=offers)
    resting = resting_of(house.settings)
    found = [*catalogs.sources(has_key=lambda name: bool(secret(name))), *pictures]
    return {"items": [{**row, "health": resting.get(f"{row['gives']} {row['id']}", row["health"])} for row in found]}


@router.get("/rules", operation_id="rules.list", response_model=Catalog)
def rules(
    _caller: Asked, house: InHouse, channel: Annotated[str, Query(max_length=40, description="What counts for it.")] = ""
) -> dict[str, Any]:
    """The rules that creatives are checked by, with the limits in force today. Raises NotFound for an unknown channel."""
    if channel and channel not in CHANNELS:
        raise NotFound(f"there is no channel {channel!r}", hint=f"one of {', '.join(CHANNELS)}")
    force = catalogs.rules_by_id(channel, house.today())
    return {"items": [{**catalogs.rule_as_dict(rule, force.get(rule.id)), "name": rule.title} for rule in RULES]}
