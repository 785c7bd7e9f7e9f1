"""What kind of file somebody sent, by its bytes, not its name. What is none of the kinds that campaigns use is refused.

Made to run in a process of its own: files of strangers may break what reads them.
"""

from __future__ import annotations

from typing import Any

from affiche import wire
from affiche.errors import AssetError

#: First bytes of fonts.
_FONTS = {
    b"\x00\x01\x00\x00": "font/ttf", b"OTTO": "font/otf", b"wOFF": "font/woff", b"wOF2": "font/woff2", b"ttcf": "font/collection",
}  # fmt: skip
_FEEDS = {".csv": "text/csv", ".jsonl": "application/jsonl"}
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def facts_of(data: bytes, name: str) -> dict[str, Any]:
    """kind (`picture`, `font`, `feed`), media_type, bytes; width and height (px, upright) of pictures. Raises AssetError."""
    size = {"bytes": len(data)}
    if data[:4] in _FONTS:
        return {"kind": "font", "media_type": _FONTS[data[:4]], **size}
    feed = _feed(data, name.lower())
    if feed:
        return {"kind": "feed", "media_type": feed, **size}
    codec = wire.file_codec()
    facts = codec.inspect(data)
    if not facts.vector:
        codec.decode(data)  # a header may promise what the rest does not keep
    media_type = "image/svg+xml" if facts.format == "svg" else f"image/{facts.format}"
    shape = {"width": round(facts.size.width), "height": round(facts.size.height)}
    return {"kind": "picture", "media_type": media_type, **size, **shape}


def _feed(data: bytes, name: str) -> str:
    """The media type of a product feed; a text must be UTF-8, which no picture is."""
    if name.endswith(".xlsx") and data[:4] == b"PK\x03\x04":
        return _SPREADSHEET
    kind = next((kind for suffix, kind in _FEEDS.items() if name.endswith(suffix)), "")
    if kind and b"\x00" not in data:
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise AssetError(f"{name[:80]} is not UTF-8 text", hint="save it as UTF-8") from None
        return kind
    return ""
