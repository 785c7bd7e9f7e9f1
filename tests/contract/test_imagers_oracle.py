"""The official SDK as an oracle: what it would send to OpenAI for the same picture is what we send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from affiche.adapters.imagers.pixels import as_alpha
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Offer, Reference
from tests.contract.kit_imagers import CASES, mask_png, plain, png, run, scene
from tests.doubles.server import Request

CASE = CASES["openai"]
GENERATE, EDIT = (next(offer for offer in CASE.offers() if offer.operation == name) for name in ("generate", "edit"))
STYLE = Reference(data=png(300, 200, "#00ff00"), media_type="image/png", role="style")
PLAIN, EDITED = plain(GENERATE), plain(EDIT)
REQUESTS = [
    pytest.param(PLAIN, GENERATE, id="plain"),
    pytest.param(replace(PLAIN, transparent=True, quality="high"), GENERATE, id="transparent"),
    pytest.param(replace(PLAIN, size=Size(width=1536, height=864), quality="draft"), GENERATE, id="wide"),
    pytest.param(replace(PLAIN, references=(STYLE,)), GENERATE, id="style"),
    pytest.param(EDITED, EDIT, id="edit"),
    pytest.param(replace(EDITED, references=(STYLE, *EDITED.references), mask=mask_png(EDITED.size)), EDIT, id="masked"),
]


async def by_sdk(url: str, request: ImageRequest, offer: Offer) -> None:
    """The same picture, asked for as the SDK's documentation says."""
    from openai import AsyncOpenAI

    said: dict[str, Any] = {
        "model": offer.model, "prompt": request.prompt, "n": 1, "size": str(request.size), "output_format": "png",
        "quality": {"draft": "low", "standard": "medium", "high": "high"}[request.quality],
        "background": "transparent" if request.transparent else "opaque",
    }  # fmt: skip
    async with AsyncOpenAI(api_key=CASE.secrets["key"], base_url=f"{url}/v1", max_retries=0) as client:
        if not request.references:
            await client.images.generate(**said, moderation="auto")
            return
        shown = [request.source] if request.source else []
        shown += [reference for reference in request.references if reference.role != "source"]
        images = [(f"{at}.png", reference.data, "image/png") for at, reference in enumerate(shown)]
        mask = {"mask": ("mask.png", as_alpha(request.mask), "image/png")} if request.mask else {}
        await client.images.edit(**said, image=images, **mask)


def content(request: Request) -> Any:
    if request.headers["content-type"].startswith("application/json"):
        return request.json()
    fields, files = request.form()
    return fields, sorted(files)


@pytest.mark.parametrize(("request_", "offer"), REQUESTS)
def test_we_send_what_the_official_sdk_sends(request_: ImageRequest, offer: Offer, tmp_path) -> None:
    async def story() -> None:
        async with scene(CASE, tmp_path) as here:
            await here.make(request_, offer)
            await by_sdk(here.server.url, request_, offer)
            ours, theirs = here.paid
            assert (ours.method, ours.path) == (theirs.method, theirs.path)
            assert content(ours) == content(theirs)
            assert ours.headers["authorization"] == theirs.headers["authorization"]

    run(story())
