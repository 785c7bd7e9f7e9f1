"""Provenance: the IPTC digital source type of a creative, derived from origins that are known, and its XMP in the file.

Pure functions, bytes to bytes, no re-encoding: an APP1 segment in JPEG, an iTXt chunk in PNG, an `XMP ` chunk in WebP.
Vocabulary: IPTC NewsCodes, http://cv.iptc.org/newscodes/digitalsourcetype/ (read 2026-07); packets: Adobe XMP
Specification Part 3 (2020). What is not known is never claimed: then there is no type and nothing is written.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Literal
from xml.sax.saxutils import escape

from affiche.errors import CapabilityError
from affiche.plan.model import PictureStep
from affiche.ports import FileFormat, PictureInfo
from affiche.values.frame import Frame, PictureItem

SourceType = Literal[
    "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "compositeCapture", "digitalCreation"
]  # fmt: skip
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"

#: Roles whose pixels are pictures; every other role is words or lettering, which no digital source type describes.
PICTURE_ROLES = frozenset({"picture", "backdrop", "hero", "packshot", "set"})

#: Where pixels can come from. `given` files say nothing about how they were made: a photo, a render, or a model's work;
#: `captured` is a given file that its owner declared to be a photo.
PixelOrigin = Literal["generated", "expanded", "enlarged", "set", "drawn", "captured", "given"]


def source_type(origins: Mapping[str, str]) -> SourceType | None:
    """The digital source type of a creative with these origins (role -> origin); None when it cannot be known.

    A model's pixels with anything of ours over them are a composite with them, and so is a photo that a model extended.
    A studio set is a render without a trained model; alone with drawn layers it is `compositeSynthetic`. As soon as one
    picture is `given`, its own origin is unknown, and only "a model took part" can still be said for certain.
    """
    kinds = {origin for role, origin in origins.items() if role in PICTURE_ROLES and origin}
    if kinds & {"generated", "expanded", "enlarged"}:
        return "compositeWithTrainedAlgorithmicMedia"
    if kinds - {"set", "drawn", "captured"}:
        return None
    if "set" in kinds:
        return "compositeSynthetic"
    return "compositeCapture" if "captured" in kinds else "digitalCreation"


#: Most bytes that a file grows by over the packet itself: segment and chunk heads, an extended WebP header.
SPLICED = 128


def said_of_models(step: PictureStep | None, shown: PictureInfo | None, frame: Frame) -> bytes:
    """The XMP packet of a creative that shows a model's pixels; empty when it shows none.

    A model's are also those that were brought in with a record that says so. Of pictures whose own origin is unknown nothing is
    claimed. `shown` is the prepared picture of `step`.
    """
    if step is None or shown is None or not (step.wish or step.brought):
        return b""
    if not any(isinstance(item, PictureItem) and item.picture == shown.digest for item in (*frame.base, *frame.overlay)):
        return b""
    asked = {"upscale": "enlarged", "expand": "expanded", "generate": "generated"}
    origin = asked.get(step.wish.request.operation, "given") if step.wish else "given"
    kind = source_type({"picture": "generated" if step.brought else origin})
    return xmp_packet(kind) if kind else b""


def marked(data: bytes, packet: bytes, *, format: FileFormat) -> bytes:
    """`data` with `packet`; as it is without one, and in formats that take none (AVIF)."""
    return with_xmp(data, packet, format=format) if packet and format in _SPLICES else data


def xmp_packet(kind: SourceType, *, title: str = "", tool: str = "Affiche") -> bytes:
    """An XMP packet (UTF-8, read-only) that says `kind`, a title and the tool that made the file."""
    default = f'<rdf:Alt><rdf:li xml:lang="x-default">{_xml(title)}</rdf:li></rdf:Alt>'
    named = f"<dc:title>{default}</dc:title>" if title else ""
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{_VOCABULARY}{kind}</Iptc4xmpExt:DigitalSourceType>"
        f"<xmp:CreatorTool>{_xml(tool)}</xmp:CreatorTool>{named}"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
    return text.encode("utf-8")


def _xml(text: str) -> str:
    """`text` escaped, without the characters that XML 1.0 cannot hold."""
    legal = (c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
    return escape("".join(legal))


def with_xmp(data: bytes, packet: bytes, *, format: FileFormat) -> bytes:
    """`data` with `packet` in it; the picture data is untouched.

    Raises CapabilityError for formats without a splice (AVIF) and ValueError when `data` is not of that format.
    """
    splice = _SPLICES.get(format)
    if splice is None:
        raise CapabilityError(f"provenance cannot be written into {format} files", hint="Use jpeg, png or webp.")
    return splice(data, packet)


def _jpeg(data: bytes, packet: bytes) -> bytes:
    """APP1 after SOI and a leading APP0 (JFIF must come first; XMP Part 3, 1.1.3)."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("not a JPEG file")
    body = b"http://ns.adobe.com/xap/1.0/\0" + packet
    if len(body) + 2 > 0xFFFF:
        raise ValueError("the XMP packet is too long for one JPEG segment")
    at = 2
    if data[2:4] == b"\xff\xe0":
        at = 4 + int.from_bytes(data[4:6], "big")
    return data[:at] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[at:]


def _png(data: bytes, packet: bytes) -> bytes:
    """iTXt right after IHDR, uncompressed (XMP Part 3, 1.1.5)."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise ValueError("not a PNG file")
    body = b"iTXt" + b"XML:com.adobe.xmp\0\0\0\0\0" + packet
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]


_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10


def _webp(data: bytes, packet: bytes) -> bytes:
    """An `XMP ` chunk at the end; a simple file becomes an extended one (WebP Container Specification, VP8X)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("not a WebP file")
    chunks = data[12 : 8 + int.from_bytes(data[4:8], "little")]
    if chunks[:4] == b"VP8X":
        chunks = chunks[:8] + bytes([chunks[8] | _XMP_FLAG]) + chunks[9:]
    else:
        width, height, alpha = _webp_canvas(chunks)
        flags = _XMP_FLAG | (_ALPHA_FLAG if alpha else 0)
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + canvas + chunks
    chunks += b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _webp_canvas(chunks: bytes) -> tuple[int, int, bool]:
    """Width, height and alpha of a simple WebP (RFC 6386, 9.1; WebP Lossless, 3)."""
    if chunks[:4] == b"VP8 " and chunks[11:14] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", chunks[14:18])
        return width & 0x3FFF, height & 0x3FFF, False
    if chunks[:4] == b"VP8L" and chunks[8] == 0x2F:
        bits = int.from_bytes(chunks[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    raise ValueError("not a WebP file that can be extended")


_SPLICES: dict[FileFormat, Callable[[bytes, bytes], bytes]] = {"jpeg": _jpeg, "png": _png, "webp": _webp}
