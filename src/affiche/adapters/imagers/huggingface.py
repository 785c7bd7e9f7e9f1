"""Hugging Face router: `POST /hf-inference/models/MODEL` with `inputs` and `parameters`; the picture comes back as bytes.

This is the raw protocol of its own inference; models of other houses behind the router are better asked there. What was
paid, seed and safety flags are not told. 503 with `estimated_time` is a model that is still loading. Shapes: official client
2.4, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from affiche.adapters.imagers.body import as_json, b64
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.refusal import Signs
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

_ROUTER = "router.huggingface.co"
#: Steps by model; distilled models take few.
_STEPS = {"black-forest-labs/FLUX.1-schnell": 4}
SIGNS = Signs(
    blocked_words=("nsfw", "content policy"), quota_words=("exceeded your monthly included credits", "payment required"),
    retired_words=("no longer supported", "not supported by provider", "no longer available"),
)  # fmt: skip


class HuggingFace(HttpImager):
    """Pictures by open models on Hugging Face."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"Authorization": f"Bearer {access.secret('key')}"}
        hub = "https://huggingface.co/" if _ROUTER in access.base else ""
        http = Exchange(access, fetcher, provider="huggingface", headers=keys, signs=SIGNS, friends=("huggingface.co",))
        super().__init__(http, probe=f"{hub}api/whoami-v2")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        path = f"hf-inference/models/{offer.model}"
        answer = await self._http.pay(path, as_json(_body(request, offer.model)), headers={"Accept": "image/png"})
        return picture(answer.body, request, offer, seed=request.seed, request_id=self._http.request_id(answer))


def _body(request: ImageRequest, model: str) -> dict[str, Any]:
    values: dict[str, Any] = {"width": request.size.width, "height": request.size.height}
    if request.negative:
        values["negative_prompt"] = request.negative
    if request.seed is not None:
        values["seed"] = request.seed
    if model in _STEPS:
        values["num_inference_steps"] = _STEPS[model]
    source = request.source
    if source is None:
        return {"inputs": request.prompt, "parameters": values}
    target = {"width": values.pop("width"), "height": values.pop("height")}
    return {"inputs": b64(source.data), "parameters": {"prompt": request.prompt, "target_size": target, **values}}
