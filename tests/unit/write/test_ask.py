"""Asking: the next writer stands in for one that did not take the question; what may be paid or was refused goes nowhere else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from affiche.adapters.journal import MemoryJournal
from affiche.adapters.ledger.memory import MemoryLedger
from affiche.errors import (
    AccessRefused,
    AfficheError,
    ContentBlocked,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
)
from affiche.values.breaker import BREAKS_AFTER, FIRST_REST_S, Breakers
from affiche.values.digest import digest
from affiche.values.money import Money
from affiche.values.spending import Cap
from affiche.values.writing import WriteRequest, Written
from affiche.write.ask import TRIES, Asking, Hand, ask
from affiche.write.catalog import WriterFacts, writer_named
from affiche.write.paid import JournalCalls, Payer, Settled

FIRST, SECOND = writer_named("openai:gpt-6.1-sol"), writer_named("anthropic:claude-sonnet-5-5")
UNAVAILABLE = ProviderUnavailable("it is down")


@dataclass
class Pen:
    """A writer that fails as told, then answers."""

    facts: WriterFacts
    errors: list[Exception] = field(default_factory=list)
    asked: list[WriteRequest] = field(default_factory=list)

    async def write(self, request: WriteRequest) -> Written:
        self.asked.append(request)
        if self.errors:
            raise self.errors.pop(0) if len(self.errors) > 1 else self.errors[0]
        return Written(answer={"by": self.facts.id}, model=self.facts.model, input_tokens=100, output_tokens=10)

    async def close(self) -> None: ...


class Room:
    """Two writers, one journal, a clock that only sleeping moves."""

    def __init__(self, first: list[Exception], second: list[Exception] | None = None, translator: bool = False) -> None:
        other = writer_named("deepl") if translator else SECOND
        self.now, self.journal, self.ledger = 0.0, MemoryJournal(), MemoryLedger()
        self.pens = (Pen(FIRST, first), Pen(other, second or []))
        cap = Cap(scope="campaign", name="c", limit=Money(amount=Decimal(1)))
        payer = Payer(campaign="c", brand="b", month="2026-11", owner="me", caps=(cap,))
        self.breakers = Breakers(clock=lambda: self.now, wall=lambda: self.now)

        def hand(pen: Pen) -> Hand:
            return Hand(writer=pen, facts=pen.facts, calls=JournalCalls(ledger=self.ledger, journal=self.journal, facts=pen.facts, payer=payer))

        self.hands = tuple(map(hand, self.pens))

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def ask(self, what: str = "one", task: str = "transcreate", hands: int = 2) -> Settled:
        request = WriteRequest(task=task, instructions="", data={"what": what}, answer={}, pictures=((b"x", "image/jpeg"),))

        async def one() -> Settled:
            asking = Asking(hands=self.hands[:hands], breakers=self.breakers, gate=asyncio.Semaphore(2), clock=lambda: self.now, sleep=self.sleep)
            return await ask(asking, digest("q", what), request, 100)

        return asyncio.run(one())

    @property
    def counts(self) -> tuple[int, int]:
        return len(self.pens[0].asked), len(self.pens[1].asked)

    @property
    def states(self) -> list[str]:
        return [call.state for call in self.journal.calls()]


def test_the_second_answers_when_the_first_is_down_and_nothing_is_paid_twice() -> None:
    room = Room([UNAVAILABLE])
    answer = room.ask()
    assert answer.writer == SECOND.id and answer.model == "anthropic claude-sonnet-5-5"
    assert answer.cost == SECOND.cost(answer.written)
    assert room.counts == (1, 1) and room.states == ["free", "done"] and room.now == 0, "nobody waits when somebody else can write"
    again = room.ask()
    assert (again.asked, again.writer) == (False, SECOND.id) and room.counts == (1, 1)


def test_the_breaker_opens_and_one_question_tries_again_later() -> None:
    room = Room([UNAVAILABLE])
    for number in range(BREAKS_AFTER + 3):
        room.ask(f"q{number}")
    assert room.counts == (BREAKS_AFTER, BREAKS_AFTER + 3), "it was not asked any more"
    room.pens[0].errors.clear()
    room.now += FIRST_REST_S + 1
    assert room.ask("later").writer == FIRST.id
    assert room.ask("after that").writer == FIRST.id


@pytest.mark.parametrize(
    "error",
    [RateLimited("slow", retry_after_s=5.0), QuotaExhausted("no money"), AccessRefused("wrong key"), UNAVAILABLE],
    ids=["limited", "quota", "key", "down"],
)
def test_what_is_surely_free_goes_to_the_next(error: ProviderError) -> None:
    room = Room([error])
    assert room.ask().writer == SECOND.id


def test_who_asks_for_a_pause_gets_it() -> None:
    room = Room([RateLimited("slow", retry_after_s=5.0)])
    room.ask("a")
    room.ask("b")
    assert room.counts == (1, 2)
    room.now += 6
    room.pens[0].errors.clear()
    assert room.ask("c").writer == FIRST.id


@pytest.mark.parametrize("error", [ContentBlocked("not this"), ProviderTimeout("no answer")], ids=["refused", "lost"])
def test_refused_content_and_a_lost_answer_are_sent_to_nobody_else(error: ProviderError) -> None:
    room = Room([error])
    with pytest.raises(type(error)):
        room.ask()
    assert room.counts == (1, 0)
    if isinstance(error, ProviderTimeout):
        with pytest.raises(AfficheError, match="may have been billed"):
            room.ask()
        assert room.counts == (1, 0), "it may have been paid: not by another one either"


def test_the_last_one_is_waited_for() -> None:
    room = Room([UNAVAILABLE], [UNAVAILABLE])
    with pytest.raises(ProviderUnavailable):
        room.ask()
    assert room.counts == (1, TRIES) and room.now > 0
    alone = Room([UNAVAILABLE])
    with pytest.raises(ProviderUnavailable):
        alone.ask(hands=1)
    assert alone.counts == (TRIES, 0)


def test_one_writer_that_stays_down_is_left_alone_and_says_for_how_long() -> None:
    room = Room([UNAVAILABLE])
    for number in range(BREAKS_AFTER):
        with pytest.raises(ProviderUnavailable, match="down"):
            room.ask(f"q{number}", hands=1)
    with pytest.raises(ProviderUnavailable, match=r"is left alone for \d+ s: it failed 4 times in a row"):
        room.ask("one more", hands=1)
    assert room.counts[0] == BREAKS_AFTER * TRIES


def test_a_translator_stands_in_for_translations_only_and_sees_no_pictures() -> None:
    room = Room([UNAVAILABLE], translator=True)
    assert room.ask("texts").writer == "deepl:default"
    assert room.pens[0].asked[0].pictures and not room.pens[1].asked[0].pictures
    with pytest.raises(ProviderUnavailable):
        room.ask("a caption", task="caption")
    assert room.counts[1] == 1
