"""Raster files to oriented 8-bit sRGB RGBA. Pillow reads every header, libjpeg-turbo the pixels of JPEG and libspng of PNG.

Order matters: header -> limits -> pixels -> colour -> orientation. Nothing is decoded before its size is known.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyvips
import simplejpeg
from PIL import Image

from affiche.adapters.codec import colour, limits
from affiche.errors import AssetError
from affiche.ports import FileFacts, Pixels
from affiche.values.geometry import Size

_ORIENTATION = 274
_SIDEWAYS = (5, 6, 7, 8)


def facts(data: bytes, kind: str) -> FileFacts:
    """Format and size (as shown: after orientation) from the header."""
    with _opened(data, kind) as image:
        size = _shown_size(image, data)
        return FileFacts(
            format=kind, size=size, vector=False, frames=getattr(image, "n_frames", 1), profile=colour.profile_name(image)
        )


def pixels(data: bytes, kind: str) -> Pixels:
    """Shape (height, width, 4), sRGB, upright. Raises AssetError."""
    with _opened(data, kind) as image:
        limits.refuse_size(Size(width=image.width, height=image.height))
        turn = _orientation(image, data)
        if kind == "jpeg" and image.mode in ("RGB", "L"):
            rgba = colour.pixels_to_srgb(_jpeg_pixels(data), image.info.get("icc_profile"))
        elif kind == "png" and (plain := _png_pixels(data, image)) is not None:
            rgba = colour.pixels_to_srgb(plain, image.info.get("icc_profile"))
        else:
            image.load()
            rgba = colour.to_srgb(image, image.info.get("icc_profile"))
    return _upright(rgba, turn)


@contextmanager
def _opened(data: bytes, kind: str) -> Iterator[Image.Image]:
    # Pillow's own bomb warning would fire before our clearer message: it becomes an error that is translated below.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
                limits.refuse_size(Size(width=image.width, height=image.height))
                yield image
        except AssetError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as wrong:
            raise AssetError(f"The picture is too large to decode: {wrong}", hint="Scale it down.") from wrong
        except MemoryError as wrong:
            raise AssetError("The picture does not fit into memory.", hint="Scale it down.") from wrong
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, RuntimeError) as wrong:
            raise _damaged(kind, wrong) from wrong


def _damaged(kind: str, wrong: Exception) -> AssetError:
    text = str(wrong)
    name = {"jpeg": "JPEG", "webp": "WebP"}.get(kind, kind.upper())
    if any(word in text.lower() for word in ("truncat", "premature", "unexpected end", "eof", "not enough data")):
        return AssetError(f"The {name} file is cut off: its end is missing.", hint="Copy or download it again.")
    reason = text.splitlines()[0].replace("<_io.BytesIO object", "the file")[:120] if text else "it cannot be decoded"
    return AssetError(f"The {name} file is damaged ({reason}).", hint="Export the picture again.")


def _jpeg_pixels(data: bytes) -> Pixels:
    try:
        return np.asarray(simplejpeg.decode_jpeg(data, colorspace="RGBA"), np.uint8)
    except ValueError as strict:
        # libjpeg also reports harmless oddities (stray bytes after the end, odd markers); only missing data is fatal.
        if "remature" in str(strict) or "orrupt" in str(strict):
            raise
        return np.asarray(simplejpeg.decode_jpeg(data, colorspace="RGBA", strict=False), np.uint8)


def _png_pixels(data: bytes, image: Image.Image) -> Pixels | None:
    """The usual kind of PNG (8-bit true colour) by libspng, five times as fast as Pillow; None for all others.

    What libspng objects to is left to Pillow as well, which says better what is wrong.
    """
    depth, interlaced = data[24], data[28]
    if image.mode not in ("RGB", "RGBA") or depth != 8 or interlaced or "transparency" in image.info:
        return None
    try:
        return np.asarray(pyvips.Image.pngload_buffer(data, access="sequential", fail_on="warning").numpy(), np.uint8)
    except pyvips.Error:
        return None


#: A PNG that says nothing of Exif or XMP has no orientation.
_TURNED_PNG = (b"eXIf", b"exif", b"xmp")


def _orientation(image: Image.Image, data: bytes) -> int:
    # Pillow decodes a whole PNG to see what stands behind its pixels.
    if image.format == "PNG" and not any(mark in data for mark in _TURNED_PNG):
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return 1


def _shown_size(image: Image.Image, data: bytes) -> Size:
    sides = (image.height, image.width) if _orientation(image, data) in _SIDEWAYS else (image.width, image.height)
    return limits.refuse_size(Size(width=sides[0], height=sides[1]))


def _upright(rgba: Pixels, orientation: int) -> Pixels:
    turned = {
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, 1),
    }.get(orientation)
    return np.ascontiguousarray(turned(rgba) if turned else rgba)
