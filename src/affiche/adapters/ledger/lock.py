"""A lock file that names its owner. The system releases it when the owner ends, also after `kill -9`."""

from __future__ import annotations

import os
import time
from pathlib import Path

from affiche.errors import LedgerBusy, StorageError

try:
    import fcntl
except ImportError:  # Windows has no flock; there the file is kept open without sharing
    fcntl = None  # type: ignore[assignment]

_POLL_S = 0.1


class FileLock:
    """Held from construction until `release`."""

    def __init__(self, path: Path, *, wait_s: float = 0.0) -> None:
        """Raises LedgerBusy, naming the process that holds the lock, when it is not free within `wait_s` seconds."""
        self._path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            hint = "Set AFFICHE_HOME to a folder of yours."
            raise StorageError(f"cannot open {path}: {error.strerror}", hint=hint) from error
        deadline = time.monotonic() + wait_s
        while not self._taken():
            if time.monotonic() >= deadline:
                owner = _owner(path)
                os.close(self._file)
                raise LedgerBusy(
                    f"another build is writing to {path.parent} (process {owner})",
                    hint="Wait for it to end, or set AFFICHE_HOME to another folder for this one.",
                )
            time.sleep(_POLL_S)
        self._sign()

    def release(self) -> None:
        """Gives the lock back. The file stays: removing it could take it from under a process that waits."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _sign(self) -> None:
        """Writes who holds the lock; on a full disk the name is missing, the lock holds all the same."""
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, str(os.getpid()).encode(), 0)
        except OSError:
            return

    def _taken(self) -> bool:
        if fcntl is None:
            return True  # type: ignore[unreachable]  # not on Linux
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _owner(path: Path) -> str:
    try:
        return path.read_text().strip() or "unknown"
    except OSError:
        return "unknown"
