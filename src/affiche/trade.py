"""Trade: buys the pictures of one campaign through the router, and plans again without those that cannot be had.

Here the asynchronous router meets the build, which is not: one event loop for all wishes of a plan, each wish a task. What a
picture is judged by stands in `imagine/accept.py`, how it is obtained in `imagine/route.py`, what is kept in `procure.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from typing import Any

from affiche.errors import AfficheError, BudgetExhausted, StorageError
from affiche.imagine.accept import measure
from affiche.imagine.awaited import obtained
from affiche.imagine.letters import rows_of_letters
from affiche.imagine.route import Desk, Judged, Obtained, Order
from affiche.photos import Photos, look_of
from affiche.plan.model import Plan, Wish
from affiche.ports import Codec
from affiche.procure import Bought, Had, Keep
from affiche.values.finding import Finding
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.spending import Call, CallState

#: How many of the router's decisions are told with what failed.
_TOLD = 4
#: What is shown when a picture could not be had.
_INSTEAD = {
    "backdrop": "its packshot on a studio set", "extension": "a crop of the photograph", "cut-out": "the picture with its ground",
    "enlargement": "the picture as it is",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The means of one campaign: `opened` gives the desk of a router while it is needed; `again` plans without products."""

    opened: Callable[[], AbstractContextManager[Desk]]
    order: Order
    codec: Codec
    colors: tuple[str, ...]
    again: Callable[[frozenset[str]], Plan]
    #: The brand's style pictures as a model is shown them, with their media types.
    style: Callable[[], tuple[tuple[bytes, str], ...]] = tuple

    def obtain(self, wishes: Sequence[Wish], keep: Keep, had: Had) -> Iterator[Bought]:
        """One for each wish, as they end. Raises StorageError."""
        by_key = {wish.key: wish for wish in wishes}

        photos = Photos(codec=self.codec, style=self.style)

        def judge(result: ImageResult, request: ImageRequest, offer: Offer) -> Judged:
            wish = by_key[request.key]
            try:
                answer = self.codec.decode(result.data)
                if wish.photo:
                    return photos.judged(wish, answer, foot=offer.signed)
                letters = () if wish.letters else rows_of_letters(answer, foot=offer.signed)
                measured = measure(answer, colors=self.colors, calm=wish.calm, letters=letters)
            except AfficheError as error:
                return Judged(usable=False, quality=0.0, reasons=(error.public,))
            return Judged(usable=not measured.reasons, quality=measured.quality, reasons=measured.reasons)

        def kept(request: ImageRequest, found: Obtained) -> None:
            wish = by_key[request.key]
            keep(wish, found.result.data, {**story(found, request), **({} if wish.photo else self._look(found.result.data))})

        with self.opened() as desk, asyncio.Runner() as runner:
            yield from _all(runner, wishes, self.order, replace(desk, judge=judge, keep=kept), whole=photos.whole, had=had)

    def _look(self, picture: bytes) -> dict[str, Any]:
        """What a picture looks like, so that it is found again before one like it is bought."""
        return asdict(look_of(self.codec.decode(picture)))

    def without(self, products: frozenset[str]) -> Plan:
        """The plan in which `products` are shown without pictures of models."""
        return self.again(products)


def story(found: Obtained, request: ImageRequest) -> dict[str, Any]:
    """What is kept of a bought picture, as plain JSON data."""
    result, offer = found.result, found.offer
    return {
        "provider": offer.provider, "model": result.model, "offer": offer.id, "seed": result.seed,
        "request_id": result.request_id, "cost": str(found.cost.amount), "currency": found.cost.currency,
        "price_as_of": str(offer.price.as_of or ""), "takes": found.takes, "seconds": round(found.seconds, 3),
        "quality": round(found.quality, 3), "size": [result.size.width, result.size.height], "media_type": result.media_type,
        "licence": offer.licence, "prompt": request.prompt, "told": list(found.told),
    }  # fmt: skip


def _all(
    runner: asyncio.Runner, wishes: Sequence[Wish], order: Order, desk: Desk, *, whole: Callable[[Wish], ImageRequest], had: Had
) -> Iterator[Bought]:
    """Every wish at once (limits hold them back), each as it ends; `whole` gives what is sent."""
    loop = runner.get_loop()
    tasks = [loop.create_task(_one(wish, order, desk, whole=whole, had=had)) for wish in wishes]

    async def next_ones(waiting: set[asyncio.Task[Bought]]) -> tuple[set[asyncio.Task[Bought]], set[asyncio.Task[Bought]]]:
        return await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    async def close() -> None:
        await asyncio.gather(*(imager.close() for imager in desk.imagers.values()), return_exceptions=True)

    waiting = set(tasks)
    try:
        while waiting:
            done, waiting = runner.run(next_ones(waiting))
            yield from (task.result() for task in sorted(done, key=tasks.index))
    finally:
        runner.run(close())


async def _one(wish: Wish, order: Order, desk: Desk, *, whole: Callable[[Wish], ImageRequest], had: Had) -> Bought:
    told = replace(order, purpose=f"{wish.purpose} of {wish.product}")
    before = {call.id: call.state for call in desk.journal.calls(key=wish.key)}
    try:
        found = await obtained(whole(wish), told, desk, lambda: had(wish) is not None)
    except StorageError:
        raise
    except AfficheError as error:
        return Bought(wish=wish, data={}, failure=_finding(wish, error), calls=_made(wish, order, desk, before))
    if found is None:
        return Bought(wish=wish, data=had(wish) or {}, shared=True)
    return Bought(wish=wish, data=story(found, wish.request), calls=_made(wish, order, desk, before))


def _made(wish: Wish, order: Order, desk: Desk, before: Mapping[int, CallState]) -> tuple[Call, ...]:
    """The calls for a wish that this build made, and those of a build that died which it brought to an end."""
    calls = desk.journal.calls(key=wish.key)
    return tuple(call for call in calls if call.intent.owner == order.owner or before.get(call.id, call.state) != call.state)


def _finding(wish: Wish, error: AfficheError) -> Finding:
    """What the creatives say whose picture could not be bought. Shown otherwise, they are flagged, not failed."""
    code = "budget" if isinstance(error, BudgetExhausted) else error.code
    shown = _INSTEAD.get(wish.purpose, "type alone")
    return Finding(
        rule="picture.bought", code=f"picture.bought.{code}", status="warn",
        message=f"the {wish.purpose} that the brief wishes was not had ({error.public}); {shown} is shown instead",
        hint=" ".join(part for part in (error.hint, _tried(error)) if part),
    )  # fmt: skip


def _tried(error: AfficheError) -> str:
    """What the router decided on the way, the last things only."""
    told = getattr(error, "__notes__", [])[-_TOLD:]
    return f"Tried: {'; '.join(told)}." if told else ""
