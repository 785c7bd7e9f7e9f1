"""Offering: what providers of pictures offer, whether they are set up, and what they cost, as command and API tell it."""

from __future__ import annotations

from datetime import date
from typing import Any

from affiche.imagers import Market, market
from affiche.imagine.catalog.read import Provider
from affiche.settings import Settings
from affiche.values.imagery import Offer


def rows(there: Market, day: date, *, offers: bool = True) -> list[dict[str, Any]]:
    """Every provider of pictures; without `offers` in short."""
    found = [_row(provider, there, day) for provider in there.catalog.providers]
    return found if offers else [{name: value for name, value in row.items() if name != "offers"} for row in found]


def asked_by(settings: Settings) -> Market:
    """The providers that a build with these settings may ask: the known ones, or those that only draw."""
    return market(settings, simulated="simulated" in settings.providers)


def _row(provider: Provider, there: Market, day: date) -> dict[str, Any]:
    """The stable JSON form: as that of a keyless source, with what there is to say of a provider besides."""
    missing = there.missing(provider)
    keys = [name for name in missing if name.isupper()]
    live = [offer for offer in there.catalog.live(day) if offer.provider == provider.id]
    ends = sorted(offer.sunset for offer in live if offer.sunset is not None)
    return {
        "id": provider.id, "gives": "pictures", "name": provider.name, "note": _note(missing, live, provider),
        "key": f"missing: {keys[0]}" if keys else "set" if provider.secrets else "not needed", "needs": list(missing),
        "network": provider.adapter not in ("diffusers", "simulated"), "price": _cheapest(live),
        "health": "not set up" if missing else "not asked", "sunset": ends[0].isoformat() if ends else None,
        "site": provider.site, "offers": [_offer(offer) for offer in live],
    }  # fmt: skip


def _note(missing: tuple[str, ...], live: list[Offer], provider: Provider) -> str:
    does = sorted({offer.operation for offer in live})
    parts = [", ".join(does)]
    price = _cheapest(live)
    if price["amount"]:
        parts.append(f"from {price['amount']:g} {price['currency']}{'' if price['verified'] else '*'} ({price['as_of']})")
    soon = min((o for o in live if o.sunset is not None), key=lambda o: str(o.sunset), default=None)
    if soon is not None:
        parts.append(f"{soon.model} ends {soon.sunset}")
    parts.append(f"needs {', '.join(missing)}" if missing else "ready")
    return "; ".join(part for part in parts if part) + (f". {provider.note}" if provider.note else "")


def _cheapest(live: list[Offer]) -> dict[str, Any]:
    """The lowest list price of a megapixel that is made from nothing (or of whatever else there is)."""
    priced = [(_amount(offer), offer.price) for offer in live if offer.operation == "generate"] or [
        (_amount(offer), offer.price) for offer in live
    ]
    if not priced:
        return {"amount": 0, "currency": "USD", "as_of": None, "verified": False}
    amount, price = min(priced, key=lambda row: row[0])
    return {
        "amount": round(amount, 6), "currency": price.currency, "as_of": price.as_of.isoformat() if price.as_of else None,
        "verified": price.verified,
    }  # fmt: skip


def _amount(offer: Offer) -> float:
    return min(offer.price.base[q] + offer.price.per_megapixel.get(q, 0) for q in offer.can.qualities)


def _offer(offer: Offer) -> dict[str, Any]:
    can, price = offer.can, offer.price
    return {
        "id": offer.id, "model": offer.model, "operation": offer.operation, "size_rule": can.size_rule,
        "sizes": [str(size) for size in can.sizes], "ratios": [f"{w}:{h}" for w, h in can.ratios],
        "references": dict(can.references), "mask": can.mask, "negative": can.negative, "seed": can.seed,
        "transparent": can.transparent, "colors": can.colors, "qualities": list(can.qualities),
        "price": {
            "base": dict(price.base), "per_megapixel": dict(price.per_megapixel), "currency": price.currency,
            "as_of": price.as_of.isoformat() if price.as_of else None, "source": price.source, "verified": price.verified,
        },
        "repeat": offer.repeat, "regions": list(offer.regions), "licence": offer.licence,
        "sunset": offer.sunset.isoformat() if offer.sunset else None, "replaced_by": offer.replaced_by,
    }  # fmt: skip
