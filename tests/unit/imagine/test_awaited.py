"""Two builds that wish the very same picture: one buys it, the other waits for what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from affiche.adapters.journal import MemoryJournal
from affiche.errors import ContentBlocked, UnderWay
from affiche.imagine.awaited import PATIENCE_S, obtained
from affiche.imagine.route import Desk, Obtained
from tests.unit.imagine.market import Stall, desk, offer, order, picture, request

CHEAP = offer("cheap", 0.01)


class Slow(Stall):
    """Answers only when `go` is set."""

    def __init__(self, *ends: Any) -> None:
        super().__init__(provider="cheap", does=lambda number, *_: ends[min(number, len(ends) - 1)])
        self.go = asyncio.Event()

    async def make(self, *args: Any, **more: Any) -> Any:
        result = super().make(*args, **more)
        await self.go.wait()
        return await result


def two(stall: Stall) -> tuple[list[str], Desk]:
    """A desk whose kept pictures are in the list, and whose sleep lets others go on."""
    kept: list[str] = []
    at = desk(stall, offers=(CHEAP,))

    async def sleep(seconds: float) -> None:
        at.clock.now += seconds / 1000  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    at.limits.sleep = sleep
    return kept, replace(at, keep=lambda wanted, found: kept.append(wanted.key))


async def both(stall: Slow, kept: list[str], at: Desk) -> tuple[Any, Any]:
    def one(owner: str) -> Any:
        return obtained(request(), order(owner=owner), at, lambda: bool(kept))

    first = asyncio.create_task(one("a"))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(one("b"))
    await asyncio.sleep(0.01)
    stall.go.set()
    return tuple(await asyncio.gather(first, second, return_exceptions=True))  # type: ignore[return-value]


def test_the_second_waits_and_pays_nothing() -> None:
    async def ends() -> None:
        stall = Slow(picture())
        kept, at = two(stall)
        first, second = await both(stall, kept, at)
        assert isinstance(first, Obtained) and second is None
        assert len(stall.asked) == 1 and [call.state for call in at.journal.calls()] == ["done"]

    asyncio.run(ends())


def test_what_the_first_could_not_use_is_bought_once_more_by_one_of_them() -> None:
    async def ends() -> None:
        stall = Slow(picture(usable=False), picture())
        kept, at = two(stall)
        results = await both(stall, kept, at)
        assert sum(isinstance(end, Obtained) for end in results) == 1 and None in results
        assert [call.state for call in at.journal.calls()] == ["spoilt", "done"]

    asyncio.run(ends())


def test_what_was_refused_to_the_first_is_not_asked_by_the_second() -> None:
    async def ends() -> None:
        stall = Slow(ContentBlocked("not this"))
        kept, at = two(stall)
        results = await both(stall, kept, at)
        assert all(isinstance(end, ContentBlocked) for end in results) and len(stall.asked) == 1

    asyncio.run(ends())


def test_waiting_has_an_end() -> None:
    class Late(MemoryJournal):
        """Another build begins in the same moment, and never ends."""

        def begin(self, intent: Any, caps: Any) -> Any:
            super().begin(replace(intent, owner="another"), ())
            return super().begin(intent, caps)

    stall = Stall(provider="cheap", does=lambda *_: picture())
    at = replace(desk(stall, offers=(CHEAP,)), journal=Late())
    with pytest.raises(UnderWay, match="another process"):
        asyncio.run(obtained(request(), order(), at, lambda: False))
    assert stall.asked == [] and at.clock() >= PATIENCE_S
