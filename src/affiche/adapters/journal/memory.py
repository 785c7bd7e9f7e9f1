"""The journal in memory: for tests and for what must leave no trace."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from affiche.adapters.journal.owner import under_way
from affiche.errors import BudgetExhausted
from affiche.values.digest import Digest
from affiche.values.money import Money
from affiche.values.spending import Call, CallState, Cap, Intent


class MemoryJournal:
    """Keeps the contract of the journal for one process; its owners are always living."""

    def __init__(self, *, clock: Callable[[], float] = lambda: 0.0) -> None:
        self._calls: dict[int, Call] = {}
        self._learnt: dict[str, Mapping[str, Any]] = {}
        self._guard = threading.RLock()
        self._clock = clock

    def begin(self, intent: Intent, caps: Sequence[Cap]) -> Call:
        with self._guard:
            same = (call.intent for call in self.calls(key=intent.key, states=("sent",)))
            if intent.goods == "picture" and any(one.goods == "picture" and one.owner != intent.owner for one in same):
                raise under_way(intent)
            for cap in caps:
                if cap.limit.currency != intent.estimate.currency:
                    raise BudgetExhausted(f"{intent.provider} is paid in {intent.estimate.currency}, the cap is {cap}")
                if self.spent(cap).amount + intent.estimate.amount > cap.limit.amount:
                    raise BudgetExhausted(f"the cap of {cap} is too small for {intent.offer} ({intent.estimate})")
            call = Call(id=len(self._calls) + 1, intent=intent, state="sent", at=self._clock())
            self._calls[call.id] = call
            return call

    def job(self, call: int, job: str) -> None:
        self._calls[call] = replace(self._calls[call], job=job)

    def settle(self, call: int, state: CallState, paid: Money | None, note: str = "") -> None:
        self._calls[call] = replace(self._calls[call], state=state, paid=paid, note=note)

    def calls(self, *, key: Digest | None = None, states: Sequence[CallState] = (), campaign: str = "") -> tuple[Call, ...]:
        return tuple(
            call
            for call in self._calls.values()
            if (not key or call.intent.key == key)
            and (not states or call.state in states)
            and (not campaign or call.intent.campaign == campaign)
        )

    def spent(self, cap: Cap) -> Money:
        amounts = (c.counts.amount for c in self._calls.values() if getattr(c.intent, cap.scope) == cap.name)
        return Money(amount=sum(amounts, Decimal(0)), currency=cap.limit.currency)

    def living(self, owner: str) -> bool:  # noqa: ARG002 - all are of this process
        return True

    def load(self, name: str) -> Mapping[str, Any]:
        return self._learnt.get(name, {})

    def update(self, name: str, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        with self._guard:
            self._learnt[name] = dict(change(self.load(name)))

    def close(self) -> None:
        return
