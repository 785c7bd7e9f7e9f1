"""Arms: what was learnt of each offer, and the draw that decides whom to ask. Pure: randomness is an argument.

Thompson sampling on what a *usable* picture costs. Of each offer two discounted counts are kept (usable, not usable) with running
means of price, latency and quality; a draw takes a chance of success from Beta(1 + usable, 1 + not) and divides the price by
it. The cheapest draw is asked. Old experience fades (`FADE` a call), so that an offer that got worse, or better, is noticed.
An expensive offer is tried only as far as its price leaves it a chance of winning: exploration stays as cheap as its gain.

Refusals of content say nothing about an offer and are not counted.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from affiche.imagine.able import Able

#: What experience is worth after each further call of the same offer: half after about 34 calls.
FADE = 0.98
#: A second of waiting, in the currency of the price: keeps the order sensible among equal prices.
SECOND = 0.0001
_SMOOTH = 0.2

#: What the worst usable picture is worth less than the best one, and the quality that an offer is taken to have unseen.
_BETTER, _UNSEEN = 0.5, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Experience with one offer. `price` 0.0 = not known yet; `quality` 0..1 of usable pictures."""

    usable: float = 0.0
    spoilt: float = 0.0
    price: float = 0.0
    latency_s: float = 0.0
    quality: float = 0.0
    calls: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Arm:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def after(self, *, usable: bool, price: float | None, latency_s: float, quality: float = 0.0) -> Arm:
        """With one more call. `price` None: it cost nothing and teaches nothing about prices."""
        return replace(
            self,
            usable=self.usable * FADE + usable,
            spoilt=self.spoilt * FADE + (not usable),
            price=self.price if price is None else _mean(self.price, price, self.calls),
            latency_s=_mean(self.latency_s, latency_s, self.calls),
            quality=_mean(self.quality, quality, self.calls) if usable else self.quality,
            calls=self.calls + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One offer in a draw: the chance that was drawn, what a usable picture would then cost, and what a good one would."""

    able: Able
    chance: float
    cost: float
    good: float

    def why(self) -> str:
        """For people."""
        price = f"{self.cost:.2g}" if self.cost < 1 else f"{self.cost:.0f}"
        return f"{self.able.offer.id} (a usable picture for {price} {self.able.cost.currency}, chance {self.chance:.0%})"


def draw(choices: Sequence[Able], arms: Mapping[str, Arm], chance: random.Random) -> list[Drawn]:
    """`choices` in the order in which to ask, best first."""
    drawn = [_drawn(able, arms.get(able.offer.id, Arm()), chance) for able in choices]
    return sorted(drawn, key=lambda one: one.good)


def in_order(choices: Sequence[Able], order: Sequence[str]) -> list[Able]:
    """`choices` in an explicit order of offers or providers; others are left out."""
    ranks = {name: number for number, name in enumerate(order)}
    named = [(min(ranks.get(a.offer.id, len(order)), ranks.get(a.offer.provider, len(order))), a) for a in choices]
    return [able for rank, able in sorted(named, key=lambda pair: pair[0]) if rank < len(order)]


def _drawn(able: Able, arm: Arm, chance: random.Random) -> Drawn:
    drawn = max(1e-3, chance.betavariate(1 + arm.usable, 1 + arm.spoilt))
    price = arm.price or float(able.cost.amount)
    latency = arm.latency_s or able.offer.latency_s
    cost = (price + SECOND * latency) / drawn
    quality = arm.quality if arm.usable else _UNSEEN
    return Drawn(able=able, chance=drawn, cost=cost, good=cost / (1 - _BETTER * (1 - quality)))


def _mean(before: float, now: float, calls: int) -> float:
    """A running mean that follows changes: plain at first, exponential later."""
    weight = max(_SMOOTH, 1 / (calls + 1))
    return before + weight * (now - before)
