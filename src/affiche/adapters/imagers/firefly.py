"""Adobe Firefly Services: a token, uploads, then a job (v3: `statusUrl`; Image 5 by v4: `links.result.href`).

The token lives about a day and is kept in memory only. Pictures that go along are uploaded first (free, 7 days). Expanding
places the original exactly. Sizes are exact pairs. Shapes: Adobe's official API description 3.0.0, 2026-05.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from affiche.adapters.imagers.body import Body, as_json
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import SHAPE_TOLERANCE, picture, refuse_misfit, size_of
from affiche.adapters.imagers.pixels import refuse_other_size
from affiche.adapters.imagers.ratio import ratio_name
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.errors import CapabilityError, ProviderError
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

_SCOPE = "openid,AdobeID,session,additional_info,read_organizations,firefly_api,ff_apis"
_IMS = "https://ims-na1.adobelogin.com"
#: A token is renewed this long before it ends.
_MARGIN_S = 600
#: The codes of a 451 answer (v4, uploads), which also end jobs; the last one is named by Adobe's own library only.
_BLOCKED = frozenset(
    "legal_error prompt_unsafe prompt_entity_denied image_unsafe video_unsafe reference_image_unsafe_error "
    "input_media_unsafe output_media_unsafe".split()
)
#: Pixels and bytes of a picture that goes along to Image 5.
_SHOWN_PIXELS, _SHOWN_BYTES = (512 * 512, 2048 * 2048), 10_000_000
SIGNS = Signs(blocked_codes=_BLOCKED, blocked_words=("violates our policy", "policy violation"))


class Firefly:
    """Pictures by Adobe Firefly. The secrets are `id` and `secret` of a server-to-server credential."""

    provider = "firefly"

    def __init__(self, access: Access, fetcher: Fetcher, *, now: Callable[[], float] = time.monotonic) -> None:
        self._access, self._fetcher, self._now = access, fetcher, now
        self._token, self._until = "", 0.0
        self._renewing = asyncio.Lock()

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if request.mask is not None and request.source is not None:
            refuse_other_size(request.mask, request.source.data)
        if offer.model == "image5" and request.source is not None:
            _refuse_unlike(request, request.source.data, offer)
        http = await self._exchange()
        if not job:
            job = await self._submit(http, request, offer)
            await on_job(job)
        output = await finished(http, lambda: self._ask(http, job))
        image = output.get("image")
        data = await http.fetch(str(image.get("url") or "") if isinstance(image, dict) else "")
        seed = output.get("seed")
        known = {"seed": seed if isinstance(seed, int) else None, "request_id": job.rpartition("/")[2][:100]}
        return picture(data, request, offer, **known)

    async def health(self) -> str:
        """Whether the credential gives a token."""
        try:
            await self._exchange()
        except ProviderError as error:
            return str(error)
        return "ok"

    async def close(self) -> None:
        await self._fetcher.close()

    async def _exchange(self) -> Exchange:
        """A conversation with a token that is still good. Raises ProviderError: nothing was billed."""
        async with self._renewing:
            if self._now() >= self._until:
                self._token, seconds = await self._fresh()
                self._until = self._now() + max(60.0, seconds - _MARGIN_S)
        keys = {"Authorization": f"Bearer {self._token}", "x-api-key": self._access.secret("id")}
        return Exchange(
            self._access, self._fetcher, provider=self.provider, headers=keys, signs=SIGNS, friends=("adobe.io",)
        )

    async def _fresh(self) -> tuple[str, float]:
        http = Exchange(self._access, self._fetcher, provider=self.provider, headers={}, signs=SIGNS)
        form = {
            "grant_type": "client_credentials", "client_id": self._access.secret("id"),
            "client_secret": self._access.secret("secret"), "scope": _SCOPE,
        }  # fmt: skip
        body = Body(media_type="application/x-www-form-urlencoded", data=urlencode(form).encode())
        url = str(self._access.options.get("ims_url") or _IMS) + "/ims/token/v3"
        told = http.json(await http.look(url, method="POST", body=body, submitted=False, keyed=False))
        if not isinstance(told.get("access_token"), str):
            raise http.bad("gave no token")
        return told["access_token"], float(told.get("expires_in") or 0)

    async def _submit(self, http: Exchange, request: ImageRequest, offer: Offer) -> str:
        """The address of the job."""
        path, headers, body = await self._job(http, request, offer)
        told = http.json(await http.pay(path, as_json(body), headers=headers))
        links = told.get("links")
        result = links.get("result") if isinstance(links, dict) else None
        url = told.get("statusUrl") or (result.get("href") if isinstance(result, dict) else None)
        if not isinstance(url, str) or not url:
            raise http.bad("took the job and gave no address to ask for it")
        return url

    async def _job(self, http: Exchange, request: ImageRequest, offer: Offer) -> tuple[str, dict[str, str], dict[str, Any]]:
        size = {"width": request.size.width, "height": request.size.height}
        seeds = None if request.seed is None else [request.seed]
        shared = {"prompt": request.prompt or None, "numVariations": 1, "seeds": seeds}
        ids = {reference.role: await self._upload(http, reference.data, reference.media_type) for reference in request.references}
        version = {"x-model-version": offer.model}
        if offer.model == "image5":
            return "v4/images/generate-async", version, {**shared, **_image5(request, offer, ids)}
        if request.operation == "generate":
            body = {**shared, "size": size, "negativePrompt": request.negative or None, **_shown(ids)}
            return "v3/images/generate-async", version, body
        image = {"source": {"uploadId": ids["source"]}}
        if request.operation == "expand":
            return "v3/images/expand-async", {}, {**shared, "image": image, "size": size, "placement": _placement(request)}
        assert request.mask is not None
        mask = {"source": {"uploadId": await self._upload(http, request.mask, "image/png")}}
        body = {**shared, "image": image, "mask": mask, "size": size, "negativePrompt": request.negative or None}
        return "v3/images/fill-async", {}, body

    async def _upload(self, http: Exchange, data: bytes, media_type: str) -> str:
        answer = await http.look("v2/storage/image", method="POST", body=Body(media_type=media_type, data=data), submitted=False)
        images = http.json(answer).get("images")
        if not isinstance(images, list) or not images or not isinstance(images[0], dict) or not images[0].get("id"):
            raise http.bad("took an upload and gave no id")
        return str(images[0]["id"])

    async def _ask(self, http: Exchange, job: str) -> dict[str, Any] | None:
        told = http.json(await http.look(job))
        status, code = told.get("status"), str(told.get("error_code") or "")
        if status in ("failed", "cancelled", "timeout"):
            if code in _BLOCKED:
                raise blocked(self.provider, f"firefly refused the content: {code}", words=code, categories=[code])
            raise http.bad(f"ended the job: {status} {code} {told.get('message') or ''}")
        result = told.get("result")
        if status not in (None, "succeeded") or not isinstance(result, dict):
            return None
        outputs = result.get("outputs")
        return outputs[0] if isinstance(outputs, list) and outputs and isinstance(outputs[0], dict) else {}


def _shown(ids: dict[Any, str]) -> dict[str, Any]:
    """References for style and structure."""
    return {
        role: {"imageReference": {"source": {"uploadId": ids[role]}}} for role in ("style", "structure") if role in ids
    }


def _image5(request: ImageRequest, offer: Offer, ids: dict[Any, str]) -> dict[str, Any]:
    pixels = request.size.width * request.size.height
    blobs = [{"source": {"uploadId": id}, "usage": "general"} for id in ids.values()]
    return {
        "modelId": "firefly_image",
        # A picture that goes along decides on the shape: no other value is taken then.
        "aspectRatio": "auto" if blobs else ratio_name(request.size, offer.can.ratios),
        "resolutionLevel": "1MP" if pixels <= 1_100_000 else "2.4MP" if pixels <= 2_600_000 else "4MP",
        "referenceBlobs": blobs,
    }


def _refuse_unlike(request: ImageRequest, shown: bytes, offer: Offer) -> None:
    """Raises CapabilityError when Image 5 does not take the picture `shown`, or answers in another shape than is asked."""
    size, (least, most) = size_of(shown), _SHOWN_PIXELS
    wrong = (
        f"it takes pictures of {least} to {most} pixels, {size} has {size.width * size.height}"
        if not least <= size.width * size.height <= most else
        f"it takes pictures of {_SHOWN_BYTES // 1_000_000} MB, this one has {len(shown) / 1e6:.1f}"
        if len(shown) > _SHOWN_BYTES else
        f"it answers in the shape of the picture that goes along, {size}, not of {request.size}"
        if abs(size.ratio / request.size.ratio - 1) > SHAPE_TOLERANCE else ""
    )  # fmt: skip
    if wrong:
        raise CapabilityError(f"{offer.id} cannot do this: {wrong}", hint="choose another offer: affiche providers")


def _placement(request: ImageRequest) -> dict[str, Any]:
    margins = request.margins
    assert margins is not None
    return {"inset": {"left": margins.left, "top": margins.top, "right": margins.right, "bottom": margins.bottom}}


