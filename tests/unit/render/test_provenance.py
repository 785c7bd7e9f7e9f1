"""The digital source type follows from origins that are known; the splice leaves the picture alone."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from affiche.errors import CapabilityError
from affiche.render.provenance import source_type, with_xmp, xmp_packet
from tests.unit.publish.campaigns import encoded, pixels


@pytest.mark.parametrize(
    ("origins", "kind"),
    [
        ({"headline": "model"}, "digitalCreation"),
        ({"backdrop": "set"}, "compositeSynthetic"),
        ({"picture": "given", "backdrop": "set"}, None),
        ({"picture": "given"}, None),
        ({"picture": "captured"}, "compositeCapture"),
        ({"picture": "captured", "backdrop": "set"}, "compositeSynthetic"),
        ({"picture": "given", "backdrop": "generated"}, "compositeWithTrainedAlgorithmicMedia"),
        ({"picture": "expanded"}, "compositeWithTrainedAlgorithmicMedia"),
        ({"picture": "something new"}, None),
    ],
)
def test_only_what_is_known_is_claimed(origins: dict[str, str], kind: str | None) -> None:
    assert source_type(origins) == kind


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("width", [64, 33])
def test_the_packet_can_be_read_back_and_no_pixel_changes(format: str, width: int) -> None:
    data = encoded(pixels("x", width, 48), format)
    packet = xmp_packet("compositeSynthetic", title="Yuzu & <more> 柚子")
    marked = with_xmp(data, packet, format=format)
    image = Image.open(io.BytesIO(marked))
    assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    found = image.info.get("xmp") or image.info["XML:com.adobe.xmp"].encode()
    assert found == packet
    assert b"http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic" in found


def test_webp_with_and_without_alpha_keep_it() -> None:
    for alpha, lossless in ((128, True), (255, True), (128, False)):
        out = io.BytesIO()
        Image.new("RGBA", (33, 21), (10, 200, 30, alpha)).save(out, "WEBP", lossless=lossless)
        marked = Image.open(io.BytesIO(with_xmp(out.getvalue(), xmp_packet("digitalCreation"), format="webp")))
        before = Image.open(io.BytesIO(out.getvalue()))
        assert marked.size == (33, 21)
        assert marked.convert("RGBA").getpixel((5, 5)) == before.convert("RGBA").getpixel((5, 5))


def test_a_packet_is_xml_whatever_the_title() -> None:
    packet = xmp_packet("digitalCreation", title="a\0b]]><\ud800>\x1f").decode()
    ET.fromstring(packet[packet.index("<x:xmpmeta") : packet.rindex("<?xpacket")])


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
def test_other_bytes_are_refused(format: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        with_xmp(b"something else entirely, long enough", b"x", format=format)


def test_avif_is_refused_with_what_to_use() -> None:
    with pytest.raises(CapabilityError, match="avif"):
        with_xmp(b"", b"", format="avif")
