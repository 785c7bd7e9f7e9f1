"""Ask: one question to a writer, with patience. Tries again what costs nothing, never what may have been billed.

Waits as long as the provider says, at most `PATIENCE_S` in all. May live here: retries and pacing; what is asked is in
`tasks.py`, what it costs in `paid.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from affiche.errors import ProviderError, ProviderUnavailable, RateLimited
from affiche.ports import Writer
from affiche.values.digest import Digest
from affiche.values.writing import WriteRequest
from affiche.write.catalog import WriterFacts
from affiche.write.paid import PaidCalls, Settled

#: Tries of one question, and seconds of waiting over all of them.
TRIES, PATIENCE_S = 4, 60.0
_FIRST_WAIT_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who is asked, by whom it is paid, how many at once (`gate`), and how to wait."""

    writer: Writer
    facts: WriterFacts
    calls: PaidCalls
    gate: asyncio.Semaphore
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def ask(asking: Asking, key: Digest, request: WriteRequest, expected: int) -> Settled:
    """The answer to `request`, known as `key`; `expected` characters are reckoned with.

    Raises ProviderError, BudgetExhausted, CallUncertain.
    """
    most = asking.facts.estimate(sent(request), 2 * expected + 200)
    waited = 0.0
    for attempt in range(TRIES):
        try:
            async with asking.gate:
                return await asking.calls.make(key, most, lambda: asking.writer.write(request))
        except (RateLimited, ProviderUnavailable) as error:
            pause = _pause(error, attempt)
            if attempt == TRIES - 1 or waited + pause > PATIENCE_S:
                raise
            waited += pause
            await asking.sleep(pause)
    raise AssertionError("the last try returns or raises")


def sent(request: WriteRequest) -> int:
    """Characters that go out with a request."""
    pictures = 4000 * len(request.pictures)  # a picture is some 1,500 tokens
    return (
        len(request.instructions)
        + len(json.dumps(request.data, ensure_ascii=False))
        + len(json.dumps(request.answer))
        + pictures
    )


def _pause(error: ProviderError, attempt: int) -> float:
    asked_for = error.retry_after_s if isinstance(error, RateLimited) else None
    return asked_for if asked_for is not None else _FIRST_WAIT_S * 2.0**attempt
