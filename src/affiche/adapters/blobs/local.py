"""Blobs as files: `<folder>/ab/cdef...`, each written whole under another name and then renamed.

Render processes write here while the parent reads; equal content means equal name, so they cannot disagree. No fsync:
after a power cut a blob may be missing or empty, which `get` notices by its digest and a build mends by making it
again. The ledger, which says what was made, is synchronised.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from affiche.errors import StorageAway, StorageError
from affiche.ports import StoredBlob
from affiche.values.digest import Digest, digest_bytes

_numbers = count()
#: What is stored again counts as stored now, at least to so many seconds.
FRESH_S = 3600.0
_FULL = "Is the disk full or read-only?"
_AGAIN = "Build again: it is made anew."


def _in(folder: str, act: Callable[[], object]) -> None:
    """Does what needs `folder`, which is there nearly always: asking first would cost as much as a small file."""
    try:
        act()
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        act()


def _fill(name: str, data: bytes) -> None:
    with open(name, "wb") as file:
        file.write(data)


def _bytes_of(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read()


def _renew(name: str) -> None:
    """Stored again is new again, for those who remove what is old."""
    with suppress(OSError):
        if time.time() - os.stat(name).st_mtime > FRESH_S:
            os.utime(name)


class LocalBlobs:
    """A folder of blobs; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    # Names and not paths where every creative comes by: making a path of parts costs as much as looking at the file.

    def put(self, data: bytes) -> Digest:
        blob = digest_bytes(data)
        target = self._name(blob)
        if not self._holds(target, blob, len(data)):
            self._write(target, data)
        else:
            _renew(target)
        return blob

    def get(self, blob: Digest) -> bytes:
        try:
            data = _bytes_of(self._name(blob))
        except OSError as error:
            raise StorageError(f"stored file {blob[:12]} is missing: {error.strerror}", hint=_AGAIN) from error
        if digest_bytes(data) != blob:
            # What is not the blob must not pass for it any longer: the next build makes it again.
            self._file(blob).unlink(missing_ok=True)
            raise StorageError(f"stored file {blob[:12]} was altered", hint=_AGAIN)
        return data

    def has(self, blob: Digest) -> bool:
        try:
            return os.stat(self._name(blob)).st_size > 0 or blob == digest_bytes(b"")
        except OSError:
            return False

    def path(self, blob: Digest) -> Path:
        if not self.has(blob):
            raise StorageError(f"stored file {blob[:12]} is missing", hint=_AGAIN)
        return self._file(blob)

    def stored(self) -> Iterator[StoredBlob]:
        for path in sorted(self._folder.glob("??/*")):
            try:
                seen = path.stat()
            except FileNotFoundError:
                continue
            if len(path.name) == 62:
                yield StoredBlob(digest=Digest(path.parent.name + path.name), size=seen.st_size, modified=seen.st_mtime)

    def read(self, blob: Digest) -> bytes:
        return self.get(blob)

    def remove(self, blob: Digest, *, unless_since: float | None = None) -> bool:
        path = self._file(blob)
        try:
            if unless_since is not None and path.exists() and path.stat().st_mtime >= unless_since:
                return False
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            return True
        except OSError as error:
            raise StorageError(f"stored file {blob[:12]} cannot be removed: {error.strerror}") from error
        return True

    def download_url(self, blob: Digest, *, seconds: int) -> str:  # noqa: ARG002
        return ""

    def upload_url(self, upload: str, *, seconds: int) -> str:  # noqa: ARG002
        return ""

    def uploaded(self, upload: str, *, max_bytes: int) -> bytes:  # noqa: ARG002
        raise StorageError(f"nothing was uploaded as {upload[:64]}: a folder takes no direct uploads")

    def discard(self, upload: str) -> None:
        """Nothing to do: there are none."""

    def probe(self) -> None:
        """Whether the folder can be written. Raises StorageError."""
        staged = self._folder / "staged" / f"probe-{os.getpid()}-{next(_numbers)}"
        try:
            staged.parent.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(b"x")
            staged.unlink()
        except OSError as error:
            raise StorageAway(f"cannot write to {self._folder}: {error.strerror}", hint=_FULL) from error

    def _name(self, blob: Digest) -> str:
        if len(blob) != 64 or not blob.isalnum():
            raise StorageError(f"{blob!r} is not the digest of a stored file")
        return os.path.join(self._folder, blob[:2], blob[2:])

    def _file(self, blob: Digest) -> Path:
        return Path(self._name(blob))

    def _holds(self, target: str, blob: Digest, size: int) -> bool:
        """Whether the blob is there with its bytes; an altered one is written anew."""
        try:
            return os.stat(target).st_size == size and digest_bytes(_bytes_of(target)) == blob
        except OSError:
            return False

    def _write(self, target: str, data: bytes) -> None:
        folder = os.path.join(self._folder, "staged")
        staged = os.path.join(folder, f"{os.getpid()}-{next(_numbers)}")
        try:
            _in(folder, lambda: _fill(staged, data))
            _in(os.path.dirname(target), lambda: os.replace(staged, target))
        except OSError as error:
            with suppress(OSError):
                os.unlink(staged)
            message = f"cannot write to {self._folder}: {error.strerror}"
            raise StorageAway(message, hint=_FULL) from error
