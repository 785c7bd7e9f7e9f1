"""fal: models by many makers behind one queue (`https://queue.fal.run/APP`), raw REST.

A job has addresses for its status and its result. Models say what they flagged in `has_nsfw_concepts`, with a black picture
in its place. Inputs differ per model: `INPUTS` says how each writes size and references. Shapes: official client 1.0.3, read
2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from affiche.adapters.imagers.body import as_json, data_url
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.ratio import ratio_name
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.errors import ProviderError, RequestRefused
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

SIGNS = Signs(
    blocked_codes=frozenset({"content_policy_violation"}), blocked_words=("content policy", "nsfw"),
    quota_words=("exhausted balance", "top up your balance"),
)  # fmt: skip


def _flux(request: ImageRequest, _: Offer) -> dict[str, Any]:
    return {
        "prompt": request.prompt, "image_size": {"width": request.size.width, "height": request.size.height}, "num_images": 1,
        "seed": request.seed, "output_format": "png", "enable_safety_checker": True,
    }  # fmt: skip


def _banana(request: ImageRequest, offer: Offer) -> dict[str, Any]:
    ratio = ratio_name(request.size, offer.can.ratios)
    return {
        "prompt": request.prompt, "aspect_ratio": ratio, "num_images": 1, "output_format": "png",
        "image_urls": [data_url(r.data, r.media_type) for r in request.references] or None,
    }  # fmt: skip


#: First part of the app -> its input. What is not here goes by the shape of FLUX.
INPUTS: Mapping[str, Callable[[ImageRequest, Offer], dict[str, Any]]] = {
    "fal-ai/flux/": _flux, "fal-ai/nano-banana": _banana,
}  # fmt: skip


class Fal(HttpImager):
    """Pictures by models on fal."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"Authorization": f"Key {access.secret('key')}"}
        super().__init__(Exchange(access, fetcher, provider="fal", headers=keys, signs=SIGNS, friends=("fal.run",)), probe="")

    async def health(self) -> str:
        """Asks for a job that does not exist: a good key hears that, a bad one that it may not ask."""
        try:
            await self._http.look(
                "fal-ai/flux/requests/00000000-0000-0000-0000-000000000000/status", submitted=False, tries=1
            )
        except RequestRefused:
            return "ok"
        except ProviderError as error:
            return str(error)
        return "ok"

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if not job:
            job = await self._submit(request, offer)
            await on_job(job)
        status_url, response_url = self._addresses(job)
        await finished(self._http, lambda: self._done(status_url))
        result = self._http.json(await self._http.look(response_url))
        if any(result.get("has_nsfw_concepts") or ()):
            raise blocked(self.provider, "fal flagged the picture and blacked it out", stage="output", categories=["nsfw"])
        images = result.get("images") or [result.get("image")]
        first = images[0] if isinstance(images, list) and isinstance(images[0], dict) else {}
        seed = result.get("seed")
        return picture(
            await self._http.fetch(str(first.get("url") or "")), request, offer, seed=seed if isinstance(seed, int) else None,
            request_id=status_url.split("/requests/")[-1].partition("/")[0][:100], revised_prompt=str(result.get("prompt") or ""),
        )  # fmt: skip

    async def _submit(self, request: ImageRequest, offer: Offer) -> str:
        write = next((write for start, write in INPUTS.items() if offer.model.startswith(start)), _flux)
        told = self._http.json(await self._http.pay(offer.model, as_json(write(request, offer))))
        urls = [told.get("status_url"), told.get("response_url")]
        if not all(isinstance(url, str) and url for url in urls):
            raise self._http.bad("took the job and gave no address to ask for it")
        return json.dumps(urls)

    def _addresses(self, job: str) -> tuple[str, str]:
        status_url, response_url = json.loads(job)
        return status_url, response_url

    async def _done(self, status_url: str) -> bool | None:
        told = self._http.json(await self._http.look(status_url))
        if told.get("status") != "COMPLETED":
            return None
        if told.get("error"):
            error = str(told["error"])
            if any(word in error.lower() for word in SIGNS.blocked_words):
                raise blocked(self.provider, self._http.clean(f"fal refused the content: {error}"), words=error.lower())
            raise self._http.bad(f"ended the job with an error: {error}")
        return True
