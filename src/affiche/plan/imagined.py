"""Imagined: the pictures that a brief wants from models, as wishes with their request keys. Pure; nobody is asked here.

A wish is made only where it can come true: the brief says `imagine: true`, somebody can do it, and there is a budget. Its request
key covers all that is sent, so what was bought once is never bought again, in this campaign or another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import log
from statistics import fmean

from affiche.brand.model import Brand
from affiche.brief.model import Brief, Product
from affiche.imagine.able import TAKES, Able, Policy, able
from affiche.imagine.place import PLACE
from affiche.imagine.prompt import Purpose, Scene, prompt_of
from affiche.placement.model import Placement
from affiche.plan.model import Wish
from affiche.plan.room import Room
from affiche.values.digest import Digest, digest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Offer
from affiche.values.money import Money
from affiche.values.problem import Problem, Where

#: Raised when request keys themselves mean something else.
FORMAT = 1
#: Width and height of what is asked for, about 1.6 megapixels; the nearest to the middle of the placements is taken.
SIZES = (
    Size(width=960, height=1696), Size(width=1136, height=1424), Size(width=1264, height=1264), Size(width=1536, height=1024),
    Size(width=1696, height=960),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """Who could make pictures: offers of providers whose key is there, and what is allowed.

    `budget`: whether anything may be spent at all.

    `refused`: products whose wish did not come true in this build; they are planned without. `style`: the brand's style pictures.

    `accepted`: wishes for which somebody took a picture that exists: request key -> the key of that picture.
    """

    offers: tuple[Offer, ...] = ()
    policy: Policy = field(default_factory=Policy)
    today: date = date.min
    budget: bool = False
    refused: frozenset[str] = frozenset()
    style: tuple[Digest, ...] = ()
    accepted: Mapping[Digest, Digest] = field(default_factory=dict)


def wish_of(
    product: Product, brief: Brief, brand: Brand, placements: Iterable[Placement], makers: Makers, room: Callable[[Size], Room]
) -> Wish | None:  # fmt: skip
    """What is to be bought for `product`, None when nothing is wanted or nobody can. `room`: where words stand on such a size."""
    wanted = product.picture is not None and product.picture.imagine
    if not wanted or not makers.budget or product.id in makers.refused:
        return None
    size = _size(placements)
    kept = room(size)
    scene = replace(_scene(product, brief, brand), calm=kept.calm)
    request = _request(scene, size, product.picture.take if product.picture else 1, makers.style)
    fit, _ = able(request, makers.offers, makers.policy, makers.today)
    if not fit:
        return None
    least, most = price_range(fit)
    request = replace(request, key=makers.accepted.get(request.key, request.key))
    areas = (*kept.areas, PLACE) if scene.purpose == "backdrop" else kept.areas
    return Wish(
        request=request, purpose=scene.purpose, product=product.id, calm=areas, as_of=priced_on(fit),
        least=least, most=most, letters=scene.letters
    )  # fmt: skip


def unmet(brief: Brief, makers: Makers) -> tuple[Problem, ...]:
    """Why a picture that a brief wants from a model is not bought: no provider, no budget, nobody who can."""
    problems = []
    for number, product in enumerate(brief.products):
        if product.picture is None or not product.picture.imagine or product.id in makers.refused:
            continue
        reason, hint = _why_not(product, makers)
        if reason:
            where = brief.places.get(f"products[{number}].picture", product.picture.where or Where())
            message = f"the picture of {product.name} is not made: {reason}"
            problems.append(Problem(severity="warning", code="picture.not-imagined", where=where, message=message, hint=hint))
    return tuple(problems)


def _why_not(product: Product, makers: Makers) -> tuple[str, str]:
    if not makers.offers:
        return "no provider has a key", "`affiche providers` lists them; without one a studio set or type alone is shown"
    if not makers.budget:
        return "there is no budget", "give the brief a `budget`, or set `spend_month`: nothing is bought without a limit"
    request = _request(Scene(purpose="hero", product=product.name), SIZES[2], 1)
    fit, why_not = able(request, makers.offers, makers.policy, makers.today)
    said = "; ".join(f"{offer} {reason}" for offer, reason in list(why_not.items())[:3])
    return ("", "") if fit else (f"nobody can ({said})", "allow more providers, or give a picture")


def _scene(product: Product, brief: Brief, brand: Brand) -> Scene:
    purpose: Purpose = "backdrop" if product.picture and product.picture.path else "hero"
    colors = product.colors or tuple(brand.colors[role].hex for role in ("primary", "accent", "paper") if role in brand.colors)
    regions = tuple(dict.fromkeys(market.name or market.region for market in brief.markets if market.region))
    return Scene(
        purpose=purpose, product=product.name, description=product.description, audience=product.audience or brief.audience,
        market=", ".join(regions[:6]), mood=brand.tone, colors=colors,
        people=product.picture is not None and product.picture.people,
        letters=product.picture is not None and product.picture.letters,
    )  # fmt: skip


def _request(scene: Scene, size: Size, take: int, style: tuple[Digest, ...] = ()) -> ImageRequest:
    prompt = prompt_of(scene)
    key = digest("picture from a model", FORMAT, scene.purpose, prompt, size, "standard", take, *style)
    return ImageRequest(key=key, operation="generate", prompt=prompt, size=size, style=style)


def _size(placements: Iterable[Placement]) -> Size:
    """The shape in the middle of all placements: from it each is cropped with the least loss."""
    ratios = [log(p.size.width / p.size.height) for p in placements]
    middle = min(max(fmean(ratios), log(9 / 16)), log(16 / 9)) if ratios else 0.0
    return min(SIZES, key=lambda size: abs(log(size.width / size.height) - middle))


def price_range(fit: tuple[Able, ...]) -> tuple[Money, Money]:
    """From one take of the cheapest to all takes of the dearest."""
    costs = sorted((one.cost for one in fit), key=lambda money: money.amount)
    return costs[0], Money(amount=costs[-1].amount * TAKES, currency=costs[-1].currency)


def priced_on(fit: tuple[Able, ...]) -> date | None:
    """The day of the oldest of their prices, None when no price says when it was read."""
    return min((one.offer.price.as_of for one in fit if one.offer.price.as_of is not None), default=None)
