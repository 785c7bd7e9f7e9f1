"""Limits: how fast and how much at once a provider is asked, and when it is left alone because it is broken.

One `Limits` per process. Clock and sleep are arguments, so that tests need no time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

#: Failures in a row that open a breaker, and for how long: doubled with every failed try after that, up to the longest.
BREAKS_AFTER = 4
FIRST_REST_S, LONGEST_REST_S = 20.0, 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `calls` in any `seconds`, and `at_once` under way."""

    calls: int = 60
    seconds: float = 60.0
    at_once: int = 4


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Closed: calls pass. Open: none do until `until`. Half open: one may try; it closes or opens the breaker again."""

    failures: int = 0
    until: float = 0.0
    rest_s: float = FIRST_REST_S
    trying: bool = False

    def state(self, now: float) -> Literal["closed", "open", "half-open"]:
        if not self.until:
            return "closed"
        return "open" if now < self.until or self.trying else "half-open"

    def passes(self, now: float) -> bool:
        """Whether a call may go out; takes the one try of a half-open breaker."""
        if self.state(now) == "half-open":
            self.trying = True
            return True
        return not self.until

    def succeeded(self) -> None:
        self.failures, self.until, self.rest_s, self.trying = 0, 0.0, FIRST_REST_S, False

    def failed(self, now: float) -> None:
        self.failures += 1
        if self.trying:
            self.rest_s = min(LONGEST_REST_S, self.rest_s * 2)
        if self.trying or self.failures >= BREAKS_AFTER:
            self.until = now + self.rest_s
        self.trying = False

    def rest(self, now: float, seconds: float) -> None:
        """The provider said how long to stay away."""
        self.until = max(self.until, now + seconds)
        self.trying = False


@dataclass(slots=True, kw_only=True)
class Limits:
    """Rates and breakers by provider."""

    rates: Mapping[str, Rate] = field(default_factory=dict)
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _breakers: dict[str, Breaker] = field(default_factory=dict)
    _recent: dict[str, deque[float]] = field(default_factory=dict)
    _places: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    def breaker(self, provider: str) -> Breaker:
        return self._breakers.setdefault(provider, Breaker())

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
