"""Rights: pictures brought in from outside, each with a record of where it came from and what may be done with it.

For pictures of tools without an official interface (Midjourney), of photographers and archives. The record is a text file
beside the picture (`yuzu.png` -> `yuzu.png.rights.toml`) and holds the picture's digest, so that a picture that was changed
afterwards is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from affiche.errors import AssetError, InputError, StorageError
from affiche.ports import Codec
from affiche.values.digest import digest_bytes
from affiche.values.rights import SUFFIX, Record, read_record, write_record
from affiche.values.slug import slug

#: Files of a folder that are looked at; everything else in it is left alone and named.
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff", ".svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a file of the folder: `state` is imported, unchanged or refused (`reason`)."""

    file: str
    state: str
    path: str = ""
    reason: str = ""


def bring_in(folder: Path, into: Path, like: Record, codec: Codec) -> list[Brought]:
    """Copies every picture of `folder` (not of folders in it) with a record as `like`. Raises InputError, StorageError.

    The same picture is not brought in twice; another picture of the same name gets a name of its own.
    """
    if not folder.is_dir():
        raise InputError(f"{str(folder)!r} is no folder")
    try:
        into.mkdir(parents=True, exist_ok=True)
        known = {record.sha256: path for path, record in records(into) if record is not None}
        return [_one(file, into, like, codec, known) for file in sorted(folder.iterdir()) if file.is_file()]
    except OSError as error:
        raise StorageError(f"{error.filename}: {error.strerror}") from error


def records(folder: Path) -> Iterator[tuple[Path, Record | None]]:
    """Every picture of `folder` with its record; None without one. Raises InputError when a record cannot be read."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in _PICTURES:
            yield path, record_of(path)


def record_of(picture: Path) -> Record | None:
    """The record beside `picture`. Raises InputError when it cannot be read."""
    path = picture.with_name(picture.name + SUFFIX)
    if not path.is_file():
        return None
    try:
        return read_record(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: {error}", hint="import the picture again, or mend the file") from None


def state_of(picture: Path, record: Record | None) -> str:
    """`recorded`, `altered` since it was recorded, or `unrecorded`."""
    if record is None:
        return "unrecorded"
    return "recorded" if digest_bytes(picture.read_bytes()) == record.sha256 else "altered"


def _one(file: Path, into: Path, like: Record, codec: Codec, known: dict[str, Path]) -> Brought:
    if file.suffix.lower() not in _PICTURES:
        return Brought(file=file.name, state="refused", reason="not a picture by its name")
    data = file.read_bytes()
    try:
        facts = codec.inspect(data)
    except AssetError as error:
        return Brought(file=file.name, state="refused", reason=str(error))
    digest = digest_bytes(data)
    if digest in known:
        return Brought(file=file.name, state="unchanged", path=str(known[digest]))
    name = slug(file.stem, fallback="picture")
    suffix = "jpg" if facts.format == "jpeg" else facts.format
    path = into / f"{name}.{suffix}"
    if path.exists():
        path = into / f"{name}-{digest[:8]}.{suffix}"
    record = {**asdict(like), "sha256": digest, "original": file.name}
    # The record first: a picture without one must never lie there because of an interruption.
    _write(path.with_name(path.name + SUFFIX), write_record(record).encode())
    _write(path, data)
    known[digest] = path
    return Brought(file=file.name, state="imported", path=str(path))


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
