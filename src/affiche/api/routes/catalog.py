"""What ships with Affiche; the same for everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Query

from affiche import catalogs
from affiche.api.caller import Asked, InHouse
from affiche.api.schema.catalog import Catalog
from affiche.check.table import RULES
from affiche.compose.shipped_sets import shipped_sets
from affiche.compose.template.shipped import shipped_ids, shipped_template
from affiche.compose.typeset.locales import locales
from affiche.errors import NotFound
from affiche.placement.catalog import CHANNELS
from affiche.placement.shipped import shipped_catalog

router = APIRouter(prefix="/v1", tags=["catalog"])


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


@router.get("/providers", operation_id="providers.list", response_model=Catalog)
def providers(_caller: Asked) -> dict[str, Any]:
    """Where pictures and words come from, with key, price and health."""
    return {"items": catalogs.sources()}


@router.get("/rules", operation_id="rules.list", response_model=Catalog)
def rules(
    _caller: Asked, house: InHouse, channel: Annotated[str, Query(max_length=40, description="What counts for it.")] = ""
) -> dict[str, Any]:
    """The rules that creatives are checked by, with the limits in force today. Raises NotFound for an unknown channel."""
    if channel and channel not in CHANNELS:
        raise NotFound(f"there is no channel {channel!r}", hint=f"one of {', '.join(CHANNELS)}")
    force = catalogs.rules_by_id(channel, house.today())
    return {"items": [{**catalogs.rule_as_dict(rule, force.get(rule.id)), "name": rule.title} for rule in RULES]}
