"""Ideogram: multipart in, addresses out; a filtered picture is an item with `is_image_safe: false` and no address.

V4 takes a resolution and a speed; V3 also a negative prompt, a seed, colours, style pictures, and makes transparent
pictures. Prompts are not rewritten where that can be said. Docs read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from affiche.adapters.imagers.body import Body, File, as_multipart
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

SPEED = {"draft": "TURBO", "standard": "DEFAULT", "high": "QUALITY"}
SIGNS = Signs(blocked_words=("failed safety check", "safety check", "did not pass safety"), blocked_statuses=frozenset({451}))


class Ideogram(HttpImager):
    """Pictures by Ideogram."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        keys = {"Api-Key": access.secret("key")}
        super().__init__(Exchange(access, fetcher, provider="ideogram", headers=keys, signs=SIGNS), probe="")

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        path, body = _v4(request) if offer.model == "ideogram-v4" else _v3(request)
        answer = await self._http.pay(path, body)
        items = self._http.json(answer).get("data")
        item = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        if item.get("is_image_safe") is False:
            raise blocked(
                self.provider, "ideogram filtered the picture it made", stage="output", request_id=self._http.request_id(answer)
            )
        data = await self._http.fetch(str(item.get("url") or ""))
        seed = item.get("seed")
        return picture(
            data, request, offer, seed=seed if isinstance(seed, int) else None, request_id=self._http.request_id(answer),
            revised_prompt=str(item.get("prompt") or ""),
        )  # fmt: skip


def _v4(request: ImageRequest) -> tuple[str, Body]:
    fields = {"text_prompt": request.prompt, "resolution": str(request.size), "rendering_speed": SPEED[request.quality]}
    return "v1/ideogram-v4/generate", as_multipart(fields)


def _v3(request: ImageRequest) -> tuple[str, Body]:
    fields: dict[str, Any] = {
        "prompt": request.prompt, "rendering_speed": SPEED[request.quality], "magic_prompt": "OFF", "num_images": 1,
        "seed": request.seed, "negative_prompt": request.negative or None, "resolution": str(request.size),
    }  # fmt: skip
    if request.colors:
        fields["color_palette"] = json.dumps({"members": [{"color_hex": color} for color in request.colors]})
    styles = [r for r in request.references if r.role == "style"]
    field = "style_reference_images"
    files = [File(field=field, name=f"{at}", media_type=r.media_type, data=r.data) for at, r in enumerate(styles)]
    return f"v1/ideogram-v3/generate{'-transparent' if request.transparent else ''}", as_multipart(fields, files)
