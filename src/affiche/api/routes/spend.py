"""What was paid to providers, for those who run the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query

from affiche import wire
from affiche.api.caller import Asked, InHouse
from affiche.api.schema.spend import Spend
from affiche.errors import NotFound
from affiche.registry.scope import HOME_TENANT
from affiche.values.spending import Call

router = APIRouter(prefix="/v1", tags=["catalog"])

#: Campaigns that are told.
_MOST = 10
_MONTH = r"^$|^20\d\d-(0[1-9]|1[0-2])$"


@router.get("/spend", operation_id="spend.get", response_model=Spend)
def get(
    asked: Asked, house: InHouse,
    month: Annotated[str, Query(pattern=_MONTH, description="`2026-11`; without it the present one.")] = "",
) -> dict[str, Any]:  # fmt: skip
    """What calls to providers count for in a month. The journal knows no tenants: only the house's own administrators see it."""
    if asked.scope.tenant != HOME_TENANT:
        raise NotFound("what was paid is told to those who run this service", hint="`GET /v1/insight` tells what your runs cost")
    chosen = month or house.today().strftime("%Y-%m")
    with wire.journal(house.settings) as book:
        calls = [call for call in book.calls() if call.intent.month == chosen]
        open_calls = book.calls(states=("uncertain",))
    cap = house.settings.spend_month
    return {
        "month": chosen, **_sum(calls), "cap": f"{cap} USD" if cap else "", "calls": len(calls),
        "providers": _parts(calls, lambda call: call.intent.provider),
        "campaigns": _parts(calls, lambda call: call.intent.campaign)[:_MOST],
        "uncertain": [_open(call) for call in open_calls],
    }  # fmt: skip


def _parts(calls: Iterable[Call], name: Callable[[Call], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[Call]] = {}
    for call in calls:
        groups.setdefault(name(call), []).append(call)
    parts = [
        {"name": of, "calls": len(group), "failed": sum(call.failed for call in group), **_sum(group)}
        for of, group in groups.items()
    ]
    return sorted(parts, key=lambda part: (-Decimal(str(part["amount"])), str(part["name"])))


def _sum(calls: Iterable[Call]) -> dict[str, str]:
    """Providers are paid in one currency (`docs/critiques.md`)."""
    total = sum((call.counts.amount for call in calls), Decimal(0))
    return {"amount": f"{total.normalize():f}", "currency": "USD"}


def _open(call: Call) -> dict[str, Any]:
    intent, counts = call.intent, call.counts
    return {
        "id": call.id, "provider": intent.provider, "purpose": intent.purpose, "campaign": intent.campaign,
        "amount": f"{counts.amount.normalize():f}", "currency": counts.currency, "at": datetime.fromtimestamp(call.at, UTC),
    }  # fmt: skip
