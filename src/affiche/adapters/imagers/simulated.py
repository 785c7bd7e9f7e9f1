"""Simulated providers: honest drawings that say SIMULATED, made here, for nothing.

For demos, tests of routing and trying out briefs.

They behave like providers: they take time, some fail now and then, one works with jobs, and all of them refuse a prompt with the
words "simulate a refusal". Same request, same picture.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from affiche.adapters.imagers.exchange import Access
from affiche.adapters.imagers.outcome import picture, refuse_misfit
from affiche.adapters.imagers.refusal import blocked
from affiche.errors import ProviderUnavailable
from affiche.ports import Fetcher
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Margins, Offer
from affiche.values.money import Money

_REFUSE = "simulate a refusal"
_PALETTE = ("#d9c7a8", "#7a8f85", "#2f3e46")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one behaves: fails every `fails_every`th call (0: never), answers by `jobs` or at once."""

    fails_every: int = 0
    jobs: bool = False


MANNERS = {"simulated-swift": Manner(fails_every=3), "simulated-grand": Manner(jobs=True)}


class Simulated:
    """Draws. Options: `latency_s` instead of that of the offer. `bills`: the keys of the pictures that were charged for."""

    def __init__(self, access: Access, _: Fetcher | None = None) -> None:
        self.provider = access.provider or "simulated-steady"
        self._manner = MANNERS.get(self.provider, Manner())
        self._latency = access.options.get("latency_s")
        self._calls = 0
        self.bills: list[str] = []

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        if not job:
            self._take(request)
            if self._manner.jobs:
                job = f"simulated-{request.key[:16]}"
                await on_job(job)
        await asyncio.sleep(offer.latency_s if self._latency is None else float(self._latency))
        data = await asyncio.to_thread(drawn, request, f"{self.provider} / {offer.model}")
        paid = Money(amount=Decimal(str(offer.price.base[request.quality])), currency=offer.price.currency)
        return picture(data, request, offer, seed=_seed(request), request_id=job or request.key[:16], paid=paid)

    def _take(self, request: ImageRequest) -> None:
        """Counts the call, refuses it, or writes the bill."""
        self._calls += 1
        if _REFUSE in request.prompt.lower():
            raise blocked(self.provider, f"{self.provider} refuses this prompt", stage="input")
        if self._manner.fails_every and self._calls % self._manner.fails_every == 0:
            raise ProviderUnavailable(f"{self.provider} simulates an outage", provider=self.provider)
        self.bills.append(request.key)

    async def health(self) -> str:
        return "ok"

    async def close(self) -> None:
        return None


def drawn(request: ImageRequest, signature: str) -> bytes:
    """PNG: what the operation would change, visibly a drawing, with `signature` and SIMULATED on it."""
    from PIL import Image

    source = request.source
    if source is None:
        canvas = _scene(request)
    else:
        given = Image.open(io.BytesIO(source.data), formats=["PNG", "JPEG", "WEBP"]).convert("RGB")
        canvas = _worked_on(request, given)
    if request.transparent or request.operation == "remove-background":
        canvas = _cut_out(canvas)
    _sign(canvas, f"SIMULATED  {signature}", request.prompt)
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _seed(request: ImageRequest) -> int:
    return int(request.key[:8], 16) if request.seed is None else request.seed


def _scene(request: ImageRequest) -> Any:
    """Wall, floor, a sun and hills in the colours of the request; calm in the middle."""
    from PIL import Image, ImageColor, ImageDraw

    size, chance = request.size, random.Random(f"{_seed(request)} {request.prompt}")
    colors = [ImageColor.getrgb(color)[:3] for color in (*request.colors, *_PALETTE)]
    wall, floor, accent = colors[0], colors[1], colors[2]
    canvas = Image.new("RGB", (size.width, size.height), wall)
    draw = ImageDraw.Draw(canvas)
    horizon = int(size.height * chance.uniform(0.6, 0.75))
    radius = int(min(size.width, size.height) * chance.uniform(0.1, 0.2))
    x, y = int(size.width * chance.uniform(0.15, 0.85)), int(horizon * chance.uniform(0.2, 0.6))
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_mixed(wall, accent, 0.35))
    for depth in (0.25, 0.5):
        middle, wide = int(size.width * chance.random()), int(size.width * chance.uniform(0.4, 0.8))
        high = int(size.height * chance.uniform(0.08, 0.2))
        draw.ellipse((middle - wide, horizon - high, middle + wide, horizon + high * 3), fill=_mixed(wall, floor, depth))
    draw.rectangle((0, horizon, size.width, size.height), fill=floor)
    return canvas


def _mixed(a: Any, b: Any, share: float) -> tuple[int, ...]:
    return tuple(round(one * (1 - share) + other * share) for one, other in zip(a, b, strict=True))


def _worked_on(request: ImageRequest, given: Any) -> Any:
    from PIL import Image, ImageOps

    size: Size = request.size
    if request.operation == "expand" and request.margins is not None:
        return _continued(given, request.margins)
    canvas = given.resize((size.width, size.height), Image.Resampling.LANCZOS)
    if request.operation == "edit":
        tinted = ImageOps.colorize(canvas.convert("L"), "#202830", "#f4e9d8")
        mask = Image.open(io.BytesIO(request.mask), formats=["PNG"]).convert("L").resize(canvas.size) if request.mask else None
        canvas.paste(tinted, (0, 0), mask)
    return canvas


def _continued(given: Any, margins: Margins) -> Any:
    """Mirrored at its edges, and softer there: the plainest thing that continues a picture."""
    import numpy as np
    from PIL import Image, ImageFilter

    sides = ((margins.top, margins.bottom), (margins.left, margins.right), (0, 0))
    mirrored = Image.fromarray(np.pad(np.asarray(given), sides, mode="symmetric")).filter(ImageFilter.GaussianBlur(3))
    mirrored.paste(given, (margins.left, margins.top))
    return mirrored


def _cut_out(canvas: Any) -> Any:
    """Transparent where it is as the upper left corner."""
    from PIL import Image, ImageChops

    corner = Image.new("RGB", canvas.size, canvas.getpixel((0, 0)))
    difference = ImageChops.difference(canvas, corner).convert("L").point(lambda value: 255 if value > 12 else 0)
    made = canvas.convert("RGBA")
    made.putalpha(difference)
    return made


def _sign(canvas: Any, text: str, prompt: str) -> None:
    from PIL import ImageDraw, ImageFont

    draw, height = ImageDraw.Draw(canvas), max(10, canvas.height // 40)
    font = ImageFont.load_default(height)
    draw.rectangle((0, canvas.height - height * 3, canvas.width, canvas.height), fill=(20, 20, 20))
    draw.text((height // 2, canvas.height - height * 2.8), text, font=font, fill=(255, 255, 255))
    draw.text((height // 2, canvas.height - height * 1.4), prompt.replace("\n", " ")[:120], font=font, fill=(190, 190, 190))
