"""How much we are willing to decode, and the errors for what is more. Numbers only; looked at before any decoder runs."""

from __future__ import annotations

from affiche.errors import AssetError
from affiche.values.geometry import Size

#: A 60 megapixel camera raw exported as PNG stays below this.
MAX_BYTES = 96_000_000
#: 4 bytes each in memory; covers 61 megapixel cameras.
MAX_PIXELS = 64_000_000
MAX_SIDE = 20_000
MAX_SVG_BYTES = 6_000_000


def refuse_bytes(data: bytes) -> None:
    """AssetError when the file is empty or larger than we read."""
    if not data:
        raise AssetError("The file is empty.", hint="Export the picture again.")
    if len(data) > MAX_BYTES:
        raise AssetError(
            f"The file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read.",
            hint="Export it smaller or as JPEG.",
        )


def refuse_size(size: Size) -> Size:
    """`size` itself, or AssetError when decoding it would take too much memory."""
    if size.width < 1 or size.height < 1:
        raise AssetError(f"The picture says it is {size} pixels.", hint="Export the picture again.")
    if size.width * size.height > MAX_PIXELS or max(size.width, size.height) > MAX_SIDE:
        raise AssetError(
            f"The picture says it is {size} pixels; at most {MAX_PIXELS / 1e6:.0f} megapixels "
            f"and {MAX_SIDE} pixels a side are decoded.",
            hint="Scale it down: 4000 pixels on the long side are enough for every placement.",
        )
    return size
