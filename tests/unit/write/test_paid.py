"""Paid calls: asked once, written down first, within caps, never again by itself when it may have been billed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from affiche.adapters.journal import MemoryJournal
from affiche.adapters.ledger.memory import MemoryLedger
from affiche.errors import BudgetExhausted, CallUncertain, ProviderError, ProviderTimeout, RateLimited
from affiche.values.digest import Digest, digest
from affiche.values.money import Money
from affiche.values.spending import Cap, Intent
from affiche.values.writing import Written
from affiche.write.catalog import writer_named
from affiche.write.paid import JournalCalls, Payer, Settled

FACTS = writer_named("openai:gpt-6.1-sol")
KEY = digest("words-call", "test")
MOST = Money(amount=Decimal("0.01"))
ANSWER = Written(answer={"texts": {}}, model="gpt-6.1-sol", input_tokens=1000, output_tokens=100)


class Deaf(MemoryJournal):
    """A journal whose other owners are gone."""

    def living(self, owner: str) -> bool:
        return False


def calls(journal: MemoryJournal, ledger: MemoryLedger, *, again: bool = False, limit: str = "1.00") -> JournalCalls:
    cap = Cap(scope="campaign", name="c", limit=Money(amount=Decimal(limit)))
    payer = Payer(campaign="c", brand="b", month="2026-11", owner="me", caps=(cap,))
    return JournalCalls(ledger=ledger, journal=journal, facts=FACTS, payer=payer, again=again)


def make(paid: JournalCalls, ask: Callable[[], Awaitable[Written]], most: Money = MOST) -> Settled:
    return asyncio.run(paid.make(KEY, most, ask))


async def good() -> Written:
    return ANSWER


async def never() -> Written:
    raise AssertionError("asked")


def failing(error: ProviderError) -> Callable[[], Awaitable[Written]]:
    async def ask() -> Written:
        raise error

    return ask


def test_it_is_written_down_before_it_is_made_and_asked_once() -> None:
    journal, ledger = MemoryJournal(), MemoryLedger()

    async def looking() -> Written:
        assert [call.state for call in journal.calls(key=KEY)] == ["sent"]
        return ANSWER

    first = make(calls(journal, ledger), looking)
    assert first.asked and first.cost == Money(amount=Decimal("0.003000"))
    assert [(call.state, call.paid) for call in journal.calls(key=KEY)] == [("done", first.cost)]
    again = make(calls(journal, ledger), never)
    assert not again.asked and again.written == ANSWER


def test_what_was_surely_free_may_be_asked_again() -> None:
    journal, ledger = MemoryJournal(), MemoryLedger()
    with pytest.raises(RateLimited):
        make(calls(journal, ledger), failing(RateLimited("slow down")))
    assert make(calls(journal, ledger), good).asked
    assert [call.state for call in journal.calls(key=KEY)] == ["free", "done"]


def test_what_may_have_been_billed_waits_for_a_person() -> None:
    journal, ledger = MemoryJournal(), MemoryLedger()
    with pytest.raises(ProviderTimeout):
        make(calls(journal, ledger), failing(ProviderTimeout("lost")))
    with pytest.raises(CallUncertain):
        make(calls(journal, ledger), never)
    assert make(calls(journal, ledger, again=True), good).asked


def test_a_call_of_a_killed_process_is_uncertain() -> None:
    journal, ledger = Deaf(), MemoryLedger()
    intent = Intent(key=KEY, call=Digest("x"), goods="words", provider="openai", model="m", offer="o", estimate=MOST, campaign="c",
                    brand="b", month="2026-11", owner="somebody who was killed")
    journal.begin(intent, ())
    with pytest.raises(CallUncertain):
        make(calls(journal, ledger), never)
    assert [call.state for call in journal.calls(key=KEY)] == ["uncertain"]


def test_an_answer_that_was_kept_before_a_kill_is_settled_and_not_asked_again() -> None:
    journal, ledger = MemoryJournal(), MemoryLedger()
    make(calls(journal, ledger), good)
    journal.settle(journal.calls(key=KEY)[0].id, "sent", None)
    assert not make(calls(journal, ledger), never).asked
    assert [call.state for call in journal.calls(key=KEY)] == ["done"]


def test_the_cap_counts_what_other_calls_of_the_campaign_cost() -> None:
    journal, ledger = MemoryJournal(), MemoryLedger()
    make(calls(journal, ledger, limit="0.012"), good)
    other = Money(amount=Decimal("0.0095"))
    with pytest.raises(BudgetExhausted):
        asyncio.run(calls(journal, ledger, limit="0.012").make(digest("other"), other, never))
    assert asyncio.run(calls(journal, ledger, limit="0.0125").make(digest("other"), other, good)).asked


def test_the_same_question_of_another_process_is_waited_for() -> None:
    journal, ledger, slept = MemoryJournal(), MemoryLedger(), []
    other = replace(calls(journal, ledger), payer=Payer(campaign="d", brand="b", month="2026-11", owner="other"))
    asked = asyncio.Event()

    async def slow() -> Written:
        await asked.wait()
        return ANSWER

    async def look(seconds: float) -> None:
        slept.append(seconds)
        asked.set()
        await asyncio.sleep(0)

    async def both() -> tuple[Settled, Settled]:
        first = asyncio.create_task(other.make(KEY, MOST, slow))
        await asyncio.sleep(0)
        return await replace(calls(journal, ledger), sleep=look).make(KEY, MOST, never), await first

    mine, theirs = asyncio.run(both())
    assert slept and not mine.asked and theirs.asked


def test_of_two_that_begin_in_the_same_moment_the_later_gives_up_and_waits() -> None:
    class Race(MemoryJournal):
        """Another build has begun the same just before."""

        raced = False

        def begin(self, intent: Intent, caps: Any) -> Any:
            if not self.raced:
                self.raced = True
                super().begin(replace(intent, owner="other"), ())
            return super().begin(intent, caps)

    journal, ledger = Race(), MemoryLedger()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        """The other one gets its answer meanwhile."""
        waits.append(seconds)
        first = journal.calls(states=("sent",))[0]
        theirs = replace(calls(journal, ledger), payer=Payer(campaign="d", brand="b", month="2026-11", owner="other"))
        theirs._settled(KEY, first, ANSWER)

    settled = make(replace(calls(journal, ledger), sleep=sleep), never)
    assert waits and not settled.asked and settled.writer == FACTS.id
    assert [(call.intent.owner, call.state) for call in journal.calls()] == [("other", "done"), ("me", "free")]
