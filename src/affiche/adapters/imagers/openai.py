"""OpenAI Images: `POST /images/generations` (JSON) and `/images/edits` (multipart).

Synchronous, billed even when the client goes away, no seed, no negative prompt. Sizes: multiples of 16. A mask is alpha
(transparent may change). There is no expand: the canvas is padded and the margins are masked; whoever asked pastes the
original back. What was paid follows from the reported tokens. Shapes: official SDK 3.57 and API description, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from affiche.adapters.imagers.body import File, as_json, as_multipart
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.outcome import decoded, paid_by_units, picture, refuse_misfit
from affiche.adapters.imagers.pixels import as_alpha, margin_mask, padded, refuse_other_size
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.refusal import Signs
from affiche.ports import Fetcher
from affiche.values.fetch import Fetched
from affiche.values.imagery import ImageRequest, ImageResult, Offer

QUALITY = {"draft": "low", "standard": "medium", "high": "high"}
SIGNS = Signs(
    blocked_codes=frozenset({"moderation_blocked", "content_policy_violation", "content_filter", "contentfilter"}),
    blocked_words=("rejected by the safety system", "content management policy"),
)


class OpenAIImages(HttpImager):
    """Pictures by OpenAI, and by whoever speaks its language: `provider`, `headers`; `names`: model -> name on its wire."""

    def __init__(
        self, access: Access, fetcher: Fetcher, *, provider: str = "openai", headers: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        keys = headers or {"Authorization": f"Bearer {access.secret('key')}"}
        super().__init__(Exchange(access, fetcher, provider=provider, headers=keys, signs=SIGNS), probe="models")
        self._names = names or {}

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        fields = self._fields(request, offer)
        if request.operation == "generate" and not request.references:
            answer = await self._http.pay("images/generations", as_json({**fields, "moderation": "auto"}))
        else:
            answer = await self._http.pay("images/edits", as_multipart(fields, _files(request)))
        return self._result(answer, request, offer)

    def _fields(self, request: ImageRequest, offer: Offer) -> dict[str, Any]:
        return {
            "model": self._names.get(offer.model, offer.model),
            "prompt": request.prompt,
            "n": 1,
            "size": str(request.size),
            "quality": QUALITY[request.quality],
            "background": "transparent" if request.transparent else "opaque",
            "output_format": "png",
        }

    def _result(self, answer: Fetched, request: ImageRequest, offer: Offer) -> ImageResult:
        data = self._http.json(answer)
        items = data.get("data")
        item = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        units = _units(data.get("usage"))
        return picture(
            decoded(item.get("b64_json"), provider=self.provider), request, offer,
            request_id=self._http.request_id(answer), usage=units, paid=paid_by_units(offer, units),
            revised_prompt=str(item.get("revised_prompt") or "")[:4000],
        )  # fmt: skip


def _files(request: ImageRequest) -> list[File]:
    """The pictures of an edit; a mask belongs to the first, so the source goes first."""
    mask, pictures = request.mask, [(r.data, r.media_type) for r in request.references]
    source = request.source
    if source is not None:
        first = (source.data, source.media_type)
        if request.operation == "expand" and request.margins is not None:
            first = (padded(source.data, request.margins), "image/png")
            mask = margin_mask(source.data, request.margins)
        elif mask is not None:
            refuse_other_size(mask, source.data)
        pictures = [first, *((r.data, r.media_type) for r in request.references if r is not source)]
    files = [
        File(field="image[]", name=f"{at}.{media.removeprefix('image/')}", media_type=media, data=data)
        for at, (data, media) in enumerate(pictures)
    ]
    if mask is not None:
        files.append(File(field="mask", name="mask.png", media_type="image/png", data=as_alpha(mask)))
    return files


def _units(usage: Any) -> dict[str, int]:
    """Reported tokens by the names of `Price.per_million`."""
    if not isinstance(usage, dict):
        return {}
    details = usage.get("input_tokens_details")
    parts = details if isinstance(details, dict) else {"text_tokens": usage.get("input_tokens")}
    found = {"text-in": parts.get("text_tokens"), "image-in": parts.get("image_tokens"), "out": usage.get("output_tokens")}
    return {name: count for name, count in found.items() if isinstance(count, int) and count >= 0}
