"""Paid calls about words: answered at most once, written down before they are made, within every cap on spending.

The journal knows that a call was made and what it cost (`ports.Journal`), the ledger what was answered. A call that was sent
and never answered may have been billed: it is not made again by itself (`CallUncertain`), only when a person says `again`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from affiche.errors import BudgetExhausted, CallUncertain, ProviderError
from affiche.ports import Journal, Ledger, Outcome
from affiche.values.digest import Digest, digest
from affiche.values.money import Money
from affiche.values.spending import Call, Cap, Intent
from affiche.values.writing import Written
from affiche.write.catalog import WriterFacts

KIND = "words-call"
#: How long the same question of another living process is waited for, and how often it is looked at, s.
_UNDER_WAY_S, _LOOK_S = 120.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """For whom calls are made and what may be spent. `month` as in `2026-11`; `owner` is this build."""

    campaign: str
    brand: str
    month: str
    owner: str
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An answer of `writer` (its id) with what it cost; `asked` is false when it was there already."""

    written: Written
    cost: Money
    asked: bool
    writer: str

    @property
    def model(self) -> str:
        """Provider and model, as texts say by whom they were written."""
        return f"{self.writer.partition(':')[0]} {self.written.model}"


class PaidCalls(Protocol):
    """Makes calls that cost money."""

    async def make(self, key: Digest, most: Money, ask: Callable[[], Awaitable[Written]]) -> Settled:
        """The answer of `key`: the one that is there, else that of `ask`, which costs at most `most`.

        Raises BudgetExhausted before anything is sent, CallUncertain for a call whose answer was lost, and what `ask` raises.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCalls:
    """Paid calls with journal and ledger. `again`: calls whose answer was lost are made once more."""

    ledger: Ledger
    journal: Journal
    facts: WriterFacts
    payer: Payer
    again: bool = False
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def make(self, key: Digest, most: Money, ask: Callable[[], Awaitable[Written]]) -> Settled:
        while True:
            await self._others(key)
            known = self.ledger.find([key]).get(key)
            earlier = self.journal.calls(key=key)
            if known is not None:
                return self._known(known, earlier)
            self._certain(earlier)
            call = self._begin(key, most, len(earlier))
            if self._first(call):
                break
        try:
            written = await ask()
        except ProviderError as error:
            self._failed(call, error)
            raise
        return self._settled(key, call, written)

    async def _others(self, key: Digest) -> None:
        """Waits while another living process asks the same: two runs with equal words need one answer."""
        waited = 0.0
        while waited < _UNDER_WAY_S and any(map(self._under_way, self.journal.calls(key=key, states=("sent",)))):
            await self.sleep(_LOOK_S)
            waited += _LOOK_S

    def _first(self, call: Call) -> bool:
        """Whether nobody else began the same in the same moment; else `call` is given up, and the other is waited for."""
        sent = self.journal.calls(key=call.intent.key, states=("sent",))
        if not any(other.id < call.id and self._under_way(other) for other in sent):
            return True
        self.journal.settle(call.id, "free", None, "another build asks the same")
        return False

    def _under_way(self, call: Call) -> bool:
        owner = call.intent.owner
        return owner != self.payer.owner and self.journal.living(owner) and not self.ledger.find([call.intent.key])

    def _known(self, known: Outcome, earlier: Sequence[Call]) -> Settled:
        """The answer that is there; a call that was cut off after it was kept is settled now."""
        cost = Money(amount=Decimal(known.data["cost"]))
        for call in earlier:
            if call.state == "sent":
                self.journal.settle(call.id, "done", cost)
        return Settled(written=_written(known.data), cost=cost, asked=False, writer=str(known.data["writer"]))

    def _certain(self, earlier: Sequence[Call]) -> None:
        """Raises CallUncertain when an earlier call of this key may have been billed."""
        for call in earlier:
            if call.state == "sent" and not (call.intent.owner != self.payer.owner and self.journal.living(call.intent.owner)):
                self.journal.settle(call.id, "uncertain", None, "the process that asked is gone")
        open_calls = [call for call in earlier if call.state in ("sent", "uncertain")]
        if open_calls and not self.again:
            who = open_calls[-1].intent.offer
            hint = "`affiche words draft BRIEF --again` asks once more"
            raise CallUncertain(f"{who} was asked before and its answer was lost; it may have been billed", hint=hint)

    def _begin(self, key: Digest, most: Money, number: int) -> Call:
        if self.payer.caps and not self.facts.priced and not self.facts.free:
            message = f"nobody here knows what {self.facts.id} costs, and there is a budget"
            raise BudgetExhausted(message, hint="name a model with a price (`affiche providers`), or give no budget")
        payer, facts = self.payer, self.facts
        intent = Intent(
            key=key, call=digest("call", key, facts.id, number), goods="words", provider=facts.provider, model=facts.model,
            offer=facts.id, estimate=most, campaign=payer.campaign, brand=payer.brand, month=payer.month, owner=payer.owner,
        )  # fmt: skip
        return self.journal.begin(intent, payer.caps)

    def _failed(self, call: Call, error: ProviderError) -> None:
        """Free when surely nothing was billed, spoilt when it answered unusably, else nobody knows."""
        state = {False: "free", True: "spoilt", None: "uncertain"}[error.billed]
        self.journal.settle(call.id, state, None, error.code)  # type: ignore[arg-type]

    def _settled(self, key: Digest, call: Call, written: Written) -> Settled:
        """The answer is kept before the call is settled: whatever is cut off between them can be mended."""
        cost = self.facts.cost(written)
        data = {"cost": str(cost.amount), "writer": self.facts.id, **_plain(written)}
        self.ledger.record([Outcome(key=key, kind=KIND, blobs={}, data=data)])
        self.journal.settle(call.id, "done", cost)
        return Settled(written=written, cost=cost, asked=True, writer=self.facts.id)


def _plain(written: Written) -> dict[str, Any]:
    return {
        "answer": dict(written.answer), "model": written.model, "input_tokens": written.input_tokens,
        "output_tokens": written.output_tokens, "characters": written.characters, "request_id": written.request_id,
    }  # fmt: skip


def _written(data: Any) -> Written:
    names = ("answer", "model", "input_tokens", "output_tokens", "characters", "request_id")
    return Written(**{name: data[name] for name in names})
