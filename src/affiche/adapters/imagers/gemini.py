"""Google Gemini image models: `POST /v1/models/MODEL:generateContent`, raw REST.

Refusals of content come with status 200: `promptFeedback.blockReason` without candidates, or a candidate whose
`finishReason` says so and which has no parts. There is no mask, no alpha, no exact size: ratio and 1K, 2K or 4K. Shapes:
official SDK 3.4, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from affiche.adapters.imagers.body import as_json, b64
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.outcome import decoded, paid_by_units, picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.ratio import ratio_name
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.ports import Fetcher
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Offer

#: Finish reasons that are a refusal of content; NO_IMAGE and IMAGE_OTHER are not.
_BLOCKED = frozenset(
    "SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT SPII IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION "
    "JAILBREAK MODEL_ARMOR".split()
)
SIGNS = Signs(blocked_words=("violates our policies",), quota_codes=frozenset(), quota_words=("check your plan and billing",))


class Gemini(HttpImager):
    """Pictures by Gemini models."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"x-goog-api-key": access.secret("key")}
        super().__init__(Exchange(access, fetcher, provider="gemini", headers=keys, signs=SIGNS), probe="v1/models?pageSize=1")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        answer = await self._http.pay(f"v1/models/{offer.model}:generateContent", as_json(_body(request, offer)))
        data = self._http.json(answer)
        parts = self._parts(data)
        inline = next((p["inlineData"] for p in parts if isinstance(p.get("inlineData"), dict)), None)
        if inline is None:
            raise self._http.bad("answered with words instead of a picture")
        units = _units(data.get("usageMetadata"))
        return picture(
            decoded(inline.get("data"), provider=self.provider), request, offer,
            request_id=str(data.get("responseId") or ""), usage=units, paid=paid_by_units(offer, units),
        )  # fmt: skip

    def _parts(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        feedback = data.get("promptFeedback")
        if isinstance(feedback, dict) and (reason := feedback.get("blockReason")):
            raise blocked(self.provider, f"gemini refused the prompt: {reason}", stage="input", categories=[str(reason)])
        candidates = data.get("candidates")
        first = candidates[0] if isinstance(candidates, list) and candidates and isinstance(candidates[0], dict) else {}
        reason = first.get("finishReason")
        if reason in _BLOCKED:
            raise blocked(self.provider, f"gemini refused the picture: {reason}", stage="output", categories=[str(reason)])
        content = first.get("content")
        parts = content.get("parts") if isinstance(content, dict) else None
        if not isinstance(parts, list):
            raise self._http.bad(f"made no picture ({reason or 'no reason given'})")
        return [part for part in parts if isinstance(part, dict)]


def _body(request: ImageRequest, offer: Offer) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": request.prompt}]
    parts += [{"inlineData": {"mimeType": r.media_type, "data": b64(r.data)}} for r in request.references]
    config: dict[str, Any] = {
        "responseModalities": ["IMAGE"],
        "imageConfig": {"aspectRatio": ratio_name(request.size, offer.can.ratios), "imageSize": _tier(request.size)},
    }
    if request.seed is not None:
        config["seed"] = request.seed
    return {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}


def _tier(size: Size) -> str:
    """The smallest tier that covers `size`: 1K has about one megapixel."""
    pixels = size.width * size.height
    return "1K" if pixels <= 1_300_000 else "2K" if pixels <= 5_000_000 else "4K"


def _units(usage: Any) -> dict[str, int]:
    if not isinstance(usage, dict):
        return {}
    found = {"text-in": usage.get("promptTokenCount"), "out": usage.get("candidatesTokenCount")}
    return {name: count for name, count in found.items() if isinstance(count, int)}
