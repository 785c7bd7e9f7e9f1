"""Quote: a plan against what the ledger has. What is reused, why the rest is not, what it costs, how long it takes.

Closed steps are predicted exactly: a build runs the steps that are not reused here, no more and no less. Steps are
counted by key, because two creatives with one key are one piece of work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from affiche.plan.model import STEP_KINDS, Creative, Inputs, Plan, StepKind, Wish
from affiche.values.digest import Digest
from affiche.values.money import Money

#: CPU seconds of a step, warm, on a 2020 server core (`./run bench`); only for the estimate that people see.
SECONDS: Mapping[StepKind, float] = {"imagine": 0.25, "compose": 0.045, "check": 0.012}
#: Starting render processes.
START_S = 1.2
#: Inputs that everything is made with; named last, because a changed word says more.
_TOOLS = ("toolchain", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Steps of one kind."""

    total: int = 0
    reused: int = 0

    @property
    def to_run(self) -> int:
        return self.total - self.reused


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why creatives are made again: `what` changed (or `first build`), how many, and in which locales."""

    what: str
    creatives: int
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a build will do. `seconds` is an estimate, money a range: without a provider nothing is paid."""

    steps: Mapping[StepKind, Count]
    reasons: tuple[Reason, ...]
    paid_calls: int
    cost_min: Money
    cost_max: Money
    seconds: float

    @property
    def total(self) -> Count:
        counts = self.steps.values()
        return Count(total=sum(c.total for c in counts), reused=sum(c.reused for c in counts))


def step_keys(plan: Plan) -> dict[StepKind, dict[Digest, None]]:
    """The keys of all steps by kind, each once, in order."""
    return {
        "imagine": dict.fromkeys(step.key for step in plan.pictures),
        "compose": dict.fromkeys(creative.compose_key for creative in plan.creatives),
        "check": dict.fromkeys(creative.check_key for creative in plan.creatives),
    }


def to_run(plan: Plan, known: Iterable[Digest]) -> list[Creative]:
    """The creatives with a step that is not `known`."""
    have = set(known)
    return [c for c in plan.creatives if c.compose_key not in have or c.check_key not in have]


def quote(plan: Plan, known: Iterable[Digest], made_from: Mapping[str, Inputs], *, jobs: int) -> Quote:
    """`known` are the keys that the ledger has; `made_from` what the creatives that are not there were last made from.
    """
    have = set(known)
    steps: dict[StepKind, Count] = {}
    for kind, wanted in step_keys(plan).items():
        steps[kind] = Count(total=len(wanted), reused=sum(1 for key in wanted if key in have))
    least, most = _cost(plan, have)
    return Quote(
        steps=steps,
        reasons=reasons(plan, to_run(plan, have), made_from),
        paid_calls=len(to_buy(plan, have)),
        cost_min=least,
        cost_max=most,
        seconds=_seconds(steps, jobs),
    )


def to_buy(plan: Plan, known: Iterable[Digest]) -> list[Wish]:
    """The wishes that a build would buy: neither they nor the pictures made of them are there."""
    have = set(known)
    wanted = {step.wish.key: step.wish for step in plan.pictures if step.wish is not None and step.key not in have}
    return [wish for key, wish in wanted.items() if key not in have]


def _cost(plan: Plan, known: Iterable[Digest]) -> tuple[Money, Money]:
    """From one take of the cheapest for each wish to all takes of the dearest, never more than the budget."""
    currency = plan.brief.budget.currency if plan.brief.budget else "USD"
    least = most = Money(amount=Decimal(0), currency=currency)
    for wish in to_buy(plan, known):
        if wish.least.currency != currency:
            return wish.least, wish.most
        least, most = least + wish.least, most + wish.most
    if plan.brief.budget is not None:
        most = Money(amount=min(most.amount, Decimal(plan.brief.budget.max)), currency=currency)
    return least, most


def reasons(plan: Plan, creatives: Iterable[Creative], made_from: Mapping[str, Inputs]) -> tuple[Reason, ...]:
    """Why `creatives` are made, most frequent first."""
    counted: Counter[str] = Counter()
    locales: dict[str, dict[str, None]] = {}
    for creative in creatives:
        what = why(plan.inputs_of(creative), made_from.get(plan.subject(creative)))
        counted[what] += 1
        locales.setdefault(what, {})[creative.id.locale] = None
    return tuple(
        Reason(what=what, creatives=count, locales=tuple(locales[what])) for what, count in counted.most_common()
    )


def why(now: Inputs, before: Inputs | None) -> str:
    """What is new: `headline changed`, `first build`."""
    if before is None:
        return "first build"
    changed = [name for name in {**now, **before} if now.get(name) != before.get(name)]
    if not changed:
        return "stored result is gone"
    changed.sort(key=lambda name: (name in _TOOLS, name))
    names = [name for name in changed if name not in _TOOLS] or changed
    return f"{' and '.join(names)} changed"


def _seconds(steps: Mapping[StepKind, Count], jobs: int) -> float:
    work = sum(SECONDS[kind] * steps[kind].to_run for kind in STEP_KINDS)
    return round(START_S + work / max(1, jobs), 1) if work else 0.3
