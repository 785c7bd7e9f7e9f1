"""Replicate: `POST /v1/models/OWNER/NAME/predictions`, then the prediction is asked until it ends. Raw REST.

A refusal of content is a failed prediction whose `error` says so in words (NSFW, flagged, sensitive). Shapes: official
client 1.0.7 and documentation, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from affiche.adapters.imagers.body import as_json, data_url
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.ratio import ratio_name
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

_BLOCKED = ("nsfw", "flagged as sensitive", "safety filter", "content policy")
SIGNS = Signs(blocked_words=_BLOCKED, quota_words=("insufficient credit", "billing required", "spend limit"))


class Replicate(HttpImager):
    """Pictures by models on Replicate."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"Authorization": f"Bearer {access.secret('key')}"}
        super().__init__(Exchange(access, fetcher, provider="replicate", headers=keys, signs=SIGNS), probe="v1/account")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if not job:
            path = f"v1/models/{offer.model}/predictions"
            told = self._http.json(await self._http.pay(path, as_json({"input": _input(request, offer)})))
            urls = told.get("urls")
            job = str(urls.get("get") or "") if isinstance(urls, dict) else ""
            if not job:
                raise self._http.bad("took the prediction and gave no address to ask for it")
            await on_job(job)
        done = await finished(self._http, lambda: self._ask(job))
        output = done.get("output")
        url = output[0] if isinstance(output, list) and output else output
        data = await self._http.fetch(url if isinstance(url, str) else "")
        return picture(data, request, offer, seed=request.seed, request_id=str(done.get("id") or "")[:100])

    async def _ask(self, job: str) -> dict[str, Any] | None:
        told = self._http.json(await self._http.look(job))
        status = told.get("status")
        if status in ("failed", "canceled", "aborted"):
            error = str(told.get("error") or "no reason given")
            if any(word in error.lower() for word in _BLOCKED):
                raise blocked(self.provider, self._http.clean(f"replicate refused the content: {error}"), words=error.lower())
            raise self._http.bad(f"ended the prediction as {status}: {error}")
        return told if status in ("succeeded", "successful") else None


def _input(request: ImageRequest, offer: Offer) -> dict[str, Any]:
    ratio = ratio_name(request.size, offer.can.ratios)
    values: dict[str, Any] = {"prompt": request.prompt, "aspect_ratio": ratio, "output_format": "png"}
    if request.seed is not None:
        values["seed"] = request.seed
    if request.references:
        first = request.references[0]
        values["input_image"] = data_url(first.data, first.media_type)
    return values
