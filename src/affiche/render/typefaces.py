"""Makes a brand's fonts ready: examined and converted in a render process, remembered by what they were made from.

Recipe (`wire.py` follows it): `font_jobs` names the work, `Shelf` holds what was made before, `examine_all` makes the rest in
a render process with a time limit, `problems_of` says what cannot be used, `dressed` gives the brand its faces.
`show_faces` registers them with the text engine of the process it runs in. Parsing is typeset's (`ingest.py`); here are only
files, blobs and the border between processes.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from affiche.brand.model import Brand, Face, FontFile
from affiche.compose.typeset import fonts, ingest
from affiche.errors import AfficheError, AssetError, StorageError
from affiche.ports import Blobs
from affiche.values.digest import Digest, digest, digest_bytes
from affiche.values.problem import Problem, Where

#: A CJK font takes 3 seconds; what takes longer than this does not end.
MAX_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FontJob:
    """A font file to examine. `weight` 0 = as the file says; of a variable font the `wanted` weights are made."""

    key: Digest
    file: str
    digest: Digest
    family: str
    weight: int
    wanted: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What became of a font file: faces under the family that the brand calls them, or why it cannot be used."""

    key: Digest
    faces: tuple[Face, ...] = ()
    problem: str = ""
    hint: str = ""


class Shelf:
    """What was made of font files, in a folder: one small JSON file per key. What cannot be read is made again."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self._folder, self._blobs = folder, blobs

    def find(self, key: Digest) -> Examined | None:
        try:
            rows = json.loads((self._folder / f"{key}.json").read_text("utf-8"))
            faces = tuple(Face(**{**row, "scripts": tuple(row["scripts"])}) for row in rows)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return Examined(key=key, faces=faces) if all(self._blobs.has(face.data) for face in faces) else None

    def keep(self, made: Examined) -> None:
        """Refusals are not kept: the next run looks again. Raises StorageError."""
        if made.problem:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = self._folder / f"{made.key}.{threading.get_native_id()}.new"
            fresh.write_text(json.dumps([asdict(face) for face in made.faces]), "utf-8")
            fresh.replace(self._folder / f"{made.key}.json")
        except OSError as error:
            raise StorageError(f"what was made of a font cannot be stored: {error.strerror}") from error


def font_jobs(files: Sequence[tuple[FontFile, Path]], brand: Brand, toolchain: Digest) -> list[FontJob]:
    """A job per file. Its key holds the file's content, so that a changed file is another font."""
    wanted = tuple(sorted({brand.display.weight, brand.text.weight, max(600, brand.text.weight)}))
    jobs = []
    for font, path in files:
        try:
            content = digest_bytes(path.read_bytes())
        except OSError:
            content = Digest("")
        key = digest("font", toolchain, content, font.family, font.weight, () if font.weight else wanted)
        jobs.append(
            FontJob(key=key, file=str(path.absolute()), digest=content, family=font.family, weight=font.weight, wanted=wanted)
        )
    return jobs


def problems_of(jobs: Sequence[FontJob], examined: Mapping[Digest, Examined], file: str) -> tuple[Problem, ...]:
    """What cannot be used, each with its place in the brand file."""
    return tuple(
        Problem(
            severity="error", code="font.unusable", where=Where(file=file, pointer=f"fonts[{number}].file"),
            message=f"the font {Path(job.file).name!r} {examined[job.key].problem}", hint=examined[job.key].hint,
        )
        for number, job in enumerate(jobs)
        if examined[job.key].problem
    )  # fmt: skip


def dressed(brand: Brand, examined: Sequence[Examined]) -> Brand:
    """The brand with its faces, under family names that are unique to their files; its type roles ask for those."""
    families: dict[str, list[Face]] = {}
    for made in examined:
        for face in made.faces:
            families.setdefault(face.family.casefold(), []).append(face)
    names = {key: fonts.family_name(group[0].family, (f"{f.weight} {f.data}" for f in group)) for key, group in families.items()}
    faces = tuple(replace(face, family=names[key]) for key, group in families.items() for face in group)
    display, text = (
        replace(role, family=names.get(role.family.casefold(), role.family)) for role in (brand.display, brand.text)
    )
    return replace(brand, faces=faces, display=display, text=text)


def examine_all(jobs: Sequence[FontJob], *, blobs: Blobs) -> list[Examined]:
    """One result per job, in order; runs in a render process. Raises StorageError."""
    return [_examined(job, blobs) for job in jobs]


def _examined(job: FontJob, blobs: Blobs) -> Examined:
    try:
        with _deadline(MAX_SECONDS):
            made = ingest.ingest(_bytes(job), weight=job.weight, wanted=job.wanted)
    except StorageError:
        raise
    except AfficheError as error:
        return Examined(key=job.key, problem=error.public, hint=error.hint)
    except RecursionError:
        return Examined(key=job.key, problem="is damaged (it refers to itself)")
    faces = tuple(
        Face(family=job.family, weight=face.weight, scripts=face.scripts, feel=face.feel, data=blobs.put(face.data))
        for face in made
    )
    return Examined(key=job.key, faces=faces)


def _bytes(job: FontJob) -> bytes:
    try:
        data = Path(job.file).read_bytes()
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror}") from error
    if digest_bytes(data) != job.digest:
        raise AssetError("was changed while it was being read", hint="Try again.")
    return data


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """AssetError after `seconds`. Only where signals exist and the main thread works, as it does in render processes."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(_number: int, _frame: FrameType | None) -> Any:
        raise AssetError(f"takes longer than {seconds:.0f} s to read: it is damaged or made to do harm")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def show_faces(brand: Brand, blobs: Blobs) -> None:
    """Registers the faces of `brand` with the text engine of this process. Raises StorageError."""
    for face in brand.faces:
        alias = f"{face.family} {face.weight}"
        if not fonts.is_brand(alias):
            data = blobs.get(face.data)
            fonts.add_face(
                fonts.BrandFace(
                    alias=alias, family=face.family, weight=face.weight, scripts=face.scripts, feel=face.feel, data=data
                )
            )
