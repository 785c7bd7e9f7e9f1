"""An inbox that is a folder: everything in it and in folders of it, hidden files and links excepted."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from affiche.errors import NotFound, StorageError, TooLarge
from affiche.ports import InboxFile


class FolderInbox:
    """`ports.Inbox` over a folder. What was changed less than `settle_s` ago may still be written: not listed yet."""

    def __init__(self, folder: Path, *, settle_s: float = 0.0) -> None:
        self._folder, self._settle_s = folder.absolute(), settle_s

    @property
    def place(self) -> str:
        return f"file://{self._folder}"

    def listed(self) -> Iterator[InboxFile]:
        if not self._folder.is_dir():
            raise StorageError(f"{self._folder} is no folder")
        for folder, inner, names in os.walk(self._folder):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                found = self._file(Path(folder) / name)
                if found is not None:
                    yield found

    def find(self, name: str) -> InboxFile | None:
        path = self._inside(name)
        return None if path is None else self._file(path)

    def read(self, name: str, *, max_bytes: int) -> bytes:
        path = self._inside(name)
        if path is None:
            raise NotFound(f"{name[:200]} is not there")
        try:
            # A link that was put there meanwhile is not followed.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                data = file.read(max_bytes + 1)
        except FileNotFoundError:
            raise NotFound(f"{name[:200]} is not there") from None
        except OSError as error:
            raise StorageError(f"{name[:200]} cannot be read: {error.strerror}") from error
        if len(data) > max_bytes:
            raise TooLarge(f"{name[:200]} has more than {max_bytes:,} bytes")
        return data

    def _inside(self, name: str) -> Path | None:
        path = Path(os.path.normpath(self._folder / name))
        return path if path.is_relative_to(self._folder) and path.resolve() == path.parent.resolve() / path.name else None

    def _file(self, path: Path) -> InboxFile | None:
        try:
            seen = path.lstat()
        except OSError:
            return None
        settled = time.time() - seen.st_mtime >= self._settle_s
        if path.name.startswith(".") or path.is_symlink() or not path.is_file() or not settled:
            return None
        name = path.relative_to(self._folder).as_posix()
        return InboxFile(name=name, size=seen.st_size, tag=f"{seen.st_size}:{seen.st_mtime_ns}")
