"""Pixels of requests: canvases and masks in the form that a provider wants. Our own pictures only, never a provider's."""

from __future__ import annotations

import io

from affiche.adapters.imagers.outcome import size_of
from affiche.errors import CapabilityError
from affiche.values.geometry import Size
from affiche.values.imagery import Margins

#: Strength of the blur, as a part of the long side, under the area that is to be painted.
_BLUR = 0.04


def padded(source: bytes, margins: Margins) -> bytes:
    """PNG of the source with `margins` around it, filled with its own blurred colours."""
    from PIL import Image, ImageFilter

    inner = _opened(source).convert("RGB")
    whole = _grown(inner.size, margins)
    # Blurred small: only its colours matter, and a wide blur of a large picture takes a second.
    small = inner.resize((max(1, whole[0] // 8), max(1, whole[1] // 8)), Image.Resampling.BOX)
    canvas = small.filter(ImageFilter.GaussianBlur(_BLUR * max(small.size))).resize(whole, Image.Resampling.BICUBIC)
    canvas.paste(inner, (margins.left, margins.top))
    return _png(canvas)


def margin_mask(source: bytes, margins: Margins) -> bytes:
    """Mask for `padded`: white where the margins are."""
    from PIL import Image

    inner = size_of(source)
    mask = Image.new("L", _grown((inner.width, inner.height), margins), 255)
    mask.paste(0, (margins.left, margins.top, margins.left + inner.width, margins.top + inner.height))
    return _png(mask)


def as_alpha(mask: bytes) -> bytes:
    """A mask (white may change) as providers want it that edit where alpha is zero: RGBA PNG."""
    from PIL import Image, ImageOps

    grey = _opened(mask).convert("L")
    picture = Image.new("RGBA", grey.size, (0, 0, 0, 255))
    picture.putalpha(ImageOps.invert(grey))
    return _png(picture)


def refuse_other_size(mask: bytes, source: bytes) -> None:
    """Raises CapabilityError unless the mask is as large as the source."""
    if size_of(mask) != size_of(source):
        raise CapabilityError(f"the mask is {size_of(mask)}, the source {size_of(source)}: they must be equally large")


def _grown(size: tuple[int, int], margins: Margins) -> tuple[int, int]:
    return size[0] + margins.left + margins.right, size[1] + margins.top + margins.bottom


def _opened(data: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from PIL import Image

    size: Size = size_of(data)
    if size.width * size.height > 64_000_000:
        raise CapabilityError(f"a picture of the request is {size}, too large to be prepared")
    return Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"])


def _png(image) -> bytes:  # type: ignore[no-untyped-def]  # noqa: ANN001
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()
