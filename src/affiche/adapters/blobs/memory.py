"""Blobs in memory: for tests, and for runs that must leave nothing behind."""

from __future__ import annotations

from pathlib import Path

from affiche.errors import StorageError
from affiche.values.digest import Digest, digest_bytes


class MemoryBlobs:
    """Same contract as the folder, but nothing lies on a disk: `path` always raises StorageError."""

    def __init__(self) -> None:
        self._kept: dict[Digest, bytes] = {}

    def put(self, data: bytes) -> Digest:
        blob = digest_bytes(data)
        self._kept[blob] = bytes(data)
        return blob

    def get(self, blob: Digest) -> bytes:
        data = self._kept.get(blob)
        if data is None:
            raise StorageError(f"stored file {blob[:12]} is missing")
        if digest_bytes(data) != blob:
            raise StorageError(f"stored file {blob[:12]} was altered")
        return data

    def has(self, blob: Digest) -> bool:
        return blob in self._kept

    def path(self, blob: Digest) -> Path:
        raise StorageError(f"stored file {blob[:12]} is in memory only")
