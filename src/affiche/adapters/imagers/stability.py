"""Stability AI, REST v2beta: always multipart, one picture back as bytes, `seed` and `finish-reason` in headers.

A filtered picture comes with status 200 and is blurred: the header says so. Masks: white may change. No idempotency key. Only
the creative upscaler is a job. Docs read 2026-07.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from affiche.adapters.imagers.body import File, as_multipart
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.pixels import refuse_other_size
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.ratio import ratio_name
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.ports import Fetcher
from affiche.values.fetch import Fetched
from affiche.values.imagery import ImageRequest, ImageResult, Offer

#: How far an edit without a mask may leave the source, 0..1.
_STRENGTH = 0.6
SIGNS = Signs(
    blocked_codes=frozenset({"content_moderation"}),
    blocked_words=("flagged by our content moderation", "content moderation system"),
    quota_words=("lack of sufficient credits", "insufficient credit", "payment required"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model is, and the fields that its form takes besides `prompt`; `fixed` are always sent."""

    path: str
    takes: frozenset[str]
    fixed: Mapping[str, object] = field(default_factory=dict)
    job: bool = False


_WORDS = frozenset({"prompt", "negative_prompt", "seed"})
_SD3 = ("sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium", "sd3.5-flash")
_FREE = _WORDS | {"aspect_ratio"}


def _sd3(model: str, operation: str) -> Endpoint:
    if operation == "edit":
        mode: dict[str, object] = {"model": model, "mode": "image-to-image", "strength": _STRENGTH}
        return Endpoint(path="generate/sd3", takes=_WORDS | {"image"}, fixed=mode)
    return Endpoint(path="generate/sd3", takes=_FREE, fixed={"model": model, "mode": "text-to-image"})


#: (model, operation) -> endpoint; SD3.5 models share one.
ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("core", "generate"): Endpoint(path="generate/core", takes=_FREE),
    ("ultra", "generate"): Endpoint(path="generate/ultra", takes=_FREE),
    ("ultra", "edit"): Endpoint(path="generate/ultra", takes=_WORDS | {"image"}, fixed={"strength": _STRENGTH}),
    **{(model, operation): _sd3(model, operation) for model in _SD3 for operation in ("generate", "edit")},
    ("control-style", "generate"): Endpoint(path="control/style", takes=_FREE | {"image"}),
    ("control-structure", "generate"): Endpoint(path="control/structure", takes=_WORDS | {"image"}),
    ("inpaint", "edit"): Endpoint(path="edit/inpaint", takes=_WORDS | {"image", "mask"}),
    ("outpaint", "expand"): Endpoint(path="edit/outpaint", takes=frozenset({"prompt", "seed", "image", "margins"})),
    ("remove-background", "remove-background"): Endpoint(path="edit/remove-background", takes=frozenset({"image"})),
    ("upscale-fast", "upscale"): Endpoint(path="upscale/fast", takes=frozenset({"image"})),
    ("upscale-conservative", "upscale"): Endpoint(path="upscale/conservative", takes=_WORDS | {"image"}),
    ("upscale-creative", "upscale"): Endpoint(path="upscale/creative", takes=_WORDS | {"image"}, job=True),
}


class Stability(HttpImager):
    """Pictures by Stability AI."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"Authorization": f"Bearer {access.secret('key')}"}
        super().__init__(Exchange(access, fetcher, provider="stability", headers=keys, signs=SIGNS), probe="v1/user/balance")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        endpoint = ENDPOINTS[offer.model, offer.operation]
        if not endpoint.job:
            answer = await self._send(request, offer, accept="image/*")
        else:
            if not job:
                told = self._http.json(await self._send(request, offer, accept="application/json"))
                job = str(told.get("id") or "")
                if not job:
                    raise self._http.bad("took the job and gave no id")
                await on_job(job)
            answer = await finished(self._http, lambda: self._ask(job))
        return self._result(answer, request, offer)

    async def _send(self, request: ImageRequest, offer: Offer, *, accept: str) -> Fetched:
        endpoint = ENDPOINTS[offer.model, offer.operation]
        fields = {**fields_of(request, offer, endpoint.takes), **endpoint.fixed, "output_format": "png"}
        body = as_multipart(fields, _files(request, endpoint))
        return await self._http.pay(f"v2beta/stable-image/{endpoint.path}", body, headers={"Accept": accept})

    async def _ask(self, job: str) -> Fetched | None:
        answer = await self._http.look(f"v2beta/results/{job}", headers={"Accept": "image/*"})
        return None if answer.status == 202 else answer

    def _result(self, answer: Fetched, request: ImageRequest, offer: Offer) -> ImageResult:
        reason = answer.headers.get("finish-reason", "SUCCESS")
        if reason == "CONTENT_FILTERED":
            raise blocked(
                self.provider, "stability filtered the picture it made", stage="output", request_id=self._http.request_id(answer)
            )
        seed = answer.headers.get("seed", "")
        return picture(
            answer.body, request, offer, seed=int(seed) if seed.isdigit() else None, request_id=self._http.request_id(answer)
        )


def fields_of(request: ImageRequest, offer: Offer, takes: frozenset[str]) -> dict[str, Any]:
    """The fields among `takes` by the names that Stability's REST interface and Bedrock share."""
    margins = request.margins
    sides = {"left": margins.left, "right": margins.right, "up": margins.top, "down": margins.bottom} if margins else {}
    known = {
        "prompt": request.prompt or None,
        "negative_prompt": request.negative or None,
        "seed": request.seed,
        "aspect_ratio": ratio_name(request.size, offer.can.ratios) if "aspect_ratio" in takes and offer.can.ratios else None,
        **({side: px for side, px in sides.items() if px} if "margins" in takes else {}),
    }
    return {name: value for name, value in known.items() if value is not None and (name in takes or name in sides)}


def _files(request: ImageRequest, endpoint: Endpoint) -> list[File]:
    """The picture and the mask; an empty part when there is neither, because the interface takes multipart only."""
    files = []
    if "image" in endpoint.takes and request.references:
        shown = request.source or request.references[0]
        files.append(File(field="image", name="image", media_type=shown.media_type, data=shown.data))
        if "mask" in endpoint.takes and request.mask is not None:
            refuse_other_size(request.mask, shown.data)
            files.append(File(field="mask", name="mask.png", media_type="image/png", data=request.mask))
    return files or [File(field="none", name="none", media_type="application/octet-stream", data=b"")]
