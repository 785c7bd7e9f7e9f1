"""What a picture file says of itself: EXIF, IPTC, XMP and the name of its ICC profile, as plain bounded data.

A file of a stranger says whatever its sender likes: nothing here is believed, everything is cut to a length, and what cannot be
read is left out with its name in `unreadable`. Where a picture was taken is personal data that no ad needs: of a position only
the fact is kept (`located`), and serial numbers of cameras are not read.

Sources: EXIF 3.0 (CIPA DC-008-2023); IPTC IIM 4.2; XMP Specification Part 1 (ISO 16684-1:2019); IPTC Photo Metadata 2023.1; PLUS
LDF 2.0.1.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageFile, IptcImagePlugin

from affiche.adapters.codec import colour, limits, sniff
from affiche.errors import AssetError
from affiche.values.geometry import Size

#: Longest text, most texts of a list, largest XMP packet (bytes) that are read.
TEXT_MAX, LIST_MAX, XMP_MAX = 500, 50, 512_000

#: EXIF tag -> our name.
_EXIF = {
    0x010E: "description", 0x010F: "make", 0x0110: "model", 0x0131: "software", 0x013B: "artist", 0x8298: "copyright",
    0x0132: "changed",
}  # fmt: skip
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_EXIF_MORE = {0x9003: "taken", 0xA434: "lens", 0x8827: "iso", 0x829D: "aperture", 0x829A: "exposure_s", 0x920A: "focal_mm"}
_IPTC = {
    (2, 5): "title", (2, 25): "keywords", (2, 80): "creator", (2, 110): "credit", (2, 115): "source", (2, 116): "copyright",
    (2, 120): "description", (2, 40): "instructions", (2, 55): "created",
}  # fmt: skip
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC, _RIGHTS = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/xap/1.0/rights/}"
_XMP = {
    f"{_DC}title": "title", f"{_DC}description": "description", f"{_DC}creator": "creator", f"{_DC}rights": "copyright",
    f"{_DC}subject": "keywords", f"{_RIGHTS}UsageTerms": "usage_terms", f"{_RIGHTS}WebStatement": "rights_page",
    "{http://ns.adobe.com/photoshop/1.0/}Credit": "credit", "{http://ns.adobe.com/xap/1.0/}CreatorTool": "software",
    "{http://ns.adobe.com/photoshop/1.0/}DateCreated": "created",
    "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType": "source_type",
    "{http://ns.useplus.org/ldf/xmp/1.0/}LicenseEndDate": "licence_end",
}  # fmt: skip
_LISTS = ("keywords",)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def metadata(data: bytes) -> dict[str, Any]:
    """`exif`, `iptc`, `xmp` (name -> text or list of texts), `icc`, `located`, `unreadable`; only what is there. Never raises."""
    try:
        kind = sniff.format_of(data)
        if kind == "svg":
            return {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
                limits.refuse_size(Size(width=image.width, height=image.height))
                return _of(image, data)
    except Exception as error:  # noqa: BLE001 - whatever the header of a stranger's file breaks; its pixels are judged elsewhere
        return {} if isinstance(error, AssetError) else {"unreadable": ["header"]}


def _of(image: Image.Image, data: bytes) -> dict[str, Any]:
    readers: dict[str, Callable[[], Any]] = {
        "exif": lambda: _exif(image, data), "iptc": lambda: _iptc(image), "xmp": lambda: _xmp(image, data),
        "icc": lambda: _text(colour.profile_name(image)), "located": lambda: _located(image, data),
    }  # fmt: skip
    found, broken = {}, []
    for name, read in readers.items():
        try:
            value = read()
        except Exception:  # noqa: BLE001 - see above: one damaged block must not hide the others
            broken.append(name)
            continue
        if value:
            found[name] = value
    return {**found, "unreadable": broken} if broken else found


def _has_exif(image: Image.Image, data: bytes) -> bool:
    # Pillow decodes a whole PNG to see what stands behind its pixels.
    return image.format != "PNG" or b"eXIf" in data or b"exif" in data


def _exif(image: Image.Image, data: bytes) -> dict[str, Any]:
    if not _has_exif(image, data):
        return {}
    read = image.getexif()
    more = read.get_ifd(_EXIF_IFD)
    values = [(name, read.get(tag)) for tag, name in _EXIF.items()] + [(name, more.get(tag)) for tag, name in _EXIF_MORE.items()]
    return {name: said for name, value in values if (said := _plain(value)) not in ("", None)}


def _located(image: Image.Image, data: bytes) -> bool:
    return _has_exif(image, data) and bool(image.getexif().get_ifd(_GPS_IFD))


def _iptc(image: Image.Image) -> dict[str, Any]:
    if image.format not in ("JPEG", "TIFF"):
        return {}
    read: Mapping[Any, Any] = IptcImagePlugin.getiptcinfo(cast(ImageFile.ImageFile, image)) or {}
    found: dict[str, Any] = {}
    for tag, name in _IPTC.items():
        if tag in read:
            values = read[tag] if isinstance(read[tag], list) else [read[tag]]
            texts = [text for value in values[:LIST_MAX] if (text := _text(value))]
            if texts:
                found[name] = texts if name in _LISTS else texts[0]
    return found


def _xmp(image: Image.Image, data: bytes) -> dict[str, Any]:
    if image.format == "PNG" and b"adobe.xmp" not in data:
        return {}
    if image.format == "PNG":
        image.load()  # what stands behind the pixels is read with them
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else bytes(packet)
    if not packet or len(packet) > XMP_MAX:
        return {}
    try:
        root = fromstring(packet.strip(b"\x00 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise AssetError("the XMP packet cannot be read") from error
    found: dict[str, Any] = {}
    for name, texts in _xmp_values(root):
        if name not in found and texts:
            found[name] = texts[:LIST_MAX] if name in _LISTS else texts[0]
    return found


def _xmp_values(root: Element) -> Iterator[tuple[str, list[str]]]:
    """Properties as attributes or as elements, with the items of lists and alternatives."""
    for described in root.iter(f"{_RDF}Description"):
        for tag, value in described.attrib.items():
            if tag in _XMP:
                yield _XMP[tag], [text for text in (_text(value),) if text]
        for element in described:
            if element.tag in _XMP:
                items = [item.text for item in element.iter(f"{_RDF}li")] or [element.text]
                said = [text for item in items if (text := _text(item or ""))]
                yield _XMP[element.tag], said or [text for text in (_text(element.get(f"{_RDF}resource", "")),) if text]


def _plain(value: Any) -> Any:
    """A text, or a number that JSON can hold; None for all else."""
    if value is None or isinstance(value, str | bytes):
        return _text(value or "")
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return round(number, 6) if abs(number) < 1e9 else None


def _text(value: Any) -> str:
    """One line without control characters (a database takes no NUL), at most TEXT_MAX long; of foreign bytes what can be read."""
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            value = value.decode("latin-1")
    return " ".join(_CONTROL.sub(" ", str(value)[: TEXT_MAX * 2]).split())[:TEXT_MAX]
