"""Searching pictures by what they mean: whether that can be had here, and what is like a picture that the caller shows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from affiche.api import meant
from affiche.api.body import bytes_body, bytes_openapi
from affiche.api.caller import Asked, InHouse
from affiche.api.routes.assets import FILE_MAX
from affiche.api.routes.library import Limit
from affiche.api.schema.asset import Asset, MeantAsset, MeantAssets
from affiche.api.schema.search import Ability
from affiche.errors import CapabilityError
from affiche.registry.library import Filter

router = APIRouter(prefix="/v1", tags=["library"])

_PICTURE = bytes_openapi("The picture.")


@router.get("/search/meaning", operation_id="search.meaning", response_model=Ability)
def ability(_asked: Asked, house: InHouse) -> Ability:
    """Whether pictures can be searched by meaning here, and what is missing when not."""
    try:
        house.meanings.check()
    except CapabilityError as error:
        return Ability(available=False, reason=error.public, hint=error.hint)
    return Ability(available=True)


@router.post("/search/picture", operation_id="search.picture", response_model=MeantAssets, openapi_extra=_PICTURE)
async def by_picture(
    request: Request, asked: Asked, house: InHouse, limit: Limit = 30,
    brand: Annotated[str, Query(max_length=40, description="The id of a brand.")] = "",
) -> MeantAssets:  # fmt: skip
    """Pictures that mean nearly what the picture in the body means, the nearest first. It is looked at and not kept."""
    data = await bytes_body(request, FILE_MAX)
    found = await run_in_threadpool(meant.of_file, house, asked, data, Filter(brand=brand), limit=limit)
    return MeantAssets(items=[MeantAsset(asset=Asset.of(row), likeness=score) for row, score in found])
