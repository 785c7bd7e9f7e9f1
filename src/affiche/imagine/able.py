"""Able: which offers can do what is asked, at what size, for how much. What an offer does not declare it is never asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from affiche.imagine.shown import shown_to
from affiche.values.demand import lacks, size_for
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Offer, Price, Quality
from affiche.values.money import Money

#: Paid takes of one picture at most; unpaid failures do not count.
TAKES = 3
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an operator and a brief allow; empty means everything. `order`: offers or providers to ask in this order."""

    vendors: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    #: An unexplained end of a paid call: `ask` a person, or `again` (pay once more).
    uncertain: str = "ask"
    #: After so many seconds without an answer another provider is asked as well; 0: never.
    hedge_after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """An offer that can do it: the `size` to ask for and the highest price of one picture."""

    offer: Offer
    size: Size
    cost: Money


def able(request: ImageRequest, offers: Iterable[Offer], policy: Policy, today: date) -> tuple[tuple[Able, ...], dict[str, str]]:
    """The offers that can do `request`, and for each other one (by its id) why not."""
    fit: list[Able] = []
    why_not: dict[str, str] = {}
    for offer in offers:
        size = size_for(request.size, offer.can)
        sent = replace(shown_to(request, offer.can), size=size or request.size)
        reason = _refused(sent, offer, policy, today) or _moved(request, size, offer)
        if reason or size is None:
            why_not[offer.id] = reason or f"makes no picture near {request.size}"
        else:
            fit.append(Able(offer=offer, size=size, cost=cost_of(offer.price, size, request.quality)))
    return tuple(fit), why_not


def cost_of(price: Price, size: Size, quality: Quality) -> Money:
    """What one picture may cost at most; a quality without a price of its own takes the highest."""
    base, each = _at(price.base, quality), _at(price.per_megapixel, quality)
    amount = Decimal(str(base)) + Decimal(str(each)) * Decimal(size.width * size.height) / _MEGA
    return Money(amount=amount.quantize(Decimal("0.000001")), currency=price.currency)


def _refused(request: ImageRequest, offer: Offer, policy: Policy, today: date) -> str:
    """Why `offer` cannot or may not do `request`, `""` when it can."""
    if offer.operation != request.operation:
        return f"does {offer.operation}, not {request.operation}"
    if offer.sunset is not None and offer.sunset <= today:
        return f"was shut down on {offer.sunset}" + (f"; {offer.replaced_by} replaces it" if offer.replaced_by else "")
    if policy.vendors and offer.provider not in policy.vendors:
        return "is not among the allowed vendors"
    if policy.regions and not set(offer.regions) & set(policy.regions):
        return f"does not say that it works in {' or '.join(policy.regions)}"
    if policy.licences and offer.licence not in policy.licences:
        return f"gives results under {offer.licence or 'no stated licence'}"
    return "; ".join(lacks(request, offer.can))


def _moved(request: ImageRequest, size: Size | None, offer: Offer) -> str:
    """Why margins would not lie where they are asked for, `""` when they will: they are px of just this size."""
    if request.operation != "expand" or size == request.size or offer.can.size_rule == "ratio":
        return ""
    return f"adds margins to {size}, not to {request.size}"


def _at(prices: Mapping[Quality, float], quality: Quality) -> float:
    return prices.get(quality, max(prices.values(), default=0.0))
