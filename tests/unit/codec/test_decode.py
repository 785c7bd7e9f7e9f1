"""Good files of every kind come out upright, in sRGB, with 8 bits and alpha."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from affiche.adapters.codec import FileCodec
from affiche.values.geometry import Size

CODEC = FileCodec()


def saved(image: Image.Image, format: str, **settings) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **settings)
    return out.getvalue()


def corners() -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right; 24 x 16."""
    pixels = np.zeros((16, 24, 3), np.uint8)
    pixels[:8, :12], pixels[:8, 12:], pixels[8:, :12], pixels[8:, 12:] = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
    return Image.fromarray(pixels)


def names(pixels: np.ndarray) -> str:
    """The colours of the four corners."""
    height, width = pixels.shape[:2]
    places = ((2, 2), (2, width - 3), (height - 3, 2), (height - 3, width - 3))
    key = {(1, 0, 0): "R", (0, 1, 0): "G", (0, 0, 1): "B", (1, 1, 1): "W"}
    return "".join(key[tuple(int(v > 127) for v in pixels[y, x, :3])] for y, x in places)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "AVIF", "GIF", "TIFF"])
def test_every_format_is_read(format):
    pixels = CODEC.decode(saved(corners(), format, **({"quality": 95} if format in ("JPEG", "WEBP", "AVIF") else {})))
    assert pixels.shape == (16, 24, 4) and pixels.flags.c_contiguous
    assert names(pixels) == "RGBW" and pixels[..., 3].min() == 255


@pytest.mark.parametrize(
    ("orientation", "expected"), [(1, "RGBW"), (2, "GRWB"), (3, "WBGR"), (4, "BWRG"), (5, "RBGW"), (6, "BRWG"), (7, "WGBR"), (8, "GWRB")]
)
def test_orientation_is_applied(orientation, expected):
    exif = Image.Exif()
    exif[274] = orientation
    data = saved(corners(), "JPEG", quality=95, exif=exif.tobytes())
    pixels = CODEC.decode(data)
    assert names(pixels) == expected
    facts = CODEC.inspect(data)
    assert (facts.size.width, facts.size.height) == (pixels.shape[1], pixels.shape[0])


def test_sixteen_bit_grey_is_scaled_not_clipped():
    grey = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    pixels = CODEC.decode(saved(Image.fromarray(grey), "PNG"))
    assert pixels[0, 0, 0] == 0 and pixels[-1, -1, 0] == 255 and abs(int(pixels[8, 0, 0]) - 128) <= 1


def test_palette_transparency_becomes_alpha():
    image = Image.new("P", (8, 8), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((3, 3), 1)
    pixels = CODEC.decode(saved(image, "PNG", transparency=0))
    assert pixels[0, 0, 3] == 0 and tuple(pixels[3, 3]) == (0, 0, 255, 255)


def test_cmyk_without_profile_keeps_its_hues():
    pixels = CODEC.decode(saved(corners().convert("CMYK"), "JPEG", quality=95))
    assert names(pixels) == "RGBW"


def test_a_profile_is_converted_to_srgb():
    # Red and green exchanged by a profile made of swapped primaries: a wide-gamut stand-in that needs no file.
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    mixed = bytearray(swapped)
    mixed[red : red + 4], mixed[green : green + 4] = b"gXYZ", b"rXYZ"
    mixed = bytes(mixed).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be")).replace(b"sRGB built-in", b"test built-in")
    assert names(CODEC.decode(saved(corners(), "PNG", icc_profile=mixed))) == "GRBW"


def test_a_broken_profile_is_ignored():
    assert names(CODEC.decode(saved(corners(), "PNG", icc_profile=b"not a profile"))) == "RGBW"


def test_the_first_frame_of_an_animation_is_used():
    data = saved(corners(), "GIF", save_all=True, append_images=[Image.new("RGB", (24, 16), "black")])
    assert names(CODEC.decode(data)) == "RGBW" and CODEC.inspect(data).frames == 2


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="15" height="10" fill="#00f"/></svg>'


def test_svg_is_drawn_as_large_as_asked_with_its_proportions():
    pixels = CODEC.rasterise(SVG, Size(width=300, height=300))
    assert pixels.shape == (100, 300, 4)
    assert tuple(pixels[50, 40]) == (0, 0, 255, 255) and pixels[50, 260, 3] == 0
    assert CODEC.inspect(SVG).vector


def test_svg_style_sheets_symbols_and_gradients_are_drawn():
    body = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><style>.a{fill:url(#g)}</style>'
        b'<defs><linearGradient id="g"><stop stop-color="#0f0"/></linearGradient><symbol id="s"><rect class="a" width="20" height="10"/>'
        b'</symbol></defs><use href="#s"/></svg>'
    )
    assert tuple(CODEC.decode(body)[5, 5]) == (0, 255, 0, 255)
