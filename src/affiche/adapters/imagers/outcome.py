"""Outcome: a provider's bytes looked at before anyone decodes them: what they are, how large, whole or cut off, the right shape.

Reads headers only. What fails here is BadOutput: it was paid and cannot be used.
"""

from __future__ import annotations

import base64
import binascii
import io
import struct
import warnings
from typing import Any

from affiche.errors import BadOutput, CapabilityError
from affiche.values.demand import lacks
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money

MAX_BYTES = 48_000_000
MAX_PIXELS = 64_000_000
MAX_SIDE = 16_384
#: How far the shape of a picture may be from what was asked: models round to their own grid.
SHAPE_TOLERANCE = 0.06
_MAGIC = ((0, b"\x89PNG\r\n\x1a\n", "PNG"), (0, b"\xff\xd8\xff", "JPEG"), (8, b"WEBP", "WEBP"))
#: What Pillow raises for damaged headers.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error)
_SEE_THROUGH = ("RGBA", "LA", "PA", "La", "RGBa")


def refuse_misfit(request: ImageRequest, offer: Offer) -> None:
    """Raises CapabilityError, before anything is spent, when `offer` cannot do what `request` needs."""
    missing = lacks(request, offer.can)
    if request.operation != offer.operation:
        missing = (f"it does {offer.operation}, not {request.operation}",)
    if not missing and request.operation == "expand":
        missing = _expand(request)
    if missing:
        raise CapabilityError(f"{offer.id} cannot do this: {'; '.join(missing)}", hint="choose another offer: affiche providers")


def size_of(data: bytes) -> Size:
    """The size of one of our own pictures that goes along with a request, from its header. Raises CapabilityError."""
    try:
        return _header(data)[1]
    except ValueError as error:
        raise CapabilityError(f"a picture of the request cannot be sent: {error}") from None


def picture(data: bytes, request: ImageRequest, offer: Offer, **known: Any) -> ImageResult:
    """The result for `data`, with what else is `known` of it. Raises BadOutput."""
    try:
        media_type, size, see_through = _header(data)
        _whole(data, media_type)
        _shape(size, request)
        if (request.transparent or request.operation == "remove-background") and not see_through:
            raise ValueError("its picture is opaque where a transparent one was asked")
    except ValueError as error:
        message, request_id = f"{offer.provider} answered, but {error}", str(known.get("request_id", ""))
        raise BadOutput(message, provider=offer.provider, request_id=request_id) from None
    return ImageResult(data=data, media_type=media_type, size=size, **{"model": offer.model, **known})


def decoded(text: Any, *, provider: str) -> bytes:
    """The bytes behind base64 or a data URL. Raises BadOutput."""
    if not isinstance(text, str) or not text:
        raise BadOutput(f"{provider} answered without a picture", provider=provider)
    if len(text) > MAX_BYTES * 4 // 3 + 200:
        raise BadOutput(f"{provider} answered with a picture of {len(text) * 3 // 4 // 1_000_000} MB", provider=provider)
    try:
        return base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError):
        raise BadOutput(f"{provider} answered with base64 that cannot be read", provider=provider) from None


def paid_by_units(offer: Offer, units: dict[str, int]) -> Money | None:
    """What the reported `units` cost by the list price of a million of each; None when it has none."""
    from decimal import Decimal

    prices = offer.price.per_million
    if not prices or not units:
        return None
    amount = sum((Decimal(str(prices.get(name, 0))) * count / 1_000_000 for name, count in units.items()), Decimal(0))
    return Money(amount=amount, currency=offer.price.currency) if amount else None


def _expand(request: ImageRequest) -> tuple[str, ...]:
    source, margins = request.source, request.margins
    assert source is not None and margins is not None
    inner = size_of(source.data)
    whole = Size(width=inner.width + margins.left + margins.right, height=inner.height + margins.top + margins.bottom)
    return () if whole == request.size else (f"{inner} with those margins is {whole}, not {request.size}",)


def _header(data: bytes) -> tuple[str, Size, bool]:
    """(media type, size, whether it has transparency). Raises ValueError with what is wrong."""
    from PIL import Image

    if len(data) > MAX_BYTES:
        raise ValueError(f"its picture has {len(data) // 1_000_000} MB, more than {MAX_BYTES // 1_000_000} MB")
    kind = next((name for at, magic, name in _MAGIC if data[at : at + len(magic)] == magic), "")
    if not kind:
        raise ValueError("what it sent is no PNG, JPEG or WebP")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limit is below Pillow's and says more
        try:
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                size = Size(width=image.width, height=image.height)
                see_through = image.mode in _SEE_THROUGH or "transparency" in image.info
        except Image.DecompressionBombError:
            raise ValueError("its picture says it has more pixels than we decode") from None
        except _DAMAGE as error:
            raise ValueError(f"its {kind} is damaged ({str(error)[:80]})") from None
    if size.width * size.height > MAX_PIXELS or max(size.width, size.height) > MAX_SIDE:
        raise ValueError(f"its picture says it has {size} pixels, more than we decode")
    return f"image/{kind.lower()}", size, see_through


def _whole(data: bytes, media_type: str) -> None:
    """Raises ValueError when the end is missing."""
    ends = {
        "image/png": b"IEND" in data[-64:],
        "image/jpeg": b"\xff\xd9" in data[-2048:],
        "image/webp": int.from_bytes(data[4:8], "little") + 8 <= len(data),
    }
    if not ends[media_type]:
        raise ValueError("its picture is cut off")


def _shape(size: Size, request: ImageRequest) -> None:
    if abs(size.ratio / request.size.ratio - 1) > SHAPE_TOLERANCE:
        raise ValueError(f"its picture is {size} where the shape of {request.size} was asked")
