"""Spending: what was asked of providers for money, call by call, and how much may be spent.

A call is written down *before* it is made. Amounts are reserved at the estimate and settled at what the provider reports, so that
caps hold while many calls are under way. What nobody can know after a crash is `uncertain` and waits for a person or a policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from affiche.values.digest import Digest
from affiche.values.money import Money

#: `sent` under way (or its process died); `done` paid and used; `spoilt` paid and not usable; `free` surely not billed;
#: `uncertain` may have been billed, nobody knows.
CallState = Literal["sent", "done", "spoilt", "free", "uncertain"]
CALL_STATES: tuple[CallState, ...] = ("sent", "done", "spoilt", "free", "uncertain")
#: The note of a call that did not fail, though it may have been billed for nothing: another one, asked as well, was quicker.
OVERTAKEN = "another one was quicker"
#: What is bought.
Goods = Literal["picture", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `limit` for everything within a scope: `campaign` and its id, `brand` and its name, `month` and `2026-11`."""

    scope: Literal["campaign", "brand", "month"]
    name: str
    limit: Money

    def __str__(self) -> str:
        return f"{self.limit} for the {self.scope} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A call that is about to be made. `key` is the request key of the step, `call` what this very call is known by.

    `owner` is the process that makes it; `month` as in `2026-11`; `estimate` is reserved at once.
    """

    key: Digest
    call: Digest
    goods: Goods
    provider: str
    model: str
    offer: str
    estimate: Money
    campaign: str
    brand: str
    month: str
    owner: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as the journal has it. `paid` is what was settled, None while nobody knows; `at` seconds since 1970, UTC."""

    id: int
    intent: Intent
    state: CallState
    at: float
    job: str = ""
    paid: Money | None = None
    note: str = ""

    @property
    def counts(self) -> Money:
        """What it counts for against caps: the settled amount, else the reserved one."""
        if self.state == "free":
            return Money(amount=self.intent.estimate.amount * 0, currency=self.intent.estimate.currency)
        return self.intent.estimate if self.paid is None else self.paid

    @property
    def failed(self) -> bool:
        """Whether it ended and gave nothing to use: refused, broken off, unusable, or with an end that nobody knows."""
        return self.state in ("spoilt", "free", "uncertain") and self.note != OVERTAKEN
