"""Hostile picture files: each is refused before it does harm, with an error that says what is wrong."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from affiche.adapters.codec import FileCodec, limits
from affiche.errors import AssetError

CODEC = FileCodec()


def picture(size=(64, 48), mode="RGB", format="PNG", **settings) -> bytes:
    rng = np.random.default_rng(5)
    image = Image.fromarray(rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)).convert(mode)
    out = io.BytesIO()
    image.save(out, format, **settings)
    return out.getvalue()


def png_saying(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims a huge size."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def refusal(data: bytes) -> AssetError:
    with pytest.raises(AssetError) as caught:
        CODEC.decode(data)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("size", [(50_000, 50_000), (30_000, 10), (9_000, 9_000)])
def test_a_bomb_is_refused_by_its_header(size):
    assert f"{size[0]}x{size[1]}" in str(refusal(png_saying(*size))) or "too large" in str(refusal(png_saying(*size)))


def test_a_bomb_is_refused_by_inspect_too():
    with pytest.raises(AssetError, match="megapixels|too large"):
        CODEC.inspect(png_saying(20_000, 20_000))


def test_a_file_larger_than_the_limit_is_not_opened(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    assert "MB" in str(refusal(picture((200, 200))))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "GIF"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_cut_off_file_is_named(format, share):
    data = picture((200, 160), format=format)
    error = str(refusal(data[: int(len(data) * share)]))
    assert "cut off" in error or "damaged" in error


def test_a_cut_off_jpeg_says_cut_off():
    data = picture((300, 200), format="JPEG", quality=95)
    assert "cut off" in str(refusal(data[: len(data) // 2]))


def test_nothing_at_all():
    assert "empty" in str(refusal(b""))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"8BPS\0\1rest of it", "Photoshop"),
        (b"%PDF-1.7 rest", "PDF"),
        (b"\0\0\0\x18ftypheic....", "HEIC"),
        (b"PK\x03\x04....", "ZIP"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"just some words", "not a picture"),
    ],
)
def test_other_files_are_called_by_their_name(data, word):
    assert word in str(refusal(data))


def test_a_lying_extension_does_not_matter():
    assert CODEC.inspect(picture(format="JPEG")).format == "jpeg"


@pytest.mark.parametrize("seed", range(40))
def test_bit_flips_never_escape_as_other_exceptions(seed):
    rng = np.random.default_rng(seed)
    format = ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "AVIF"][seed % 6]
    data = bytearray(picture((80, 60), format=format))
    for at in rng.integers(8, len(data), 12):
        data[at] = rng.integers(0, 256)
    try:
        pixels = CODEC.decode(bytes(data))
    except AssetError:
        return
    assert pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 4


def svg(body: str, attributes: str = 'width="40" height="20"', prolog: str = "") -> bytes:
    return f'{prolog}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{body}</svg>'.encode()


RECT = '<rect id="r" width="10" height="10" fill="#f00"/>'


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (svg(RECT + "<script>alert(1)</script>"), "script"),
        (svg('<rect width="9" height="9" onload="go()"/>'), "onload"),
        (svg(RECT + "<foreignObject><p/></foreignObject>"), "foreignObject"),
        (svg('<image href="http://example.org/a.png" width="9" height="9"/>'), "outside"),
        (svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>'), "outside"),
        (svg('<image href="secret.png" width="9" height="9"/>'), "outside"),
        (svg('<use href="other.svg#a"/>'), "outside"),
        (svg('<rect width="9" height="9" style="fill:url(http://example.org/x)"/>'), "outside"),
        (svg('<style>@import "http://example.org/x.css";</style>' + RECT), "outside"),
        (svg('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>'), "outside"),
        (svg(RECT, prolog='<!DOCTYPE svg [<!ENTITY a "b">]>'), "entities"),
        (svg(RECT, prolog='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities"),
        (svg("<g>" * 500 + "</g>" * 500), "complex"),
        (svg(RECT * 50_000), "complex"),
        (svg('<g id="a"><use href="#a"/></g>'), "circle"),
        (svg("<rect"), "well-formed"),
        (svg(RECT, 'width="1e9" height="1"'), "units"),
        (svg(""), "draws nothing"),
        (svg("<text x='1' y='9'>VERDE</text>"), "live text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_svg_is_refused_for(data, word):
    assert word in str(refusal(data))


def test_svg_that_unfolds_without_end_is_refused():
    levels = "".join(f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
    assert "unfolds" in str(refusal(svg(f'<rect id="l0" width="1" height="1"/>{levels}<use href="#l11"/>')))


def test_svg_picture_bomb_inside_is_refused():
    import base64

    inner = base64.b64encode(png_saying(30_000, 30_000)).decode()
    with pytest.raises(AssetError):
        CODEC.inspect(svg(f'<image href="data:image/png;base64,{inner}" width="9" height="9"/>'))
