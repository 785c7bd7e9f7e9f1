"""The recipe from a file's bytes to a prepared picture: upright sRGB, cut out or known to be a photo, measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from affiche.errors import AssetError
from affiche.imagine import edge, focal, lettering, look, matte
from affiche.ports import Codec, PictureInfo, Pixels
from affiche.values.digest import Digest, digest_bytes
from affiche.values.geometry import Rect, Size

#: Longest side kept, px: the widest still placement is 3840.
MAX_SIDE = 3840
#: Longest side to which a vector is drawn before it is trimmed, px.
_MAX_VECTOR = 6000
#: Alpha up to this is a halo nobody sees.
_FAINT = 10
#: A cut-out has at least this share of invisible px (round corners of a screenshot have less).
_CUTOUT_SHARE = 0.04

Role = Literal["picture", "logo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A picture ready to be drawn. `untouched` means that decoding the source gives exactly `pixels`."""

    info: PictureInfo
    pixels: Pixels
    untouched: bool = False


def prepare(
    data: bytes, *, codec: Codec, role: Role = "picture", focal_point: tuple[float, float] | None = None,
    digest: Digest | None = None, whole: bool = False,
) -> Prepared:  # fmt: skip
    """`focal_point` is the client's own, fractions of the picture; `whole` pictures are photographs whatever they look like.

    Raises AssetError with what is wrong and what to do.
    """
    facts = codec.inspect(data)
    decoded = codec.decode(data)
    pixels = _limited(decoded)
    kind, pixels, notes = ("photo", pixels, ()) if whole else _classified(pixels, role, facts.vector)
    pixels, focal_point = _trimmed(pixels, focal_point) if kind != "photo" else (pixels, focal_point)
    small = look.proxy(pixels)
    look.refuse_blank(small)
    seen = _attention(kind, pixels, focal_point)
    darks, lights = look.tones(pixels)
    info = PictureInfo(
        digest=digest or digest_bytes(data),
        kind=kind,
        size=Size(width=pixels.shape[1], height=pixels.shape[0]),
        bounds=Rect(0.0, 0.0, float(pixels.shape[1]), float(pixels.shape[0])),
        focal=seen.point,
        focal_origin=seen.origin,
        luminance=look.luminance(small),
        palette=look.palette(small),
        notes=notes,
        vector=facts.vector,
        darks=darks,
        lights=lights,
        subject=_on(pixels, seen.subject),
        keep=_on(pixels, seen.keep),
        confidence=seen.confidence,
    )
    return Prepared(info=info, pixels=pixels, untouched=pixels is decoded)


def redrawn(data: bytes, *, codec: Codec, kind: str, size: Size) -> Pixels:
    """A vector file as `prepare` made it (freed, trimmed), and as large as `size` after the trim where that is possible.

    So a mark in the middle of a large artboard is as crisp as one that fills it. Raises AssetError.
    """
    role: Role = "logo" if kind == "logo" else "picture"
    pixels = codec.decode(data)
    _, cut, _ = _classified(pixels, role, vector=True)
    cut, _ = _trimmed(cut, None)
    factor = max(size.width / cut.shape[1], size.height / cut.shape[0])
    height, width = (min(_MAX_VECTOR, round(side * factor)) for side in pixels.shape[:2])
    if factor > 1:
        _, cut, _ = _classified(codec.rasterise(data, Size(width=width, height=height)), role, vector=True)
        cut, _ = _trimmed(cut, None)
    return cut


def _attention(kind: str, pixels: Pixels, given: tuple[float, float] | None) -> focal.Attention:
    if kind == "photo":
        return focal.found(pixels, given)
    return focal.Attention(point=given, origin="given" if given else "centre")


def _on(pixels: Pixels, box: Rect | None) -> Rect | None:
    """Fractions to px."""
    height, width = pixels.shape[:2]
    if box is None:
        return None
    return Rect(round(box.x * width, 1), round(box.y * height, 1), round(box.width * width, 1), round(box.height * height, 1))


def _limited(pixels: Pixels) -> Pixels:
    longest = max(pixels.shape[:2])
    if longest <= MAX_SIDE:
        return pixels
    size = tuple(max(1, round(side * MAX_SIDE / longest)) for side in pixels.shape[1::-1])
    small = np.asarray(cv2.resize(edge.premultiplied(pixels), size, interpolation=cv2.INTER_AREA), np.uint8)
    return small if _is_opaque(pixels) else edge.unmultiplied(small)


def _classified(
    pixels: Pixels, role: Role, vector: bool
) -> tuple[Literal["cutout", "photo", "logo"], Pixels, tuple[str, ...]]:
    kind: Literal["cutout", "logo"] = "logo" if role == "logo" else "cutout"
    if not _is_opaque(pixels):
        invisible = float((pixels[..., 3] < 128).mean())
        if vector or role == "logo" or invisible >= _CUTOUT_SHARE:
            return kind, pixels, ()
        return "photo", _flattened(pixels), ("The picture is slightly transparent; it was laid on white.",)
    if role == "logo":
        freed = lettering.freed(pixels)
        return "logo", pixels if freed is None else freed, () if freed is None else ("The logo was freed from its plain ground.",)
    result = matte.cut_out(pixels)
    if result.pixels is not None:
        return "cutout", result.pixels, (result.note,)
    return "photo", pixels, (result.note,) if result.note else ()


def _is_opaque(pixels: Pixels) -> bool:
    return bool(pixels[..., 3].min() == 255)


def _flattened(pixels: Pixels) -> Pixels:
    alpha = pixels[..., 3:].astype(np.float32) / 255
    out = np.full_like(pixels, 255)
    out[..., :3] = np.rint(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return out


def _trimmed(pixels: Pixels, point: tuple[float, float] | None) -> tuple[Pixels, tuple[float, float] | None]:
    """Cut to what is visible; a given focal point keeps its place in the picture."""
    visible = pixels[..., 3] > _FAINT
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    if rows.size == 0:
        raise AssetError("The picture is completely transparent.", hint="Export it again with its layers visible.")
    x0, x1, y0, y1 = int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1
    cut = np.ascontiguousarray(pixels[y0:y1, x0:x1])
    if point is None:
        return cut, None
    height, width = pixels.shape[:2]
    moved = ((point[0] * width - x0) / (x1 - x0), (point[1] * height - y0) / (y1 - y0))
    return cut, (min(1.0, max(0.0, moved[0])), min(1.0, max(0.0, moved[1])))
