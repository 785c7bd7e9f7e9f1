"""Makes pictures ready: reads the file, sees that it is the one that was planned, prepares and stores it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from affiche.errors import AfficheError, AssetError, StorageError
from affiche.imagine.canvas import Canvas
from affiche.imagine.extend import joined
from affiche.imagine.mend import enlarged, freed
from affiche.imagine.prepare import Prepared as PreparedPicture
from affiche.imagine.prepare import prepare
from affiche.imagine.stand import stood
from affiche.imagine.store import serialize
from affiche.plan.model import PictureStep
from affiche.ports import Blobs, Codec, Outcome, Pixels
from affiche.render.jobs import Prepared, PrepareJob, broken, raise_if_away
from affiche.render.record import info_data
from affiche.values.digest import Digest, digest_bytes
from affiche.values.geometry import Rect


def prepare_all(jobs: Sequence[PrepareJob], *, codec: Codec, blobs: Blobs) -> list[Prepared]:
    """One result per job, in order. Raises StorageError; whatever is wrong with a picture is its own result."""
    return [_prepared(job, codec, blobs) for job in jobs]


def _prepared(job: PrepareJob, codec: Codec, blobs: Blobs) -> Prepared:
    step = job.step
    try:
        return Prepared(key=step.key, outcome=_outcome(job, codec, blobs))
    except StorageError:
        raise
    except AfficheError as error:
        return Prepared(key=step.key, error=broken(error.code, f"{step.name}: {error.public}", error.hint))
    except Exception as error:  # noqa: BLE001 - decoders raise whatever they like; one picture must not stop the rest
        raise_if_away(error)
        return Prepared(key=step.key, error=broken("asset", f"{step.name} cannot be used ({type(error).__name__}: {error})"))


def _imagined(step: PictureStep, packshot: bytes, codec: Codec) -> tuple[PreparedPicture, bytes]:
    """A model's picture, or the packshot standing on it; and the bytes that it is made of."""
    if not step.made:
        raise AssetError("was not bought", hint="Build with a provider, or give the product a picture.")
    bought = Path(step.made).read_bytes()
    if step.wish is not None and step.wish.request.operation in ("remove-background", "upscale"):
        return _mended(step, step.wish.request.operation, packshot, codec.decode(bought), codec)
    if step.wish is not None and step.wish.canvas is not None:
        return _extended(step, step.wish.canvas, packshot, codec.decode(bought), codec)
    if not packshot:
        return prepare(bought, codec=codec, digest=step.key, focal_point=step.focal, whole=True), bought
    product = prepare(packshot, codec=codec, focal_point=step.focal)
    if product.info.kind != "cutout":
        raise AssetError("is no cut-out product: it cannot stand on a backdrop", hint="Give a packshot on white or transparency.")
    pixels, box = stood(codec.decode(bought), product.pixels)
    composed = codec.encode(pixels, format="png", quality=100)
    centre = ((box.x + box.width / 2) / pixels.shape[1], (box.y + box.height / 2) / pixels.shape[0])
    made = prepare(composed, codec=codec, digest=step.key, focal_point=centre, whole=True)
    info = replace(made.info, subject=box, keep=box, confidence=1.0, palette=product.info.palette or made.info.palette)
    return replace(made, info=info), composed


def _extended(
    step: PictureStep, canvas: Canvas, photo: bytes, answer: Pixels, codec: Codec
) -> tuple[PreparedPicture, bytes]:
    """The photograph with its own pixels in more canvas, and the bytes that it is made of. What matters in it stays known."""
    given = prepare(photo, codec=codec, focal_point=step.focal)
    pixels, box = joined(given.pixels, answer, canvas)
    scale, (height, width) = box.width / given.info.size.width, pixels.shape[:2]

    def moved(part: Rect | None) -> Rect | None:
        if part is None:
            return None
        return Rect(box.x + part.x * scale, box.y + part.y * scale, part.width * scale, part.height * scale)

    x, y = given.info.focal or (0.5, 0.5)
    focal = ((box.x + x * box.width) / width, (box.y + y * box.height) / height)
    composed = codec.encode(pixels, format="png", quality=100)
    made = prepare(composed, codec=codec, digest=step.key, focal_point=focal, whole=True)
    made_up = 1 - box.width * box.height / (width * height)
    told = f"The photograph was extended by a model: {made_up:.0%} of it is not photographed."
    info = replace(
        made.info, subject=moved(given.info.subject), keep=moved(given.info.keep) or box, confidence=given.info.confidence,
        focal_origin=given.info.focal_origin, notes=(*made.info.notes, told),
    )  # fmt: skip
    return replace(made, info=info), composed


def _mended(
    step: PictureStep, operation: str, given: bytes, answer: Pixels, codec: Codec
) -> tuple[PreparedPicture, bytes]:
    """The given picture, freed by a model's outline or enlarged, and the bytes that it is made of."""
    photo = codec.decode(given)
    if operation == "remove-background":
        pixels, told = freed(photo, answer), "Its outline was found by a model; every colour is the given picture's own."
    else:
        times = max(1, round(answer.shape[1] / photo.shape[1]))
        pixels, told = enlarged(photo, answer, times), f"Enlarged {times} times by a model: fine detail is not photographed."
    composed = codec.encode(pixels, format="png", quality=100)
    made = prepare(composed, codec=codec, digest=step.key, focal_point=step.focal)
    return replace(made, info=replace(made.info, notes=(*made.info.notes, told))), composed


def _read(file: str, digest: Digest) -> bytes:
    try:
        source = Path(file).read_bytes()
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror}") from error
    if digest_bytes(source) != digest:
        raise AssetError("was changed while it was being built", hint="Build again.")
    return source


def pictured(step: PictureStep, codec: Codec) -> tuple[PreparedPicture, bytes]:
    """The picture of a step ready to be drawn, and the bytes that it is made of. Raises AssetError."""
    if step.problem:
        raise AssetError(step.problem)
    source = _read(step.file, step.digest) if step.file else b""
    if step.wish is not None:
        return _imagined(step, source, codec)
    return prepare(source, codec=codec, role=step.role, focal_point=step.focal, digest=step.key), source


def _outcome(job: PrepareJob, codec: Codec, blobs: Blobs) -> Outcome:
    step = job.step
    made, source = pictured(step, codec)
    stored: dict[str, Digest] = {}
    if job.keep:
        stored["pixels"] = blobs.put(serialize(made, source))
    if job.keep and made.info.vector:
        stored["source"] = blobs.put(source)
    return Outcome(key=step.key, kind="imagine", blobs=stored, data=info_data(made.info))
