"""A market of providers that exists only in memory: prices, chances of a usable picture, failures, drift. For tests and the bench."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from affiche.adapters.journal import MemoryJournal
from affiche.errors import ProviderError
from affiche.imagine.able import Policy
from affiche.imagine.limits import Limits, Rate
from affiche.imagine.route import Desk, Judged, Order
from affiche.ports import Journal
from affiche.values.digest import digest
from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities, ImageRequest, ImageResult, Offer, Price, Repeat
from affiche.values.money import Money
from affiche.values.spending import Cap

TODAY = date(2026, 11, 25)
FREE = Capabilities(size_rule="free", seed=True, negative=True)


def offer(name: str, cost: float, *, can: Capabilities = FREE, repeat: Repeat = "none", **more: object) -> Offer:
    price = Price(currency="USD", base={"standard": cost})
    return Offer(provider=name, model="m", operation="generate", can=can, price=price, repeat=repeat, **more)  # type: ignore[arg-type]


def request(name: str = "one", **more: object) -> ImageRequest:
    return ImageRequest(**{"key": digest("request", name), "operation": "generate", "prompt": "a can", "size": Size(width=1024, height=1024), **more})  # type: ignore[arg-type]


def usd(amount: float) -> Money:
    return Money(amount=Decimal(str(amount)))


@dataclass(slots=True, kw_only=True)
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass(slots=True, kw_only=True)
class Stall:
    """One provider. `does` decides what the n-th call gives: a result, or an error to raise."""

    provider: str
    does: Callable[[int, ImageRequest, str], ImageResult | ProviderError]
    asked: list[tuple[ImageRequest, str]] = field(default_factory=list)
    job: str = ""

    async def make(self, wanted: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = "") -> ImageResult:
        del offer
        self.asked.append((wanted, job))
        if self.job and not job:
            await on_job(self.job)
        end = self.does(len(self.asked) - 1, wanted, job)
        if isinstance(end, ProviderError):
            raise end
        return end

    async def health(self) -> str:
        return "ok"

    async def close(self) -> None:
        return


def picture(*, usable: bool = True, paid: float | None = None) -> ImageResult:
    return ImageResult(
        data=b"usable" if usable else b"spoilt", media_type="image/png", size=Size(width=1024, height=1024), model="m",
        paid=None if paid is None else usd(paid),
    )  # fmt: skip


def always(end: ImageResult | ProviderError) -> Callable[[int, ImageRequest, str], ImageResult | ProviderError]:
    return lambda *_: end


def judge(result: ImageResult, _: ImageRequest, offer: Offer) -> Judged:
    usable = result.data != b"spoilt"
    return Judged(usable=usable, quality=0.8 if usable else 0.1, reasons=() if usable else ("blank",))


def order(*caps: Cap, owner: str = "me") -> Order:
    return Order(campaign="summer", brand="Verde", month="2026-11", owner=owner, caps=caps)


def desk(
    *stalls: Stall, offers: tuple[Offer, ...], journal: Journal | None = None, policy: Policy | None = None, seed: int = 7, **rates: Rate
) -> Desk:
    clock = Clock()
    return Desk(
        offers=offers, imagers={stall.provider: stall for stall in stalls}, journal=journal or MemoryJournal(),
        limits=Limits(rates=rates, clock=clock, sleep=clock.sleep), policy=policy or Policy(), today=TODAY, clock=clock,
        chance=random.Random(seed), judge=judge, now=lambda: 0.0,
    )  # fmt: skip
