"""Paid calls about words: asked at most once, intent written before, money reserved before and settled after.

`PaidCalls` is all that writing needs to know of money and memory. `LedgerCalls` keeps it in the ledger: an outcome per call
key with its state, `sent` before anything leaves, then `settled` with the answer, or `failed` when the provider surely took
nothing. A call that was sent and never answered stays `sent`: the next run does not ask again by itself, because it may have
been billed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from affiche.errors import AfficheError, ProviderError
from affiche.ports import Ledger, Outcome
from affiche.values.digest import Digest
from affiche.values.money import Money
from affiche.values.writing import Written
from affiche.write.catalog import WriterFacts

KIND = "words-call"


class BudgetSpent(AfficheError):
    """Nothing is left of the budget for this call. Raise `budget.max` in the brief, or write the texts by hand."""

    code = "budget-spent"
    http_status = 402


class Uncertain(AfficheError):
    """This call was sent before and its answer was lost; it may have been billed. Decide: `affiche words draft --again`."""

    code = "uncertain"
    http_status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An answer with what it cost; `asked` is false when it was there already."""

    written: Written
    cost: Money
    asked: bool


class PaidCalls(Protocol):
    """Makes calls that cost money."""

    async def make(self, key: Digest, most: Money, ask: Callable[[], Awaitable[Written]]) -> Settled:
        """The answer of `key`: the one that is there, else that of `ask`, which costs at most `most`.

        Raises BudgetSpent before anything is sent, Uncertain for a call whose answer was lost, and what `ask` raises.
        """
        ...


class LedgerCalls:
    """Paid calls remembered in the ledger; one process writes to it. `again`: calls with a lost answer are sent once more."""

    def __init__(self, ledger: Ledger, writer: WriterFacts, *, left: Money | None, again: bool = False) -> None:
        self._ledger, self._writer, self._again = ledger, writer, again
        self._left = left.amount if left is not None else None
        self.spent = Decimal(0)
        self.asked = 0

    async def make(self, key: Digest, most: Money, ask: Callable[[], Awaitable[Written]]) -> Settled:
        known = self._ledger.find([key]).get(key)
        state = str(known.data.get("state")) if known else ""
        if known is not None and state == "settled":
            return Settled(written=_written(known.data), cost=Money(amount=Decimal(known.data["cost"])), asked=False)
        if state == "sent" and not self._again:
            raise Uncertain
        self._reserve(most)
        self._record(key, {"state": "sent", "writer": self._writer.id, "most": str(most.amount)})
        try:
            written = await ask()
        except ProviderError as error:
            self._failed(key, most, error)
            raise
        except BaseException:
            # Cancelled or broken: it may have been sent. Its intent stays.
            raise
        return self._settled(key, most, written)

    def _reserve(self, most: Money) -> None:
        if self._left is None:
            return
        if most.amount > self._left:
            raise BudgetSpent
        self._left -= most.amount

    def _failed(self, key: Digest, most: Money, error: ProviderError) -> None:
        if error.billed is False:
            self._give_back(most.amount)
            self._record(key, {"state": "failed", "writer": self._writer.id, "code": error.code})
        elif error.billed:
            # It answered, unusably: paid for, and asking the same again is a decision of the caller (another key).
            self.spent += most.amount
            self._record(key, {"state": "failed", "writer": self._writer.id, "code": error.code, "cost": str(most.amount)})

    def _settled(self, key: Digest, most: Money, written: Written) -> Settled:
        cost = self._writer.cost(written)
        self._give_back(most.amount - cost.amount)
        self.spent += cost.amount
        self.asked += 1
        self._record(key, {"state": "settled", "writer": self._writer.id, "cost": str(cost.amount), **_plain(written)})
        return Settled(written=written, cost=cost, asked=True)

    def _give_back(self, amount: Decimal) -> None:
        if self._left is not None:
            self._left += amount

    def _record(self, key: Digest, data: dict[str, Any]) -> None:
        self._ledger.record([Outcome(key=key, kind=KIND, blobs={}, data=data)])


def _plain(written: Written) -> dict[str, Any]:
    return {
        "answer": dict(written.answer), "model": written.model, "input_tokens": written.input_tokens,
        "output_tokens": written.output_tokens, "characters": written.characters, "request_id": written.request_id,
    }  # fmt: skip


def _written(data: Any) -> Written:
    names = ("answer", "model", "input_tokens", "output_tokens", "characters", "request_id")
    return Written(**{name: data[name] for name in names})
