"""What a file is, by its bytes and not its name, and what can be known of a picture. What campaigns cannot use is refused.

Made to run in a process of its own: files of strangers may break what reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from affiche import inlets, wire
from affiche.errors import AssetError
from affiche.ports import Codec, PictureInfo, Pixels

#: First bytes of fonts.
_FONTS = {
    b"\x00\x01\x00\x00": "font/ttf", b"OTTO": "font/otf", b"wOFF": "font/woff", b"wOF2": "font/woff2", b"ttcf": "font/collection",
}  # fmt: skip
_FEEDS = {".csv": "text/csv", ".jsonl": "application/jsonl"}
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Thumbnails of cut-outs have a white ground; those whose mean lightness (0 to 255) is above this have a dark one.
_PALE, _DARK = 200, (38, 48, 68)
#: Longer side, px, in which main colours, focal point and fingerprint are found: more would not change them.
_LOOKED_PX = 1024
#: Longer side of the small picture that lists show, px.
_THUMBNAIL_PX = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`facts`: columns of an asset (kind, media_type, bytes, width, height, phash, palette, focal_x, focal_y, metadata).

    `thumbnail`: a small JPEG, empty for what is no picture. `prepared`: what a run would find out of a photograph that is drawn
    from its file as it is; empty for everything else.
    """

    facts: dict[str, Any]
    thumbnail: bytes = b""
    prepared: dict[str, Any] = field(default_factory=dict)


def examine(data: bytes, name: str) -> Examined:
    """Looks at a file. Raises AssetError for what is no picture, font or feed, or is damaged."""
    size = {"bytes": len(data)}
    if data[:4] in _FONTS:
        return Examined(facts={"kind": "font", "media_type": _FONTS[data[:4]], **size})
    feed = _feed(data, name.lower())
    if feed:
        return Examined(facts={"kind": "feed", "media_type": feed, **size})
    codec = wire.file_codec()
    facts = codec.inspect(data)
    pixels = codec.decode(data)  # a header may promise what the rest does not keep
    media_type = "image/svg+xml" if facts.format == "svg" else f"image/{facts.format}"
    shape = {"width": round(facts.size.width), "height": round(facts.size.height)}
    said = {"metadata": inlets.metadata_of(data)}
    made = _ready(data, codec) if facts.format == "jpeg" else None
    return _looked({"kind": "picture", "media_type": media_type, **size, **shape, **said}, pixels, made)


def _ready(data: bytes, codec: Codec) -> PictureInfo | None:
    """What is known of a photograph that is drawn from its file as it is; None for what has to be made ready first."""
    from affiche.imagine.prepare import prepare

    try:
        made = prepare(data, codec=codec)
    except AssetError:
        return None
    return made.info if made.untouched and made.info.kind == "photo" else None


def _pale(pixels: Pixels) -> bool:
    """Whether what is seen of a cut-out is so light that it would vanish on white: a logo for dark grounds."""
    import numpy as np

    weight = pixels[..., 3].astype(np.float32)
    if pixels[..., 3].min() == 255 or not weight.sum():
        return False
    light = pixels[..., :3].astype(np.float32) @ np.asarray((0.2126, 0.7152, 0.0722), np.float32)
    return bool((light * weight).sum() / weight.sum() > _PALE)


def _looked(facts: dict[str, Any], pixels: Pixels, ready: PictureInfo | None) -> Examined:
    """With what can be seen in it."""
    import numpy as np

    from affiche.imagine import focal, look
    from affiche.imagine.fingerprint import fingerprint
    from affiche.publish.thumbnail import shrunk, thumbnail
    from affiche.render.record import info_data

    small = shrunk(pixels, min(1.0, _LOOKED_PX / max(pixels.shape[:2])))
    opaque = bool(small[..., 3].min() == 255) and min(small.shape[:2]) >= 16
    if ready is not None:
        seen = ready.focal if ready.focal_origin != "centre" else None
    else:
        seen = focal.found(small).point if opaque else None
    alpha = small[..., 3:].astype(np.float32) / 255
    shown = small.copy()
    ground = np.asarray(_DARK if _pale(small) else (255, 255, 255), np.float32)
    shown[..., :3] = np.rint(small[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8)
    return Examined(
        facts={
            **facts, "phash": fingerprint(small), "palette": list(look.palette(small)),
            "focal_x": seen[0] if seen else None, "focal_y": seen[1] if seen else None,
        },
        thumbnail=thumbnail(shown, long_side=_THUMBNAIL_PX), prepared=info_data(ready) if ready is not None else {},
    )  # fmt: skip


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
