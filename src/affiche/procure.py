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
from affiche.values.spending import Call

KIND = "bought"
#: Under this key the ledger of one house remembers with which words pictures were bought.
SHELF = digest("pictures that were bought", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A wish that came true, or why not. `data`: provider, model, cost, reasons, ... as the ledger keeps them.

    `calls` are those that this build made for it, the failed ones among them, as they ended.
    """

    wish: Wish
    data: Mapping[str, Any]
    failure: Finding | None = None
    #: Another build bought it at the same time: this one paid nothing.
    shared: bool = False
    calls: tuple[Call, ...] = ()

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


def shelf_of(tenant: str, brand: str) -> Digest:
    """The shelf of one brand, where several share a ledger: nobody is proposed what was bought for somebody else."""
    return digest("pictures that were bought", 1, tenant, brand)


def procured(
    plan: Plan, trade: Trade | None, *, ledger: Ledger, blobs: Blobs, shelf: Digest = SHELF
) -> Generator[Bought, None, tuple[Plan, Mapping[Digest, Outcome]]]:
    """The plan with its pictures in place, and the outcomes of its wishes by key. What is bought is remembered on `shelf`.

    Raises StorageError.
    """
    if not plan.wishes:
        return plan, {}
    have = there(plan, ledger, blobs)
    failed: dict[str, Finding] = {}
    missing = to_buy(plan, have)

    def keep(wish: Wish, picture: bytes, data: Mapping[str, Any]) -> None:
        made = Outcome(key=wish.key, kind=KIND, blobs={"picture": blobs.put(picture)}, data=data)
        # A mended picture is of one product only: nobody else could use it.
        ledger.record([made] if wish.photo else [made, _shelved(wish, data, ledger, shelf)])

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
    #: Where it stood, and what people call the product that wishes.
    shelf: Digest = SHELF
    name: str = ""


def proposals(
    plan: Plan, ledger: Ledger, blobs: Blobs, styles: Callable[[], Iterable[Seen]] = tuple, *,
    shelves: Sequence[Digest] = (SHELF,),
) -> tuple[Proposal, ...]:  # fmt: skip
    """Pictures that exist and might do, for wishes that would be paid. `styles`: what the brand's style looks like.

    `shelves`: those that may be looked at; the first is the plan's own, where its products are found as they were shown last.
    """
    wishes = [wish for wish in to_buy(plan, there(plan, ledger, blobs)) if not wish.photo]
    shelved = {shelf: remembered(data) for shelf, data in _shelves(ledger, shelves).items()} if wishes else {}
    own, every = shelved.get(shelves[0], ()), [one for row in shelved.values() for one in row]
    style = tuple(styles()) if every else ()
    found = [(wish, _near(wish, own, every, style)) for wish in wishes]
    kept = ledger.known(near.shelved.key for _, near in found if near)
    names = {product.id: product.name for product in plan.brief.products}
    stands = {one.key: shelf for shelf, row in shelved.items() for one in row}
    return tuple(
        Proposal(
            wish=wish, near=near, file=str(blobs.path(kept[near.shelved.key]["picture"])), shelf=stands[near.shelved.key],
            name=names.get(wish.product, ""),
        )
        for wish, near in found
        if near and near.shelved.key in kept and blobs.has(kept[near.shelved.key]["picture"])
    )  # fmt: skip


def _near(wish: Wish, own: Sequence[Shelved], every: Sequence[Shelved], style: Sequence[Seen]) -> Near | None:
    references = (*last_shown(wish.product, wish.purpose, own), *style)
    return nearest(wish.request.prompt, wish.purpose, wish.request.size, every, references=references)


def on_shelves(picture: Digest, ledger: Ledger, shelves: Sequence[Digest]) -> bool:
    """Whether a picture stands on one of these. Raises StorageError."""
    return any(picture == row["key"] for data in _shelves(ledger, shelves).values() for row in data.get("pictures", ()))


def accepted_as(campaign: str, wish: Digest, picture: Digest) -> Digest:
    """The key of `picture` where one campaign takes it for `wish`; for all others the wish stays what it is."""
    return digest("picture that was accepted", 1, campaign, wish, picture)


def accept(proposed: Sequence[Proposal], by: str, ledger: Ledger, *, campaign: str = "") -> None:
    """These wishes are met by what was proposed: a build uses it and pays nothing. Raises StorageError.

    With `campaign` (an id) only that campaign's are, and only while its plans know that they were accepted (`Makers.accepted`).
    """
    bought = ledger.find(one.near.shelved.key for one in proposed)
    ledger.record([
        replace(
            _accepted(one, bought[one.near.shelved.key], by),
            key=accepted_as(campaign, one.wish.key, one.near.shelved.key) if campaign else one.wish.key,
        )
        for one in proposed
    ])  # fmt: skip


def _accepted(proposal: Proposal, bought: Outcome, by: str) -> Outcome:
    said = f"the picture that was bought for {proposal.near.shelved.product} was accepted" + (f" by {by}" if by else "")
    data = {
        **bought.data, "cost": "0", "told": [*bought.data.get("told", ()), said], "accepted": bought.key,
        "asked_for": proposal.wish.request.prompt,
    }  # fmt: skip
    return replace(bought, data=data)


def _shelves(ledger: Ledger, shelves: Sequence[Digest]) -> dict[Digest, Mapping[str, Any]]:
    """What stands on them, in their order."""
    kept = ledger.find(shelves)
    return {shelf: kept[shelf].data for shelf in shelves if shelf in kept}


def _shelved(wish: Wish, data: Mapping[str, Any], ledger: Ledger, shelf: Digest) -> Outcome:
    """The shelf with one picture more."""
    size = wish.request.size
    bought = Shelved(
        key=wish.key, product=wish.product, purpose=wish.purpose, prompt=wish.request.prompt, width=size.width,
        height=size.height, fingerprint=data.get("fingerprint", ""), palette=tuple(data.get("palette", ())),
    )  # fmt: skip
    before = _shelves(ledger, [shelf]).get(shelf, {})
    return Outcome(key=shelf, kind="shelf", blobs={}, data=with_one(before, bought))


def there(plan: Plan, ledger: Ledger, blobs: Blobs) -> frozenset[Digest]:
    """Wishes that were bought, and pictures that were made of them, with their files."""
    keys = [key for step in plan.pictures if step.wish is not None for key in (step.key, step.wish.key)]
    return frozenset(key for key, names in ledger.known(keys).items() if all(map(blobs.has, names.values())))


def placed(plan: Plan, ledger: Ledger, blobs: Blobs) -> Plan:
    """The plan with those of its pictures in place that are there; nothing is bought. Raises StorageError."""
    return _placed(plan, ledger.find(wish.key for wish in plan.wishes), blobs)


def _placed(plan: Plan, outcomes: Mapping[Digest, Outcome], blobs: Blobs) -> Plan:
    """Every step knows where its picture from a model lies."""

    def place(key: Digest) -> str:
        blob = outcomes[key].blobs["picture"] if key in outcomes else None
        return str(blobs.path(blob)) if blob is not None and blobs.has(blob) else ""

    steps = [replace(step, made=place(step.wish.key)) if step.wish is not None else step for step in plan.pictures]
    return replace(plan, pictures=tuple(steps))
