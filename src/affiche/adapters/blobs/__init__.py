"""Blobs: bytes under the digest of their content, as files (`local.py`) or in memory (`memory.py`)."""

from affiche.adapters.blobs.local import LocalBlobs
from affiche.adapters.blobs.memory import MemoryBlobs

__all__ = ["LocalBlobs", "MemoryBlobs"]
