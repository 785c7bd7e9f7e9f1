"""Hedging: nobody else is asked unless an operator wants it; then the quicker one is taken, and the other one counts in full."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from affiche.adapters.journal import MemoryJournal
from affiche.errors import (
    BadOutput,
    CallUncertain,
    ContentBlocked,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
)
from affiche.imagine.able import TAKES, Policy
from affiche.imagine.limits import Rate
from affiche.imagine.route import Desk, obtain
from affiche.values.digest import digest
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money
from affiche.values.spending import Cap, Intent
from tests.unit.imagine.market import desk, offer, order, picture, request, usd

SLOW, QUICK = offer("slow", 0.01), offer("quick", 0.10)
HEDGED = Policy(order=("slow", "quick"), hedge_after_s=20.0)


@dataclass(slots=True, kw_only=True)
class Waiting:
    """A provider that answers when it is let go. `ends`: what each call gives."""

    ends: list[ImageResult | ProviderError]
    go: list[asyncio.Event] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    held: bool = False
    cancelled: int = 0

    async def make(self, wanted: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = "") -> ImageResult:
        del offer, on_job, job
        self.asked.append(wanted.key)
        try:
            for event in self.go:
                await event.wait()
            if self.held:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        end = self.ends[min(len(self.asked), len(self.ends)) - 1]
        if isinstance(end, ProviderError):
            raise end
        return end

    async def health(self) -> str:
        return "ok"

    async def close(self) -> None:
        return


def two(slow: Waiting, quick: Waiting, policy: Policy = HEDGED, at_once: int = 4) -> Desk:
    made = desk(offers=(SLOW, QUICK), policy=policy, slow=Rate(at_once=at_once))
    return replace(made, imagers={"slow": slow, "quick": quick})


def run(wanted: Any) -> Any:
    return asyncio.run(asyncio.wait_for(wanted, 5))


def states(at: Desk) -> list[tuple[str, str, Money]]:
    return [(call.intent.provider, call.state, call.counts) for call in at.journal.calls()]


def test_the_quicker_one_is_taken_and_the_other_counts_in_full() -> None:
    slow, quick = Waiting(ends=[picture()], held=True), Waiting(ends=[picture(paid=0.09)])
    at = two(slow, quick)
    found = run(obtain(request(), order(), at))
    assert (found.offer, found.cost, slow.cancelled) == (QUICK, usd(0.09) + usd(0.01), 1)
    assert states(at) == [("slow", "spoilt", usd(0.01)), ("quick", "done", usd(0.09))]
    assert any("has not answered for 20 s; quick/m/generate is asked as well" in line for line in found.told)
    assert any("slow/m/generate was overtaken" in line for line in found.told)
    assert len(set(slow.asked + quick.asked)) == 2, "two calls, two names"


def test_without_the_wish_nobody_else_is_asked() -> None:
    slow, quick = Waiting(ends=[picture()], held=True), Waiting(ends=[picture()])
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(obtain(request(), order(), two(slow, quick, replace(HEDGED, hedge_after_s=0.0))), 0.2))
    assert quick.asked == []
    assert Policy().hedge_after_s == 0.0


def test_the_first_may_still_be_the_quicker_one() -> None:
    async def story() -> None:
        slow, quick = Waiting(ends=[picture()]), Waiting(ends=[picture()], held=True)
        slow.go.append(asyncio.Event())
        at = two(slow, quick)
        task = asyncio.ensure_future(obtain(request(), order(), at))
        while not quick.asked:
            await asyncio.sleep(0)
        slow.go[0].set()
        found = await task
        assert (found.offer, found.cost) == (SLOW, usd(0.11))
        assert states(at) == [("slow", "done", usd(0.01)), ("quick", "spoilt", usd(0.10))]

    run(story())


def test_a_cap_that_holds_no_second_call_lets_the_first_one_go_on() -> None:
    async def story() -> None:
        slow, quick = Waiting(ends=[picture()]), Waiting(ends=[picture()])
        slow.go.append(asyncio.Event())
        at = two(slow, quick)
        cap = Cap(scope="campaign", name="summer", limit=Money(amount=Decimal("0.05")))
        task = asyncio.ensure_future(obtain(request(), order(cap), at))
        for _ in range(20):
            await asyncio.sleep(0)
        slow.go[0].set()
        assert (await task).offer == SLOW
        assert quick.asked == []
        assert states(at) == [("slow", "done", usd(0.01))]

    run(story())


def test_a_picture_that_cannot_be_used_does_not_win() -> None:
    async def story() -> None:
        slow, quick = Waiting(ends=[picture()]), Waiting(ends=[picture(usable=False)])
        slow.go.append(asyncio.Event())
        at = two(slow, quick)
        task = asyncio.ensure_future(obtain(request(), order(), at))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not task.done()
        slow.go[0].set()
        assert (await task).offer == SLOW
        assert states(at) == [("slow", "done", usd(0.01)), ("quick", "spoilt", usd(0.10))]

    run(story())


def test_refused_content_ends_both() -> None:
    slow, quick = Waiting(ends=[picture()], held=True), Waiting(ends=[ContentBlocked("no", stage="input", billed=False)])
    at = two(slow, quick)
    with pytest.raises(ContentBlocked):
        run(obtain(request(), order(), at))
    assert states(at) == [("slow", "spoilt", usd(0.01)), ("quick", "free", usd(0))]
    with pytest.raises(ContentBlocked, match="before"):
        run(obtain(request(), order(), at))
    assert len(slow.asked) == 1


def test_one_whose_end_nobody_knows_stays_uncertain_while_the_other_gives_the_picture() -> None:
    async def story() -> None:
        slow, quick = Waiting(ends=[ProviderTimeout("nothing came")]), Waiting(ends=[picture()])
        slow.go.append(asyncio.Event())
        quick.go.append(asyncio.Event())
        at = two(slow, quick)
        task = asyncio.ensure_future(obtain(request(), order(), at))
        while not quick.asked:
            await asyncio.sleep(0)
        slow.go[0].set()
        for _ in range(20):
            await asyncio.sleep(0)
        quick.go[0].set()
        assert (await task).offer == QUICK
        assert states(at) == [("slow", "uncertain", usd(0.01)), ("quick", "done", usd(0.10))]

    run(story())


def test_both_down_is_told_as_without_hedging() -> None:
    slow, quick = Waiting(ends=[ProviderUnavailable("502")]), Waiting(ends=[ProviderUnavailable("503")])
    at = two(slow, quick)
    with pytest.raises(ProviderUnavailable):
        run(obtain(request(), order(), at))
    assert [state for _, state, _ in states(at)] == ["free", "free"]


def test_no_more_is_paid_than_the_usual_takes() -> None:
    async def story() -> None:
        bad = [picture(usable=False)] * 5
        slow, quick = Waiting(ends=bad), Waiting(ends=bad)
        at = two(slow, quick)
        with pytest.raises(BadOutput):
            await obtain(request(), order(), at)
        assert len(slow.asked) + len(quick.asked) == TAKES

    run(story())


def test_one_that_was_not_sent_yet_costs_nothing_when_it_is_overtaken() -> None:
    async def story() -> None:
        slow, quick = Waiting(ends=[picture()]), Waiting(ends=[picture()])
        at = two(slow, quick, at_once=1)
        async with at.limits.turn("slow"):  # another picture has the only place
            found = await obtain(request(), order(), at)
        assert (found.offer, found.cost, slow.asked) == (QUICK, usd(0.10), [])
        assert states(at) == [("slow", "free", usd(0)), ("quick", "done", usd(0.10))]

    run(story())


def test_after_a_crash_of_two_calls_the_one_that_can_be_repeated_is_and_the_other_counts() -> None:
    sure = replace(QUICK, repeat="idempotent")
    slow, quick = Waiting(ends=[picture()]), Waiting(ends=[picture()])
    at = replace(desk(offers=(SLOW, sure), policy=HEDGED, journal=MemoryJournal()), imagers={"slow": slow, "quick": quick})
    for number, one in enumerate((SLOW, sure)):
        at.journal.begin(
            Intent(
                key=request().key, call=digest("call", number), goods="picture", provider=one.provider, model=one.model, offer=one.id,
                estimate=usd(0.01 if one is SLOW else 0.1), campaign="summer", brand="Verde", month="2026-11", owner="me", purpose="",
            ),
            (),
        )  # fmt: skip
    found = run(obtain(request(), order(), at))
    assert (found.offer.provider, slow.asked) == ("quick", [])
    assert states(at) == [("slow", "spoilt", usd(0.01)), ("quick", "done", usd(0.10))]


def test_a_build_that_is_cancelled_leaves_both_calls_to_the_next_one() -> None:
    async def story() -> None:
        slow, quick = Waiting(ends=[picture()], held=True), Waiting(ends=[picture()], held=True)
        at = two(slow, quick)
        task = asyncio.ensure_future(obtain(request(), order(), at))
        while not quick.asked:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (slow.cancelled, quick.cancelled) == (1, 1)
        assert [state for _, state, _ in states(at)] == ["sent", "sent"]
        with pytest.raises(CallUncertain):
            await obtain(request(), order(), at)

    run(story())
