"""Blobs: bytes under the digest of their content, as files (`local.py`), in memory (`memory.py`) or in an object store
(`objects.py`, opened by `open.py`, which needs the extra `service` and is imported only when a store is set)."""

from affiche.adapters.blobs.local import LocalBlobs
from affiche.adapters.blobs.memory import MemoryBlobs

__all__ = ["LocalBlobs", "MemoryBlobs"]
