"""Procure: the pictures that a plan wants from models, bought before anything is drawn.

The recipe is `procured`: what was bought before is reused, the rest is obtained through a `Trade` and recorded, each in a commit
of its own as soon as it is there. What cannot be had changes the plan: its products are shown without (their packshot on a
studio set, or type alone), and the creatives say so. Next: `imagine/route.py` for how one picture is obtained.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from affiche.imagine.alike import Near, Seen, Shelved, last_shown, nearest, remembered, with_one
from affiche.plan.model import Plan, Wish
from affiche.plan.quote import to_buy
from affiche.ports import Blobs, Ledger, Outcome
from affiche.values.digest import Digest, digest
from affiche.values.finding import Finding

KIND = "bought"
#: Under this key the ledger remembers with which words pictures were bought.
SHELF = digest("pictures that were bought", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A wish that came true, or why not. `data`: provider, model, cost, reasons, ... as the ledger keeps them."""

    wish: Wish
    data: Mapping[str, Any]
    failure: Finding | None = None
    #: Another build bought it at the same time: this one paid nothing.
    shared: bool = False

    def told(self) -> str:
        """For people, one line."""
        if self.failure is not None:
            return f"{self.wish.purpose} of {self.wish.product}: {self.failure.message}"
        data = self.data
        price = "bought by another build at the same time" if self.shared else f"{data['cost']} {data['currency']}"
        return f"{self.wish.purpose} of {self.wish.product}: {data['provider']} {data['model']}, {price}"


Keep = Callable[[Wish, bytes, Mapping[str, Any]], None]
Had = Callable[[Wish], Mapping[str, Any] | None]


class Trade(Protocol):
    """Buys pictures, and plans again without those that cannot be had."""

    def obtain(self, wishes: Sequence[Wish], keep: Keep, had: Had) -> Iterator[Bought]:
        """One for each wish, as they end. What was paid for is handed to `keep` before it counts as done. Raises StorageError.

        `had`: what is known of a wish that another build has met meanwhile.
        """
        ...

    def without(self, products: frozenset[str]) -> Plan:
        """The plan in which `products` are shown without pictures of models."""
        ...


def procured(
    plan: Plan, trade: Trade | None, *, ledger: Ledger, blobs: Blobs
) -> Generator[Bought, None, tuple[Plan, Mapping[Digest, Outcome]]]:
    """The plan with its pictures in place, and the outcomes of its wishes by key. Raises StorageError."""
    if not plan.wishes:
        return plan, {}
    have = _there(plan, ledger, blobs)
    failed: dict[str, Finding] = {}
    missing = to_buy(plan, have)

    def keep(wish: Wish, picture: bytes, data: Mapping[str, Any]) -> None:
        made = Outcome(key=wish.key, kind=KIND, blobs={"picture": blobs.put(picture)}, data=data)
        # A mended picture is of one product only: nobody else could use it.
        ledger.record([made] if wish.photo else [made, _shelved(wish, data, _shelf(ledger))])

    def had(wish: Wish) -> Mapping[str, Any] | None:
        made = ledger.find([wish.key]).get(wish.key)
        return made.data if made is not None and all(map(blobs.has, made.blobs.values())) else None

    for bought in trade.obtain(missing, keep, had) if trade is not None and missing else ():
        if bought.failure is not None:
            failed[bought.wish.product] = bought.failure
        yield bought
    if failed and trade is not None:
        plan = replace(trade.without(frozenset(failed)), degraded=failed, partial=plan.partial)
    outcomes = ledger.find(wish.key for wish in plan.wishes)
    return _placed(plan, outcomes, blobs), outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A picture in `file` that was bought for nearly the same as `wish`: it could be used instead, for nothing."""

    wish: Wish
    near: Near
    file: str


def proposals(
    plan: Plan, ledger: Ledger, blobs: Blobs, styles: Callable[[], Iterable[Seen]] = tuple
) -> tuple[Proposal, ...]:
    """Pictures that exist and might do, for wishes that would be paid. `styles`: what the brand's style looks like."""
    wishes = [wish for wish in to_buy(plan, _there(plan, ledger, blobs)) if not wish.photo]
    shelf = remembered(_shelf(ledger)) if wishes else ()
    style = tuple(styles()) if shelf else ()
    found = [(wish, _near(wish, shelf, style)) for wish in wishes]
    kept = ledger.known(near.shelved.key for _, near in found if near)
    return tuple(
        Proposal(wish=wish, near=near, file=str(blobs.path(kept[near.shelved.key]["picture"])))
        for wish, near in found
        if near and near.shelved.key in kept and blobs.has(kept[near.shelved.key]["picture"])
    )


def _near(wish: Wish, shelf: Sequence[Shelved], style: Sequence[Seen]) -> Near | None:
    references = (*last_shown(wish.product, wish.purpose, shelf), *style)
    return nearest(wish.request.prompt, wish.purpose, wish.request.size, shelf, references=references)


def accept(proposed: Sequence[Proposal], by: str, ledger: Ledger) -> None:
    """These wishes are met by what was proposed: a build uses it and pays nothing. Raises StorageError."""
    bought = ledger.find(one.near.shelved.key for one in proposed)
    ledger.record([_accepted(one, bought[one.near.shelved.key], by) for one in proposed])


def _accepted(proposal: Proposal, bought: Outcome, by: str) -> Outcome:
    said = f"the picture that was bought for {proposal.near.shelved.product} was accepted" + (f" by {by}" if by else "")
    data = {
        **bought.data, "cost": "0", "told": [*bought.data.get("told", ()), said], "accepted": bought.key,
        "asked_for": proposal.wish.request.prompt,
    }  # fmt: skip
    return replace(bought, key=proposal.wish.key, data=data)


def _shelf(ledger: Ledger) -> Mapping[str, Any]:
    kept = ledger.find([SHELF]).get(SHELF)
    return kept.data if kept is not None else {}


def _shelved(wish: Wish, data: Mapping[str, Any], before: Mapping[str, Any]) -> Outcome:
    size = wish.request.size
    bought = Shelved(
        key=wish.key, product=wish.product, purpose=wish.purpose, prompt=wish.request.prompt, width=size.width,
        height=size.height, fingerprint=data.get("fingerprint", ""), palette=tuple(data.get("palette", ())),
    )  # fmt: skip
    return Outcome(key=SHELF, kind="shelf", blobs={}, data=with_one(before, bought))


def _there(plan: Plan, ledger: Ledger, blobs: Blobs) -> frozenset[Digest]:
    """Wishes that were bought, and pictures that were made of them, with their files."""
    keys = [key for step in plan.pictures if step.wish is not None for key in (step.key, step.wish.key)]
    return frozenset(key for key, names in ledger.known(keys).items() if all(map(blobs.has, names.values())))


def _placed(plan: Plan, outcomes: Mapping[Digest, Outcome], blobs: Blobs) -> Plan:
    """Every step knows where its picture from a model lies."""

    def place(key: Digest) -> str:
        blob = outcomes[key].blobs["picture"] if key in outcomes else None
        return str(blobs.path(blob)) if blob is not None and blobs.has(blob) else ""

    steps = [replace(step, made=place(step.wish.key)) if step.wish is not None else step for step in plan.pictures]
    return replace(plan, pictures=tuple(steps))
