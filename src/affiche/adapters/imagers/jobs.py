"""Jobs: waiting for a provider with a queue. The wait has an end; the job can be picked up again after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from affiche.adapters.imagers.exchange import Exchange
from affiche.errors import ProviderTimeout

Found = TypeVar("Found")


async def finished(http: Exchange, ask: Callable[[], Awaitable[Found | None]]) -> Found:
    """What `ask` gives once it is not None, asked every `poll_s`. Raises ProviderTimeout after `timeout_s`; what `ask` raises."""
    try:
        async with asyncio.timeout(http.access.timeout_s):
            while (found := await ask()) is None:
                await asyncio.sleep(http.access.poll_s)
            return found
    except TimeoutError:
        raise ProviderTimeout(
            f"{http.provider} did not finish within {http.access.timeout_s:g} s", provider=http.provider,
            hint="the job is known: the same command asks for it again",
        ) from None  # fmt: skip
