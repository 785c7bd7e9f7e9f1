"""Every adapter of a picture provider with the double it is held against, and the requests that its offers can meet."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from affiche.adapters.fetch import GuardedFetcher
from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.table import open_imager
from affiche.imagine.catalog.read import read_catalog, shipped_catalog
from affiche.ports import Fetcher, Imager
from affiche.values.demand import size_for
from affiche.values.digest import digest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Margins, Offer, Reference
from affiche.values.secret import Secret
from tests.doubles import others, queues
from tests.doubles.bedrock import REGION, Bedrock
from tests.doubles.double import Double
from tests.doubles.firefly import Firefly
from tests.doubles.gemini import Gemini
from tests.doubles.openai import Azure, OpenAI
from tests.doubles.server import Server
from tests.doubles.stability import Stability

GATEWAY = """
[request]
path = "v1/pictures"
kind = "json"
[request.keys]
Authorization = "Bearer {secret}"
[request.headers]
Idempotency-Key = "{key}"
[request.body]
text = "{prompt}"
avoid = "{negative}"
width = "{width}"
height = "{height}"
seed = "{seed}"
model = "{model}"
grade = "{quality}"
init = "{source}"
mask = "{mask}"
colors = "{colors}"
[job]
id = "/job/id"
path = "v1/jobs/{job}"
status = "/state"
done = ["done"]
failed = ["failed"]
blocked = ["refused"]
[response]
image = "/result/url"
image_is = "url"
seed = "/result/seed"
cost = "/result/usd"
[refusal]
codes = ["policy"]
[health]
path = "healthz"
"""
GATEWAY_OFFERS = """
as_of = 2026-11-21
[[provider]]
id = "gateway"
name = "Our gateway"
adapter = "generic"
[[offer]]
provider = "gateway"
model = "house-1"
operations = ["generate", "edit"]
can = { multiple = 8, references = { source = 1 }, mask = true, negative = true, seed = true, colors = true, qualities = ["draft", "standard", "high"] }
price = { base = { draft = 0.01, standard = 0.02, high = 0.05 }, source = "our own", as_of = 2026-11-01, verified = true }
repeat = "idempotent"
"""
_KSAMPLER = {
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": "{width}", "height": "{height}", "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "{prompt}, product photography", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "text, logo, {negative}", "clip": ["4", 1]}},
    "3": {
        "class_type": "KSampler",
        "inputs": {"model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0], "seed": "{seed}", "steps": 20},
    },
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "affiche"}},
}
_WORKING = {
    **_KSAMPLER, "10": {"class_type": "LoadImage", "inputs": {"image": "{source}"}},
    "11": {"class_type": "LoadImageMask", "inputs": {"image": "{mask}", "channel": "red"}},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """`provider` of the catalog, its double, how its adapter is given access to it."""

    provider: str
    double: type[Double]
    secrets: dict[str, str] = field(default_factory=dict)
    options: Callable[[Path, str, Offer | None], dict[str, Any]] = lambda folder, url, offer: {}
    adapter: str = ""
    #: The refusals of content that this provider can say.
    refusals: tuple[str, ...] = ("input", "output")

    def offers(self) -> list[Offer]:
        catalog = read_catalog(GATEWAY_OFFERS, file="x") if self.provider == "gateway" else shipped_catalog()
        found = [o for o in catalog.offers if o.provider == self.provider and o.model not in ("gpt-image-1", "gemini-3.1-flash-image")]
        if self.provider == "azure-openai":
            found = [o for o in found if o.model == "gpt-image-2"]
        return found


def _workflow(folder: Path, url: str, offer: Offer | None) -> dict[str, Any]:
    path = folder / f"{offer.operation if offer else 'generate'}.json"
    path.write_text(json.dumps(_WORKING if offer is not None and offer.operation == "edit" else _KSAMPLER))
    return {"workflow": str(path)}


def _gateway(folder: Path, url: str, offer: Offer | None) -> dict[str, Any]:
    (folder / "gateway.toml").write_text(GATEWAY)
    return {"description": str(folder / "gateway.toml")}


KEY = {"key": Double.key}
CASES = {
    case.provider: case
    for case in (
        Case(provider="openai", double=OpenAI, secrets=KEY),
        Case(provider="azure-openai", double=Azure, secrets=KEY, options=lambda f, u, o: {"deployments": {"gpt-image-2": "our-pictures"}}),
        Case(provider="stability", double=Stability, secrets=KEY),
        Case(
            provider="bedrock", double=Bedrock, secrets={"id": Bedrock.id, "secret": Bedrock.secret},
            options=lambda f, u, o: {"region": REGION, "endpoint_url": u},
        ),
        Case(provider="gemini", double=Gemini, secrets=KEY),
        Case(
            provider="firefly", double=Firefly, secrets={"id": Firefly.id, "secret": Firefly.secret},
            options=lambda f, u, o: {"ims_url": u},
        ),
        Case(provider="bfl", double=queues.Bfl, secrets=KEY),
        Case(provider="fal", double=queues.Fal, secrets=KEY),
        Case(provider="replicate", double=queues.Replicate, secrets=KEY),
        Case(provider="huggingface", double=others.HuggingFace, secrets=KEY),
        Case(provider="recraft", double=others.Recraft, secrets=KEY),
        Case(provider="ideogram", double=others.Ideogram, secrets=KEY),
        Case(provider="comfyui", double=others.ComfyUI, options=_workflow, refusals=()),
        Case(provider="gateway", double=others.Gateway, adapter="generic", secrets=KEY, options=_gateway),
    )
}  # fmt: skip


@dataclass(kw_only=True)
class Scene:
    """A double on a socket and an adapter that talks to it. `jobs`: what it told by `on_job`."""

    case: Case
    double: Double
    server: Server
    folder: Path
    timeout_s: float = 20.0
    jobs: list[str] = field(default_factory=list)
    opened: list[Imager] = field(default_factory=list)
    fetcher: Callable[[], Fetcher] = lambda: GuardedFetcher(allow=("127.0.0.1",))

    def imager(self, offer: Offer | None = None, *, url: str = "") -> Imager:
        url = url or self.server.url
        access = Access(
            base=url + self.double.base, provider=self.case.provider, timeout_s=self.timeout_s, poll_s=0.01,
            secrets={name: Secret(value) for name, value in self.case.secrets.items()},
            options=self.case.options(self.folder, url, offer),
        )  # fmt: skip
        self.opened.append(open_imager(self.case.adapter or self.case.provider, access, self.fetcher()))
        return self.opened[-1]

    async def make(self, request: ImageRequest, offer: Offer, *, job: str = "", imager: Imager | None = None) -> ImageResult:
        async def remember(job: str) -> None:
            self.jobs.append(job)

        return await (imager or self.imager(offer)).make(request, offer, on_job=remember, job=job)

    @property
    def paid(self) -> list[Any]:
        """The requests that may have cost money."""
        return [request for request in self.server.seen if self.double.pays(request)]


@asynccontextmanager
async def scene(case: Case, folder: Path, **more: Any):
    double = case.double()
    server = Server(respond=double.respond)
    async with server.running():
        double.url = server.url
        made = Scene(case=case, double=double, server=server, folder=folder, **more)
        try:
            yield made
        finally:
            for imager in made.opened:
                await imager.close()


def run(work: Awaitable[Any]) -> Any:
    return asyncio.run(work)  # type: ignore[arg-type]


def png(width: int, height: int, color: str = "#884422", *, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), color).save(out, "PNG", compress_level=1)
    return out.getvalue()


def mask_png(size: Size) -> bytes:
    image = Image.new("L", (size.width, size.height), 0)
    image.paste(255, (0, 0, size.width // 2, size.height))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def plain(offer: Offer) -> ImageRequest:
    """The least request that `offer` can meet."""
    size = size_for(Size(width=1024, height=1024), offer.can)
    assert size is not None, offer.id
    request = ImageRequest(key=digest("test", offer.id), operation=offer.operation, prompt="A calm wall in warm light", size=size,
                           quality=offer.can.qualities[0])  # fmt: skip
    return with_pictures(request, offer)


def with_pictures(request: ImageRequest, offer: Offer) -> ImageRequest:
    """`request` with the source that its operation needs, and the only reference of an offer that is about one."""
    size, can = request.size, offer.can
    if offer.operation == "expand":
        margins = Margins(left=128, right=64, top=32, bottom=16)
        inner = Size(width=size.width - 192, height=size.height - 48)
        return replace(request, margins=margins, references=(source(inner),))
    if offer.operation == "upscale":
        return replace(request, references=(source(Size(width=256, height=256)),))
    if offer.operation != "generate":
        mask = mask_png(size) if offer.model in ("inpaint", "fill") or "inpaint" in offer.model or offer.provider == "comfyui" else None
        return replace(request, references=(source(size),), mask=mask if can.mask else None)
    if "control" in offer.model or "style-guide" in offer.model:
        role = next(iter(can.references))
        return replace(request, references=(Reference(data=png(1024, 1024), media_type="image/png", role=role),))
    return request


def source(size: Size, color: str = "#884422") -> Reference:
    return Reference(data=png(size.width, size.height, color), media_type="image/png", role="source")
