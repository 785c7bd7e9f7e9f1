"""Any Pillow mode and ICC profile to 8-bit sRGB RGBA."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageCms

from affiche.errors import AssetError
from affiche.ports import Pixels

_RGBA_LIKE = ("P", "LA", "La", "PA", "RGBa", "RGBX", "1", "L", "RGB", "HSV", "YCbCr")
_SRGB = ImageCms.createProfile("sRGB")


def profile_name(image: Image.Image) -> str:
    """The description of the embedded ICC profile, `""` when there is none or it is broken."""
    data = image.info.get("icc_profile")
    profile = _profile(data) if data else None
    return ImageCms.getProfileDescription(profile).strip() if profile else ""


def to_srgb(image: Image.Image, icc: bytes | None) -> Pixels:
    """Shape (h, w, 4) uint8. A broken or unfitting profile is ignored (the numbers are then taken as sRGB)."""
    profile = _profile(icc) if icc else None
    if image.mode == "CMYK":
        return _rgba(_converted(image, profile) or image.convert("RGB"))
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _rgba(_converted(image, lab) or Image.new("RGB", image.size))
    image, other = _eight_bit(image), _other_than_srgb(profile)
    return _through_profile(image, other) if other else _rgba(image)


def pixels_to_srgb(pixels: Pixels, icc: bytes | None) -> Pixels:
    """The same for decoded pixels (h, w, 3 or 4): mostly they are returned as they are, which spares three copies."""
    other = _other_than_srgb(_profile(icc) if icc else None)
    if other:
        return _through_profile(Image.fromarray(pixels), other)
    return pixels if pixels.shape[2] == 4 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA), np.uint8)


def _other_than_srgb(profile: ImageCms.ImageCmsProfile | None) -> ImageCms.ImageCmsProfile | None:
    return None if profile is None or "srgb" in ImageCms.getProfileDescription(profile).lower() else profile


def _profile(data: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, ImageCms.PyCMSError):
        return None


def _eight_bit(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits and floats scaled to 8 bits (Pillow would clip them to white)."""
    if image.mode.startswith("I;16") or image.mode == "I":
        values = np.asarray(image, np.int64)
        return Image.fromarray(((values.clip(0, 65535) + 128) // 257).astype(np.uint8))
    if image.mode == "F":
        values = np.nan_to_num(np.asarray(image, np.float64), nan=0.0, posinf=1.0, neginf=0.0)
        top = 1.0 if values.max(initial=0.0) <= 1.0 else 255.0 if values.max() <= 255.0 else 65535.0
        return Image.fromarray((values.clip(0, top) * (255 / top) + 0.5).astype(np.uint8))
    if image.mode not in (*_RGBA_LIKE, "RGBA"):
        raise AssetError(f"Pictures in colour mode {image.mode} are not read.", hint="Export it as RGB or CMYK.")
    return image


def _through_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Pixels:
    grey = image.mode in ("L", "1") and profile.profile.xcolor_space.strip() == "GRAY"
    rgba = _rgba(image)
    source = image.convert("L") if grey else Image.fromarray(rgba[..., :3])
    shown = _converted(source, profile)
    if shown is not None:
        rgba[..., :3] = np.asarray(shown)
    return rgba


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image | None:
    if profile is None:
        return None
    try:
        # Relative colorimetric with black point compensation: what Photoshop does by default.
        return ImageCms.profileToProfile(
            image, profile, _SRGB, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, ValueError):
        return None


def _rgba(image: Image.Image) -> Pixels:
    # `np.array` copies: the result must not share memory with a Pillow image that may be closed.
    return np.array(image if image.mode == "RGBA" else image.convert("RGBA"), np.uint8)
