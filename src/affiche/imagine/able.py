"""Able: which offers can do what is asked, at what size, for how much. What an offer does not declare it is never asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities, ImageRequest, Offer, Price, Quality
from affiche.values.money import Money

#: How far the ratio of an offered size may be from the wanted one; the rest is cropped away.
_RATIO_TOLERANCE = 0.06
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
        reason = _refused(request, offer, policy, today) or ("" if size else f"makes no picture of {request.size}")
        if reason or size is None:
            why_not[offer.id] = reason
        else:
            fit.append(Able(offer=offer, size=size, cost=cost_of(offer.price, size, request.quality)))
    return tuple(fit), why_not


def cost_of(price: Price, size: Size, quality: Quality) -> Money:
    """What one picture may cost at most; a quality without a price of its own takes the highest."""
    base, each = _at(price.base, quality), _at(price.per_megapixel, quality)
    amount = Decimal(str(base)) + Decimal(str(each)) * Decimal(size.width * size.height) / _MEGA
    return Money(amount=amount.quantize(Decimal("0.000001")), currency=price.currency)


def size_for(wanted: Size, can: Capabilities) -> Size | None:
    """The size to ask an offer for, None when it has nothing near: never smaller than needed if it can be helped."""
    if can.size_rule == "exact":
        near = [size for size in can.sizes if _near(size.width / size.height, wanted)]
        return min(near, key=lambda size: (size.width < wanted.width, abs(size.width - wanted.width)), default=None)
    if can.size_rule == "ratio":
        ratios = [ratio for ratio in can.ratios if _near(ratio[0] / ratio[1], wanted)]
        best = min(ratios, key=lambda ratio: abs(ratio[0] / ratio[1] - wanted.width / wanted.height), default=None)
        return None if best is None else Size(width=wanted.width, height=round(wanted.width * best[1] / best[0]))
    return _free(wanted, can)


def _free(wanted: Size, can: Capabilities) -> Size | None:
    aspect = max(wanted.width / wanted.height, wanted.height / wanted.width)
    if can.max_aspect and aspect > can.max_aspect + 1e-9:
        return None
    scale, pixels = 1.0, wanted.width * wanted.height
    if can.min_pixels and pixels < can.min_pixels:
        scale = (can.min_pixels / pixels) ** 0.5
    if can.max_pixels and pixels * scale**2 > can.max_pixels:
        scale = (can.max_pixels / pixels) ** 0.5
    if can.max_side:
        scale = min(scale, can.max_side / max(wanted.width, wanted.height))
    step, up = max(1, can.multiple), scale > 1
    return Size(width=_step(wanted.width * scale, step, up=up), height=_step(wanted.height * scale, step, up=up))


def _step(length: float, step: int, *, up: bool) -> int:
    """`length` as a multiple of `step`: upwards when a minimum must be met, downwards where a maximum holds."""
    steps = -(-length // step) if up else length // step
    return max(step, int(steps) * step)


def _near(ratio: float, wanted: Size) -> bool:
    return abs(ratio * wanted.height / wanted.width - 1) <= _RATIO_TOLERANCE


def _refused(request: ImageRequest, offer: Offer, policy: Policy, today: date) -> str:
    """Why `offer` cannot or may not do `request`, `""` when it can."""
    can = offer.can
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
    return next((text for text, wrong in _needs(request, can) if wrong), "")


def _needs(request: ImageRequest, can: Capabilities) -> Iterable[tuple[str, bool]]:
    roles: dict[str, int] = {}
    for reference in request.references:
        roles[reference.role] = roles.get(reference.role, 0) + 1
    taken: Mapping[str, int] = {role: count for role, count in can.references.items()}  # noqa: C416 - wider keys
    for role, count in roles.items():
        yield f"takes {taken.get(role, 0)} pictures as {role}, not {count}", taken.get(role, 0) < count
    yield "takes no mask", request.mask is not None and not can.mask
    yield "takes no seed", request.seed is not None and not can.seed
    yield "makes no transparent pictures", request.transparent and not can.transparent
    yield f"has no quality {request.quality}", request.quality not in can.qualities
    yield "has no room for so long a prompt", bool(can.max_prompt) and len(request.prompt) > can.max_prompt


def _at(prices: Mapping[Quality, float], quality: Quality) -> float:
    return prices.get(quality, max(prices.values(), default=0.0))
