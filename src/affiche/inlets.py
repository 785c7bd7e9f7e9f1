"""Inlets: what files come in by. With `wire.py` and `outfit.py` one of the modules that import adapters."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affiche.errors import CapabilityError

if TYPE_CHECKING:
    from affiche.ports import Embedder, Inbox, Queue
    from affiche.settings import Settings


def metadata_of(data: bytes) -> dict[str, Any]:
    """What a picture file says of itself (EXIF, IPTC, XMP, ICC), bounded. Never raises."""
    from affiche.adapters.codec.metadata import metadata

    return metadata(data)


def folder_inbox(folder: Path, *, settle_s: float = 0.0) -> Inbox:
    """An inbox that is a folder; what was changed less than `settle_s` ago is left for later."""
    from affiche.adapters.inbox import FolderInbox

    return FolderInbox(folder, settle_s=settle_s)


def prefix_inbox(url: str, settings: Settings) -> Inbox:
    """An inbox in an object store. Raises UsageError."""
    from affiche.adapters.blobs.open import open_prefix

    return open_prefix(url, plain_http=settings.blob_store_plain_http)


def check_embedder(folder: Path) -> None:
    """Whether the embedding model of a folder may be asked: nothing is loaded. Raises CapabilityError, with what to do."""
    if folder == Path():
        raise CapabilityError("search by meaning is not set up", hint="set AFFICHE_EMBEDDING_MODEL: docs/meaning.md says to what")
    from affiche.adapters.embed import OnnxEmbedder, read_folder

    OnnxEmbedder(read_folder(folder))


@lru_cache(maxsize=2)
def embedder(folder: Path) -> Embedder:
    """The embedding model of a folder, loaded once per process. Raises CapabilityError."""
    from affiche.adapters.embed import OnnxEmbedder, read_folder

    return OnnxEmbedder(read_folder(folder))


def queue(url: str) -> Queue:
    """A queue of SQS. Raises UsageError."""
    from affiche.adapters.queue import SqsQueue

    return SqsQueue(url)
