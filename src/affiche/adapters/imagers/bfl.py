"""Black Forest Labs (FLUX): JSON in, a job out; the job's own `polling_url` is asked, which may be a regional host.

The answer to the job carries its `cost` in credits (1 credit = 0.01 USD); the result lies at an address for ten minutes.
Prompts are not rewritten. Docs read 2026-11; statuses as documented.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from affiche.adapters.imagers.body import as_json, b64
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money

_CREDIT = Decimal("0.01")
_MODERATED = {"Request Moderated": "input", "Content Moderated": "output"}
_LOST = ("Error", "Failed", "Task not found")
SIGNS = Signs(blocked_words=("request moderated", "content moderated"))


class BlackForestLabs(HttpImager):
    """Pictures by FLUX models at their maker."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        http = Exchange(
            access, fetcher, provider="bfl", headers={"x-key": access.secret("key")}, signs=SIGNS, friends=("bfl.ai",)
        )
        super().__init__(http, probe="v1/credits")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if not job:
            job = await self._submit(request, offer)
            await on_job(job)
        url, _, cost = job.partition(" ")
        result = await finished(self._http, lambda: self._ask(url))
        data = await self._http.fetch(str(result.get("sample") or ""))
        seed = result.get("seed")
        return picture(
            data, request, offer, seed=seed if isinstance(seed, int) else request.seed,
            paid=Money(amount=Decimal(cost) * _CREDIT) if cost else None, revised_prompt=str(result.get("prompt") or ""),
        )  # fmt: skip

    async def _submit(self, request: ImageRequest, offer: Offer) -> str:
        """`polling_url` and, behind a space, the cost in credits."""
        answer = self._http.json(await self._http.pay(f"v1/{offer.model}", as_json(_fields(request, offer.model))))
        url, cost = answer.get("polling_url"), answer.get("cost")
        if not isinstance(url, str) or not url or " " in url:
            raise self._http.bad("took the job and gave no address to ask for it")
        return f"{url} {cost}" if isinstance(cost, int | float) else url

    async def _ask(self, url: str) -> dict[str, Any] | None:
        told = self._http.json(await self._http.look(url))
        status = told.get("status")
        if status in _MODERATED:
            raise blocked(self.provider, f"bfl: {status}", stage="input" if _MODERATED[status] == "input" else "output")
        if status in _LOST:
            raise self._http.bad(f"ended the job with {status!r}")
        if status != "Ready":
            return None
        return told["result"] if isinstance(told.get("result"), dict) else {}


def _fields(request: ImageRequest, model: str) -> dict[str, Any]:
    names = ["input_image", *(f"input_image_{at}" for at in range(2, 9))]
    return {
        "prompt": request.prompt,
        "width": request.size.width,
        "height": request.size.height,
        "seed": request.seed,
        "output_format": "png",
        "safety_tolerance": 2,
        "disable_pup": True if model.endswith(("-pro", "-max")) else None,
        "prompt_upsampling": False if model.endswith("-flex") else None,
        **{name: b64(reference.data) for name, reference in zip(names, request.references, strict=False)},
    }
