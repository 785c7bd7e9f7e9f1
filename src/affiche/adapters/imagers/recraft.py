"""Recraft: `POST /images/generations` in the manner of OpenAI, with brand colours as `controls`; `/images/removeBackground`
by form.

Answers carry `credits`: 1000 are 1 USD. Docs read 2026-07.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from affiche.adapters.imagers.body import File, as_json, as_multipart
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.outcome import decoded, picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.refusal import Signs
from affiche.ports import Fetcher
from affiche.values.fetch import Fetched
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money

_UNITS_PER_USD = 1000
SIGNS = Signs(
    blocked_codes=frozenset({"unsafe_content", "content_policy_violation"}),
    blocked_words=("unsafe content", "nsfw", "content policy"),
    quota_codes=frozenset({"not_enough_credits", "insufficient_quota"}), quota_words=("not enough credits",),
)  # fmt: skip


class Recraft(HttpImager):
    """Pictures by Recraft."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"Authorization": f"Bearer {access.secret('key')}"}
        super().__init__(Exchange(access, fetcher, provider="recraft", headers=keys, signs=SIGNS), probe="users/me")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if request.operation == "remove-background":
            source = request.source
            assert source is not None
            file = File(field="file", name="source", media_type=source.media_type, data=source.data)
            answer = await self._http.pay("images/removeBackground", as_multipart({"response_format": "b64_json"}, [file]))
        else:
            answer = await self._http.pay("images/generations", as_json(_body(request, offer.model)))
        return self._result(answer, request, offer)

    def _result(self, answer: Fetched, request: ImageRequest, offer: Offer) -> ImageResult:
        told = self._http.json(answer)
        items = told.get("data")
        item = items[0] if isinstance(items, list) and items else told.get("image")
        credits = told.get("credits")
        paid = Money(amount=Decimal(str(credits)) / _UNITS_PER_USD) if isinstance(credits, int | float) and credits else None
        data = decoded(item.get("b64_json") if isinstance(item, dict) else None, provider=self.provider)
        return picture(data, request, offer, seed=request.seed, paid=paid, request_id=self._http.request_id(answer))


def _body(request: ImageRequest, model: str) -> dict[str, Any]:
    colors = [{"rgb": _rgb(color)} for color in request.colors]
    return {
        "model": model,
        "prompt": request.prompt,
        "size": str(request.size),
        "n": 1,
        "response_format": "b64_json",
        "random_seed": request.seed,
        "controls": {"colors": colors} if colors else None,
    }


def _rgb(color: str) -> list[int]:
    text = color.lstrip("#")
    return [int(text[at : at + 2], 16) for at in (0, 2, 4)]
