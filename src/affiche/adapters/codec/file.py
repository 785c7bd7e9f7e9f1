"""`FileCodec`: the Codec port, composed of the modules beside this one."""

from __future__ import annotations

from collections.abc import Sequence

from affiche.adapters.codec import decode, encode, limits, sniff, svg
from affiche.ports import Chroma, FileFacts, FileFormat, Pixels
from affiche.values.geometry import Size


class FileCodec:
    """Reads PNG, JPEG, WebP, AVIF, GIF (first frame), TIFF and SVG; writes PNG, JPEG, WebP and AVIF.

    `font_files` are the only fonts that live text in an SVG may use (never those of the machine); with none, an SVG
    with live text is refused rather than drawn without its words.
    """

    def __init__(self, *, font_files: Sequence[str] = ()) -> None:
        self._font_files = tuple(font_files)

    def inspect(self, data: bytes) -> FileFacts:
        """Format and size from the header alone. Raises AssetError."""
        limits.refuse_bytes(data)
        kind = sniff.format_of(data)
        return svg.facts(data) if kind == "svg" else decode.facts(data, kind)

    def decode(self, data: bytes) -> Pixels:
        """Oriented 8-bit sRGB RGBA. Raises AssetError saying what is wrong."""
        limits.refuse_bytes(data)
        kind = sniff.format_of(data)
        return svg.rasterise(data, None, self._font_files) if kind == "svg" else decode.pixels(data, kind)

    def rasterise(self, data: bytes, size: Size) -> Pixels:
        """A vector file drawn as large as fits into `size` (its proportions are kept). Raises AssetError."""
        limits.refuse_bytes(data)
        return svg.rasterise(data, size, self._font_files)

    def encode(self, pixels: Pixels, *, format: FileFormat, quality: int, chroma: Chroma = "420") -> bytes:
        """Bytes of `pixels`; same input, same bytes. `chroma` counts for JPEG, WebP (420 only) and AVIF."""
        return encode.ENCODERS[format](pixels, quality, chroma)
