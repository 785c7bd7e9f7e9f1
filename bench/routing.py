"""Routing: what the router pays for a usable picture in a drifting market, against who knows everything and against fixed chains.

The market: six offers at list prices of 0.01 to 0.20 USD, the dearer the surer: chances of a usable picture of 0.55 to 0.98. Both
drift: the chance by 0.12 up and down (within those bounds), the real price from 0.7 to 1.4 times the list price, with periods of
240 to 700 calls that are no multiples of each other; phases are drawn for each of twenty seeds, so that now one, now another of
the cheap offers is best. Every call is paid, usable or not. The oracle knows price and chance of every offer at every
moment and takes the lowest price for a usable picture. A fixed chain asks its first offer, and the next one after every failure,
as failover usually does; one chain is in order of list prices, one in order of mean success. 500 calls each, the same market.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import fmean, median

from affiche.adapters.journal import MemoryJournal
from affiche.errors import AfficheError
from affiche.imagine.able import Policy
from affiche.imagine.limits import Limits, Rate
from affiche.imagine.route import Desk, Judged, Order, obtain
from affiche.values.digest import digest
from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities, ImageRequest, ImageResult, Offer, Price
from affiche.values.money import Money
from bench.measure import Row

LIST_PRICES = (0.01, 0.02, 0.04, 0.07, 0.12, 0.20)
SUCCESS = (0.55, 0.64, 0.73, 0.82, 0.90, 0.98)
CALLS, SEEDS = 500, 20


@dataclass(slots=True)
class Market:
    """One seed of the market; time is counted in calls."""

    seed: int
    at: int = 0
    _phases: list[tuple[float, float]] = field(init=False)
    _luck: random.Random = field(init=False)

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        self._phases = [(chance.random(), chance.random()) for _ in LIST_PRICES]
        self._luck = random.Random(self.seed + 1000)

    def success(self, arm: int) -> float:
        wave = math.sin(2 * math.pi * (self.at / (240 + 90 * arm) + self._phases[arm][0]))
        return min(max(SUCCESS[arm] + 0.12 * wave, SUCCESS[0]), SUCCESS[-1])

    def price(self, arm: int) -> float:
        wave = math.sin(2 * math.pi * (self.at / (310 + 75 * arm) + self._phases[arm][1]))
        return LIST_PRICES[arm] * (1.05 + 0.35 * wave)

    def buy(self, arm: int) -> tuple[float, bool]:
        """What it costs, and whether it is usable."""
        price, usable = self.price(arm), self._luck.random() < self.success(arm)
        self.at += 1
        return price, usable


def oracle(market: Market) -> float:
    """USD for a usable picture."""
    return _spent(market, lambda _: min(range(len(LIST_PRICES)), key=lambda arm: market.price(arm) / market.success(arm)))


def chain(market: Market, order: tuple[int, ...]) -> float:
    """The same of a fixed chain."""
    return _spent(market, lambda failures: order[failures % len(order)])


def _spent(market: Market, choose: Callable[[int], int]) -> float:
    paid = accepted = failures = 0.0
    for _ in range(CALLS):
        price, usable = market.buy(choose(int(failures)))
        paid += price
        accepted += usable
        failures = 0 if usable else failures + 1
    return paid / accepted


def routed(market: Market) -> float:
    """The same of the router itself, journal and all."""
    desk = _desk(market)
    asyncio.run(_shop(desk, market))
    calls = desk.journal.calls()
    paid = sum(call.counts.amount for call in calls)
    return float(paid) / sum(call.state == "done" for call in calls)


async def _shop(desk: Desk, market: Market) -> None:
    order = Order(campaign="bench", brand="bench", month="2026-11", owner="bench")
    number = 0
    while market.at < CALLS:
        number += 1
        try:
            await obtain(_request(number), order, desk)
        except AfficheError:
            continue


def overhead(calls: int = 400) -> float:
    """CPU ms of the router for one call, providers that answer at once."""
    desk = _desk(Market(0), sure=True)
    order = Order(campaign="bench", brand="bench", month="2026-11", owner="bench")

    async def many() -> None:
        for number in range(calls):
            await obtain(_request(number), order, desk)

    begun = time.process_time()
    asyncio.run(many())
    return (time.process_time() - begun) * 1000 / calls


def market_row(_: int) -> Row:
    """The router against oracle and chains."""
    ratios, savings = [], []
    for seed in range(SEEDS):
        best, got = oracle(Market(seed)), routed(Market(seed))
        chains = (chain(Market(seed), tuple(range(6))), chain(Market(seed), _by_success(seed)))
        ratios.append(got / best)
        savings.append(1 - got / min(chains))
    value = fmean(ratios)
    ok = value <= 1.10 and fmean(savings) >= 0.30
    note = f"{fmean(savings):.0%} under the better fixed chain (goal 30%), worst of {SEEDS} seeds {min(savings):.0%}; {CALLS} calls"
    what = "price of a usable picture, router against oracle"
    return Row(name="router-market", what=what, unit="x", value=value, ratio=value, budget=1.10, budget_is="ratio", ok=ok, note=note)


def overhead_row(rounds: int) -> Row:
    """What routing costs."""
    value = median(overhead() for _ in range(max(3, rounds)))
    what = "routing overhead for each call"
    return Row(name="router-overhead", what=what, unit="ms", value=value, budget=2.0, ok=value <= 2.0, note="journal in memory")


def _by_success(seed: int) -> tuple[int, ...]:
    market = Market(seed)

    def mean(arm: int) -> float:
        values = []
        for at in range(0, CALLS, 5):
            market.at = at
            values.append(market.success(arm))
        return fmean(values)

    return tuple(sorted(range(len(LIST_PRICES)), key=mean, reverse=True))


def _request(number: int) -> ImageRequest:
    return ImageRequest(key=digest("bench", number), operation="generate", prompt="a can", size=Size(width=1024, height=1024))


@dataclass(slots=True)
class _Arm:
    market: Market
    arm: int
    sure: bool

    provider: str = ""

    async def make(self, request: ImageRequest, offer: Offer, **_: object) -> ImageResult:
        price, usable = (LIST_PRICES[self.arm], True) if self.sure else self.market.buy(self.arm)
        paid = Money(amount=Decimal(f"{price:.6f}"))
        return ImageResult(data=b"usable" if usable else b"", media_type="image/png", size=request.size, model=offer.model, paid=paid)

    async def health(self) -> str:
        return "ok"

    async def close(self) -> None:
        return


def _desk(market: Market, *, sure: bool = False) -> Desk:
    can = Capabilities(size_rule="free")
    offers = tuple(
        Offer(provider=f"p{n}", model="m", operation="generate", can=can, price=Price(currency="USD", base={"standard": price}))
        for n, price in enumerate(LIST_PRICES)
    )
    rates = {offer.provider: Rate(calls=10_000_000) for offer in offers}
    return Desk(
        offers=offers, imagers={f"p{n}": _Arm(market, n, sure, f"p{n}") for n in range(len(LIST_PRICES))}, journal=MemoryJournal(),
        limits=Limits(rates=rates, clock=time.monotonic), policy=Policy(), today=date(2026, 11, 25), clock=lambda: 0.0,
        chance=random.Random(market.seed), judge=lambda result, *_: Judged(usable=bool(result.data), quality=0.8),
    )  # fmt: skip
