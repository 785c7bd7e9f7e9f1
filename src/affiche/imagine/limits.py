"""Limits: how fast and how much at once a provider is asked, and when it is left alone (`values/breaker.py`).

One `Limits` per build. Clock and sleep are arguments, so that tests need no time.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from affiche.values.breaker import Breaker, Breakers


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `calls` in any `seconds`, and `at_once` under way."""

    calls: int = 60
    seconds: float = 60.0
    at_once: int = 4


@dataclass(slots=True, kw_only=True)
class Limits:
    """Rates and breakers by provider. Breakers are in memory only unless `breakers` are given."""

    rates: Mapping[str, Rate] = field(default_factory=dict)
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    breakers: Breakers | None = None
    _recent: dict[str, deque[float]] = field(default_factory=dict)
    _places: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    def breaker(self, provider: str) -> Breaker:
        if self.breakers is None:
            self.breakers = Breakers(clock=self.clock, wall=time.time)
        return self.breakers.of(f"pictures {provider}")

    @asynccontextmanager
    async def turn(self, provider: str) -> AsyncIterator[None]:
        """Waits for a place and for the rate."""
        rate = self.rates.get(provider, Rate())
        async with self._places.setdefault(provider, asyncio.Semaphore(rate.at_once)):
            await self._wait(provider, rate)
            yield

    async def _wait(self, provider: str, rate: Rate) -> None:
        recent = self._recent.setdefault(provider, deque())
        while True:
            now = self.clock()
            while recent and recent[0] <= now - rate.seconds:
                recent.popleft()
            if len(recent) < rate.calls:
                recent.append(now)
                return
            await self.sleep(recent[0] + rate.seconds - now)
