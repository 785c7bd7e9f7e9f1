"""What a file is, from its first bytes; the name in the file system is never believed."""

from __future__ import annotations

import re

from affiche.errors import AssetError

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypavis", "avif"),
)
#: Formats people send that we do not read, so that the error can say what to do.
_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (0, b"8BPS", "Photoshop"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "PostScript"),
    (0, b"BM", "BMP"),
    (0, b"PK\x03\x04", "ZIP or Office"),
    (0, b"\x1f\x8b", "gzip (or SVGZ)"),
    (4, b"ftyp", "video"),
)
_SVG = re.compile(rb"<\s*(?:[A-Za-z_][\w.-]*:)?svg[\s>/]")
_READ = "PNG, JPEG, WebP, AVIF, GIF, TIFF and SVG"


def format_of(data: bytes) -> str:
    """`png jpeg gif webp tiff avif svg`. Raises AssetError naming what the file is instead."""
    for offset, magic, name in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return name
    if _looks_like_svg(data):
        return "svg"
    for offset, magic, name in _FOREIGN:
        if data[offset : offset + len(magic)] == magic:
            raise AssetError(f"This is a {name} file; {_READ} are read.", hint="Export it as PNG or JPEG.")
    if data[:1] == b"<" or data[:15].lower().lstrip().startswith(b"<!doctype html"):
        raise AssetError(f"This is a web page or XML, not a picture; {_READ} are read.", hint="Download the picture itself.")
    raise AssetError(f"This is not a picture we know; {_READ} are read.", hint="Export it as PNG or JPEG.")


def _looks_like_svg(data: bytes) -> bool:
    head = data[:65536].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = data[:65536].decode("utf-16", "ignore").encode()
    return head.startswith(b"<") and _SVG.search(head) is not None
