"""Drawing: what simulated providers give: honest drawings that say SIMULATED. Same request, same picture."""

from __future__ import annotations

import io
import random
from typing import Any

from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Margins

_PALETTE = ("#d9c7a8", "#7a8f85", "#2f3e46")


def drawn(request: ImageRequest, signature: str, *, words: str = "") -> bytes:
    """PNG: what the operation would change, visibly a drawing, with `signature` and SIMULATED on it; `words`: in the middle."""
    from PIL import Image

    source = request.source
    if source is None:
        canvas = _scene(request)
    else:
        given = Image.open(io.BytesIO(source.data), formats=["PNG", "JPEG", "WEBP"]).convert("RGB")
        canvas = _worked_on(request, given)
    if words:
        _write(canvas, words)
    if request.transparent or request.operation == "remove-background":
        canvas = _cut_out(canvas)
    if request.operation not in ("remove-background", "upscale"):  # those give the client's picture back, not a drawing
        _sign(canvas, f"SIMULATED  {signature}", request.prompt)
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=3)
    return out.getvalue()


def seed_of(request: ImageRequest) -> int:
    """The seed that was asked for, else one made of the key."""
    return int(request.key[:8], 16) if request.seed is None else request.seed


def _scene(request: ImageRequest) -> Any:
    """Wall, floor, a sun and hills in the colours of the request; calm in the middle."""
    from PIL import Image, ImageColor, ImageDraw

    size, chance = request.size, random.Random(f"{seed_of(request)} {request.prompt}")
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


def _write(canvas: Any, words: str) -> None:
    """As models do that were told not to."""
    from PIL import ImageDraw, ImageFont

    font = ImageFont.load_default(canvas.height // 14)
    ImageDraw.Draw(canvas).text((canvas.width // 2, canvas.height // 2), words, font=font, fill=(250, 250, 250), anchor="mm",
                                stroke_width=3, stroke_fill=(20, 20, 20))  # fmt: skip


def _sign(canvas: Any, text: str, prompt: str) -> None:
    from PIL import ImageDraw, ImageFont

    draw, height = ImageDraw.Draw(canvas), max(10, canvas.height // 40)
    font = ImageFont.load_default(height)
    draw.rectangle((0, canvas.height - height * 3, canvas.width, canvas.height), fill=(20, 20, 20))
    draw.text((height // 2, canvas.height - height * 2.8), text, font=font, fill=(255, 255, 255))
    draw.text((height // 2, canvas.height - height * 1.4), prompt.replace("\n", " ")[:120], font=font, fill=(190, 190, 190))
