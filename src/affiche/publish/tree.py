"""The output tree: where files go, how they get there, and what may be taken away again.

    <campaign>/<product>/<ratio>/<campaign>_<product>_<locale>_<placement>_<variant>.<ext>

Theory of operation. Every file is written whole into the staging folder `.affiche` of the campaign and then
renamed, so that no half-written file is ever visible. Outputs are copies of blobs, never links: editing an
output must not alter the blob that repairs it. Affiche touches only what it made: the files named by the last
manifest or by the journal, which says what a run is about to make and survives a crash. Somebody else's file
that stands in the way is renamed, not lost. `manifest.py` holds what a finished run made; `slugs.py` the names.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from affiche.errors import StorageAway, StorageError
from affiche.ports import Blobs, FileFormat
from affiche.publish.model import PublishedFile
from affiche.publish.slugs import is_safe, short_digest, slug

STAGING = ".affiche"
_JOURNAL = "journal.json"
_EXTENSIONS: dict[FileFormat, str] = {"png": "png", "jpeg": "jpg", "webp": "webp", "avif": "avif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputName:
    """What a file is called after. `part` tells several files of one creative and format apart."""

    product: str
    ratio: str
    locale: str
    placement: str
    variant: str
    format: FileFormat
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A file as it was left: contents and the two cheap signs that they were not touched. `mtime_ns` 0 = unknown."""

    sha256: str
    bytes: int
    mtime_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What placing did. `stamps` of all files by path; the lists hold paths."""

    stamps: Mapping[str, Stamp]
    written: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()


def campaign_folder(out_dir: Path, campaign: str) -> Path:
    """Where a campaign is published."""
    return out_dir / slug(campaign)


def output_paths(campaign: str, names: Sequence[OutputName]) -> tuple[str, ...]:
    """The paths of `names` relative to the campaign folder, in their order; no two are equal, in any letter case.

    A name that needs no change keeps its plain path; names that would only meet after slugging get a digest suffix.
    Raises ValueError when the same name is given twice.
    """
    if len(set(names)) != len(names):
        raise ValueError("the same creative is named twice")
    plain = {name: _path(campaign, name, "") for name in names}
    meeting: dict[str, list[OutputName]] = {}
    for name, path in plain.items():
        meeting.setdefault(path.casefold(), []).append(name)
    for group in meeting.values():
        ranked = sorted(group, key=lambda n: (not _is_exact(n), repr(n)))
        keeps_plain = len(group) == 1 or _is_exact(ranked[0])
        for name in ranked[keeps_plain:]:
            plain[name] = _path(campaign, name, f"-{short_digest(repr(name))}")
    return tuple(plain[name] for name in names)


def _path(campaign: str, name: OutputName, suffix: str) -> str:
    product, ratio = slug(name.product), slug(name.ratio, limit=12)
    parts = [slug(campaign), product, slug(name.locale, limit=20, lower=False), slug(name.placement)]
    parts += [slug(p, limit=16) for p in (name.variant, name.part) if p]
    return f"{product}/{ratio}/{'_'.join(parts)}{suffix}.{_EXTENSIONS[name.format]}"


def _is_exact(name: OutputName) -> bool:
    """Whether slugging changes nothing that tells this name from another."""
    return slug(name.locale, limit=20, lower=False) == name.locale and all(
        slug(part) == part for part in (name.product, name.placement, name.variant) if part
    )


def place(folder: Path, files: Iterable[PublishedFile], blobs: Blobs, known: Mapping[str, Stamp]) -> Placed:
    """Makes `files` stand in `folder` with exactly their bytes; a file that `known` shows untouched costs one `stat`.

    Raises StorageError when a blob is missing, the disk is full or a part of the path leads out of the folder.
    """
    stamps: dict[str, Stamp] = {}
    written: list[str] = []
    repaired: list[str] = []
    folders: set[str] = set()
    for file in files:
        before = known.get(file.path)
        stamp = intact(folder, file, before)
        if stamp is None:
            stood = before is not None and before.sha256 == file.sha256 and before.mtime_ns
            (repaired if stood else written).append(file.path)
            # A blob comes with the bytes of its name, or not at all.
            stamp = write(folder, file.path, blobs.get(file.blob), folders, sha256=file.blob)
        stamps[file.path] = stamp
    return Placed(stamps=stamps, written=tuple(written), repaired=tuple(repaired))


def intact(folder: Path, file: PublishedFile, known: Stamp | None) -> Stamp | None:
    """The stamp of `file` when it stands in `folder` with its bytes; None when it is missing or differs."""
    if known is not None and known.sha256 == file.sha256 and untouched(folder, file.path, known):
        return known
    target = os.path.join(folder, file.path)
    try:
        found = os.lstat(target)
        if not stat.S_ISREG(found.st_mode) or found.st_size != file.bytes or _digest_of(Path(target)) != file.sha256:
            return None
    except OSError:
        return None
    return Stamp(sha256=file.sha256, bytes=file.bytes, mtime_ns=found.st_mtime_ns)


def untouched(folder: Path, path: str, stamp: Stamp) -> bool:
    """Whether a file still has the size and time of its stamp (one `stat`, nothing is read)."""
    try:
        found = os.lstat(os.path.join(folder, path))
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == stamp.bytes and found.st_mtime_ns == stamp.mtime_ns


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(
    folder: Path, path: str, data: bytes, made: set[str] | None = None, *, durable: bool = False, sha256: str = ""
) -> Stamp:
    """Writes `data` to `path` in one visible step. `made` remembers the folders that are known to be there.

    `sha256` when it is known. `durable` waits for the disk: for the manifest alone, because outputs that a power cut
    empties are seen and mended.
    """

    def fill(staged: str) -> None:
        with open(staged, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())

    return _written(folder, path, fill, sha256 or hashlib.sha256(data).hexdigest(), set() if made is None else made)


def write_by(folder: Path, path: str, fill: Callable[[Path], object]) -> Stamp:
    """Like `write` for what is too large for memory: `fill` writes the staged file."""
    return _written(folder, path, lambda staged: fill(Path(staged)), "", set())


def _written(folder: Path, path: str, fill: Callable[[str], object], sha256: str, made: set[str]) -> Stamp:
    """`sha256` "" = not known. Names and not paths: making a path of parts costs as much as writing a small file."""
    if not is_safe(path):
        raise StorageError(f"{path!r} is not a path inside the output folder")
    target, staged = os.path.join(folder, path), os.path.join(folder, STAGING, short_digest(path))
    try:
        _make_folder(folder, os.path.dirname(target), made)
        fill(staged)
        if os.path.isdir(target) and not os.path.islink(target):
            set_aside(folder, path)
        os.replace(staged, target)
        found = os.stat(target)
        sha256 = sha256 or _digest_of(Path(target))
    except OSError as error:
        raise StorageAway(f"cannot write {target}: {error.strerror}", hint="Is the disk full or read-only?") from error
    return Stamp(sha256=sha256, bytes=found.st_size, mtime_ns=found.st_mtime_ns)


def _make_folder(folder: Path, parent: str, made: set[str]) -> None:
    """Makes `parent`; refuses one that a link takes out of the campaign folder: it would be written through."""
    if parent in made:
        return
    os.makedirs(parent, exist_ok=True)
    if not Path(parent).resolve().is_relative_to(folder.resolve()):
        hint = "Remove the link or choose another --out."
        raise StorageError(f"{parent} is a link that leads out of {folder}", hint=hint)
    made.add(parent)


def make_way(
    folder: Path, files: Iterable[PublishedFile], pages: Iterable[str], known: Mapping[str, Stamp]
) -> tuple[str, ...]:
    """Sets aside what stands where files will be made and Affiche did not make; the new paths.

    Done before the journal claims those paths, so that a crash in between cannot make somebody's file look like ours.
    """
    taken = [f.path for f in files if f.path not in known and intact(folder, f, None) is None]
    taken += [path for path in pages if path not in known]
    return tuple(set_aside(folder, path) for path in taken if os.path.lexists(folder / path))


def set_aside(folder: Path, path: str) -> str:
    """Renames a file that Affiche did not make out of the way; returns its new path."""
    stem, dot, suffix = path.rpartition(".")
    for number in range(1, 10_000):
        other = f"{stem} (kept {number}){dot}{suffix}" if dot else f"{path} (kept {number})"
        if not os.path.lexists(folder / other):
            (folder / path).rename(folder / other)
            return other
    raise StorageError(f"{folder / path} is in the way", hint="Move it elsewhere.")


def is_unfinished(folder: Path) -> bool:
    """Whether a run began here and did not end."""
    return (folder / STAGING).exists()


def begin(folder: Path, ours: Mapping[str, str]) -> None:
    """Starts a run: a clean staging folder, and the journal of what is ours from now on (path -> sha256 or "")."""
    staging = folder / STAGING
    try:
        staging.mkdir(parents=True, exist_ok=True)
        for leftover in staging.iterdir():
            if leftover.name != _JOURNAL:
                leftover.unlink()
        draft = staging / "journal.new"
        draft.write_text(json.dumps(dict(ours)))
        draft.replace(staging / _JOURNAL)
    except OSError as error:
        raise StorageAway(f"cannot write to {folder}: {error.strerror}", hint="Choose another --out.") from error


def unfinished(folder: Path) -> dict[str, Stamp]:
    """What a run that did not finish had made or was about to make."""
    return {path: Stamp(sha256=sha, bytes=0) for path, sha in _journal(folder).items() if is_safe(path)}


def _journal(folder: Path) -> dict[str, str]:
    try:
        data = json.loads((folder / STAGING / _JOURNAL).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}


def remove(folder: Path, stale: Mapping[str, Stamp]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Removes files that Affiche made and no longer names, and folders that this empties: (removed, left).

    A file that was changed since is somebody's work now: it is left, and said so.
    """
    removed, left = [], []
    for path, stamp in sorted(stale.items()):
        target = folder / path
        if not is_safe(path) or not os.path.lexists(target):
            continue
        if target.is_symlink() or not target.is_file() or not _is_ours(folder, path, stamp):
            left.append(path)
            continue
        target.unlink()
        removed.append(path)
        _remove_empty(folder, target.parent)
    return tuple(removed), tuple(left)


def _is_ours(folder: Path, path: str, stamp: Stamp) -> bool:
    """Whether a file that a manifest or the journal names is as it was made (the journal does not know pages beforehand)."""
    return not stamp.sha256 or untouched(folder, path, stamp) or _digest_of(folder / path) == stamp.sha256


def _remove_empty(folder: Path, parent: Path) -> None:
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent


def finish(folder: Path) -> None:
    """Ends a run: the journal and the staging folder go."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)
