"""Ask: one question to whoever can write, with patience. Tries again what costs nothing, never what may have been billed.

Writers are asked in their order. Who surely did not take a question (no connection, 5xx, too many requests, no money, no key)
is stood in for by the next; the last one is waited for, as long as it says, at most `PATIENCE_S` in all. A question whose
content is refused is sent to nobody else, and neither is one whose answer was lost: it may have been paid. Who fails again and
again is left alone for a while (`values/breaker.py`). What is asked is in `tasks.py`, what it costs in `paid.py`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from affiche.errors import (
    AccessRefused,
    AfficheError,
    BadOutput,
    ContentBlocked,
    ModelRetired,
    ProviderError,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
)
from affiche.ports import Writer
from affiche.values.breaker import Breaker, Breakers
from affiche.values.digest import Digest
from affiche.values.writing import WriteRequest
from affiche.write.catalog import WriterFacts
from affiche.write.paid import PaidCalls, Settled

#: Tries of one question, and seconds of waiting over all of them.
TRIES, PATIENCE_S = 4, 60.0
_FIRST_WAIT_S = 1.0
#: After one of these, which are surely not billed, the next writer is asked.
_ELSEWHERE = (RateLimited, ProviderUnavailable, QuotaExhausted, AccessRefused, ModelRetired)


@dataclass(frozen=True, kw_only=True)
class Hand:
    """A writer that may be asked, and by whom it is paid."""

    writer: Writer
    facts: WriterFacts
    calls: PaidCalls

    def can(self, request: WriteRequest) -> bool:
        """A translator only translates."""
        return request.task == "transcreate" or not self.facts.only_translates


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who is asked, in this order, how many at once (`gate`), who is left alone, and how to wait."""

    hands: tuple[Hand, ...]
    breakers: Breakers
    gate: asyncio.Semaphore
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def ask(asking: Asking, key: Digest, request: WriteRequest, expected: int) -> Settled:
    """The answer to `request`, known as `key`; `expected` characters are reckoned with.

    Raises ProviderError, BudgetExhausted, CallUncertain.
    """
    hands = [hand for hand in asking.hands if hand.can(request)] or list(asking.hands[:1])
    last: ProviderError | None = None
    for place, hand in enumerate(hands):
        breaker = asking.breakers.of(f"words {hand.facts.id}")
        if not breaker.passes(asking.clock()):
            last = last or _left_alone(hand, breaker, asking.clock())
            continue
        try:
            return await _asked(hand, asking, key, request, expected=expected, breaker=breaker, last=place == len(hands) - 1)
        except _ELSEWHERE as error:
            last = error
    assert last is not None
    raise last


async def _asked(
    hand: Hand, asking: Asking, key: Digest, request: WriteRequest, *, expected: int, breaker: Breaker, last: bool
) -> Settled:
    """The answer of one writer; what its breaker has to learn is told to it."""
    try:
        answer = await _patiently(hand, asking, key, request, expected=expected, tries=TRIES if last else 1)
    except (ContentBlocked, BadOutput):
        breaker.succeeded()  # it answers
        raise
    except RateLimited as error:
        breaker.rest(asking.clock(), _pause(error, 0))
        raise
    except ProviderError:
        breaker.failed(asking.clock())
        raise
    except AfficheError:  # no money, or a question of before: nothing was learnt of the writer
        breaker.untried()
        raise
    if answer.asked:
        breaker.succeeded()
    else:
        breaker.untried()
    return answer


async def _patiently(
    hand: Hand, asking: Asking, key: Digest, request: WriteRequest, *, expected: int, tries: int
) -> Settled:
    """Tried again as long as it costs nothing and the writer does not ask for too long a pause."""
    most = hand.facts.estimate(sent(request), 2 * expected + 200)
    seen = request if hand.facts.pictures else replace(request, pictures=())
    waited = 0.0
    for attempt in range(tries):
        try:
            async with asking.gate:
                return await hand.calls.make(key, most, lambda: hand.writer.write(seen))
        except (RateLimited, ProviderUnavailable) as error:
            pause = _pause(error, attempt)
            if attempt == tries - 1 or waited + pause > PATIENCE_S:
                raise
            waited += pause
            await asking.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _left_alone(hand: Hand, breaker: Breaker, now: float) -> ProviderUnavailable:
    why = f"it failed {breaker.failures} times in a row" if breaker.failures else "it asked for a pause"
    left = max(1.0, breaker.until - now)
    return ProviderUnavailable(
        f"{hand.facts.id} is left alone for {left:.0f} s: {why}", hint="build again after that", provider=hand.facts.provider
    )  # fmt: skip


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
