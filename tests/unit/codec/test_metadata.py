"""What picture files say of themselves: read where it is, bounded, and nothing hostile breaks it."""

from __future__ import annotations

import io
import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from affiche.adapters.codec.metadata import LIST_MAX, TEXT_MAX, XMP_MAX, metadata

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 photoshop:Credit="Studio Nord" plus:LicenseEndDate="2026-12-31T00:00:00Z"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Yuzu 柚子</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ann Lee</rdf:li></rdf:Seq></dc:creator>
<dc:subject><rdf:Bag><rdf:li>can</rdf:li><rdf:li>summer</rdf:li></rdf:Bag></dc:subject>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Web only</rdf:li></rdf:Alt></xmpRights:UsageTerms>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def iptc(*records: tuple[int, int, bytes]) -> bytes:
    """An APP13 segment with these datasets (IIM 4.2)."""
    data = b"".join(struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in records)
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(data)) + data + (b"\x00" if len(data) % 2 else b"")
    body = b"Photoshop 3.0\x00" + block
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def picture(format: str = "JPEG", *, xmp: str | bytes = b"", exif: Image.Exif | None = None, icc: bytes = b"", segment: bytes = b"") -> bytes:
    out = io.BytesIO()
    more = {"exif": exif.tobytes() if exif else b"", "icc_profile": icc, "xmp": xmp.encode() if isinstance(xmp, str) else xmp}
    Image.new("RGB", (24, 16), (200, 40, 40)).save(out, format, **{k: v for k, v in more.items() if v})
    data = out.getvalue()
    return data[:2] + segment + data[2:] if segment else data


def full_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x8298], exif[0x013B] = "Nikon", "Z9", "(c) Ann", "Ann"
    inner = exif.get_ifd(0x8769)
    inner[0x9003], inner[0x829D], inner[0xA431] = "2026:05:01 10:00:00", IFDRational(28, 10), "serial-77"
    where = exif.get_ifd(0x8825)
    where[1], where[2] = "N", (IFDRational(52), IFDRational(31), IFDRational(12))
    return exif


def test_all_four_kinds_are_read() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    records = ((2, 5, b"A can"), (2, 25, b"drink"), (2, 25, "été".encode()), (2, 116, b"(c) Ann"))
    found = metadata(picture(xmp=XMP, exif=full_exif(), icc=srgb, segment=iptc(*records)))
    assert found["exif"] == {"make": "Nikon", "model": "Z9", "artist": "Ann", "copyright": "(c) Ann", "taken": "2026:05:01 10:00:00", "aperture": 2.8}
    assert found["iptc"] == {"title": "A can", "keywords": ["drink", "été"], "copyright": "(c) Ann"}
    assert found["xmp"]["title"] == "Yuzu 柚子"
    assert (found["xmp"]["creator"], found["xmp"]["credit"], found["xmp"]["usage_terms"]) == ("Ann Lee", "Studio Nord", "Web only")
    assert found["xmp"]["keywords"] == ["can", "summer"]
    assert found["xmp"]["licence_end"].startswith("2026-12-31")
    assert found["xmp"]["source_type"].endswith("trainedAlgorithmicMedia")
    assert "sRGB" in found["icc"]


def test_where_it_was_taken_and_by_which_camera_is_not_kept() -> None:
    found = metadata(picture(exif=full_exif()))
    assert found["located"] is True
    assert "52" not in json.dumps(found)
    assert "serial-77" not in json.dumps(found)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_other_formats_carry_it_too(format: str) -> None:
    if format == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info, out = PngInfo(), io.BytesIO()
        info.add_itxt("XML:com.adobe.xmp", XMP)
        Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=info)
        data = out.getvalue()
    elif format == "TIFF":
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "TIFF", tiffinfo={700: XMP.encode()})
        data = out.getvalue()
    else:
        data = picture(format, xmp=XMP)
    assert metadata(data)["xmp"]["credit"] == "Studio Nord"


def test_entities_bombs_and_broken_packets_are_left_out_by_name() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    for packet in (bomb, "<x", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'):
        assert metadata(picture(xmp=packet)) == {"unreadable": ["xmp"]}, packet
    assert metadata(picture("WEBP", xmp=b"<x>" + b" " * XMP_MAX + b"</x>")) == {}


def test_everything_is_bounded_and_fit_for_a_database() -> None:
    long = XMP.replace("Studio Nord", "y" * 5000).replace("<rdf:li>can</rdf:li>", "<rdf:li>k</rdf:li>" * 500)
    found = metadata(picture(xmp=long, segment=iptc((2, 5, b"a\x00b\x07\nc"), *((2, 25, b"k"),) * 300)))
    assert len(found["xmp"]["credit"]) == TEXT_MAX
    assert len(found["xmp"]["keywords"]) == len(found["iptc"]["keywords"]) == LIST_MAX
    assert found["iptc"]["title"] == "a b c"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_breaks_it(data: st.DataObject) -> None:
    whole = bytearray(picture(xmp=XMP, exif=full_exif(), segment=iptc((2, 5, b"A can"), (2, 25, b"drink"))))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = metadata(bytes(whole[: data.draw(st.integers(1, len(whole)))]))
    text = json.dumps(found)
    assert "\\u0000" not in text
    assert len(text) < 60_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"RIFF\x00\x00\x00\x00WEBP"):
        assert isinstance(metadata(start + data), dict)
