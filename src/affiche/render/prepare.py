"""Makes pictures ready: reads the file, sees that it is the one that was planned, prepares and stores it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from affiche.errors import AfficheError, AssetError, StorageError
from affiche.imagine import prepare, serialize
from affiche.ports import Blobs, Codec, Outcome
from affiche.render.jobs import Prepared, PrepareJob, broken
from affiche.render.record import info_data
from affiche.values.digest import Digest, digest_bytes


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
        return Prepared(key=step.key, error=broken("asset", f"{step.name} cannot be used ({type(error).__name__}: {error})"))


def _outcome(job: PrepareJob, codec: Codec, blobs: Blobs) -> Outcome:
    step = job.step
    if step.problem:
        raise AssetError(step.problem)
    try:
        source = Path(step.file).read_bytes()
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror}") from error
    if digest_bytes(source) != step.digest:
        raise AssetError("was changed while it was being built", hint="Build again.")
    made = prepare(source, codec=codec, role=step.role, focal_point=step.focal, digest=step.key)
    stored: dict[str, Digest] = {}
    if job.keep:
        stored["pixels"] = blobs.put(serialize(made, source))
    if job.keep and made.info.vector:
        stored["source"] = blobs.put(source)
    return Outcome(key=step.key, kind="imagine", blobs=stored, data=info_data(made.info))
