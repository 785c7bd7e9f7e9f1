"""Blobs in an object store (S3, Azure, GCS, a shared folder), with a folder of this machine in front.

`blobs/ab/cdef...` under the store's prefix, as in the folder; `incoming/<id>` is what clients upload directly. What is
written is created if absent, so two machines never overwrite each other; what is read is checked against its digest and
kept in the folder, which renderers read. The cache headers let a CDN keep a blob for ever: its name is its content.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError

from affiche.adapters.blobs.local import FRESH_S, LocalBlobs
from affiche.errors import StorageAway, StorageError
from affiche.ports import StoredBlob
from affiche.values.digest import Digest, digest_bytes

P = ParamSpec("P")
T = TypeVar("T")

IMMUTABLE = "public, max-age=31536000, immutable"
_AGAIN = "Build again: it is made anew."
#: First bytes -> media type, so that a CDN in front of the store serves what it is. Anything else is a download.
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)  # fmt: skip


class ObjectBlobs:
    """`ports.Depot` over an obstore store. `cache` is where blobs lie on this machine."""

    def __init__(self, store: Any, cache: LocalBlobs, *, signs: bool, attributes: bool = True) -> None:
        self._store, self._cache = store, cache
        self._signs, self._attributes = signs, attributes

    def put(self, data: bytes) -> Digest:
        blob = digest_bytes(data)
        # The store first: what is only in the folder of one machine must not be recorded anywhere.
        _asked(self._create, _name(blob), data)
        return self._cache.put(data)

    def get(self, blob: Digest) -> bytes:
        if self._cache.has(blob):
            try:
                return self._cache.get(blob)
            except StorageError:
                pass  # altered here, and removed for it: the store still has it
        data = self._fetched(blob)
        self._cache.put(data)
        return data

    def has(self, blob: Digest) -> bool:
        return self._size(_name(blob)) is not None

    def path(self, blob: Digest) -> Path:
        if not self._cache.has(blob):
            self.get(blob)
        return self._cache.path(blob)

    def stored(self) -> Iterator[StoredBlob]:
        listed = _asked(lambda: iter(obstore.list(self._store, "blobs")))
        while (batch := _asked(next, listed, None)) is not None:
            for entry in batch:
                digest = entry["path"].removeprefix("blobs/").replace("/", "")
                if len(digest) == 64 and digest.isalnum():
                    yield StoredBlob(digest=Digest(digest), size=entry["size"], modified=entry["last_modified"].timestamp())

    def read(self, blob: Digest) -> bytes:
        return self._fetched(blob)

    def remove(self, blob: Digest, *, unless_since: float | None = None) -> bool:
        if unless_since is not None and not self._older(_name(blob), unless_since):
            return False
        self._cache.remove(blob)
        self._delete(_name(blob))
        return True

    def download_url(self, blob: Digest, *, seconds: int) -> str:
        return self._signed("GET", _name(blob), seconds)

    def upload_url(self, upload: str, *, seconds: int) -> str:
        return self._signed("PUT", _incoming(upload), seconds)

    def uploaded(self, upload: str, *, max_bytes: int) -> bytes:
        name = _incoming(upload)
        size = self._size(name)
        if size is None:
            raise StorageError(f"nothing was uploaded as {upload}")
        if size > max_bytes:
            self._delete(name)
            raise StorageError(f"{size:,} bytes were uploaded, at most {max_bytes:,} are taken")
        # Read by range: whoever holds the URL may put a longer one there meanwhile.
        return b"" if not size else bytes(_asked(obstore.get_range, self._store, name, start=0, end=size))

    def discard(self, upload: str) -> None:
        self._delete(_incoming(upload))

    def probe(self) -> None:
        """Asks the store for what is surely not there. Raises StorageError when it does not answer."""
        self._size("blobs/probe")

    def _create(self, name: str, data: bytes) -> None:
        try:
            obstore.put(self._store, name, data, mode="create", attributes=self._headers(data))
        except AlreadyExistsError:
            # Cut off by whatever wrote it: mend it. Old: stored again is new again, for those who remove what is old.
            if self._size(name) != len(data) or self._older(name, time.time() - FRESH_S):
                obstore.put(self._store, name, data, attributes=self._headers(data))
        except NotSupportedError:  # stores that know no conditions: equal name is equal content, so at worst it is written twice
            if self._size(name) != len(data):
                obstore.put(self._store, name, data, attributes=self._headers(data))

    def _headers(self, data: bytes) -> Any:
        if not self._attributes:
            return None
        return {"Content-Type": media_type(data), "Cache-Control": IMMUTABLE}

    def _fetched(self, blob: Digest) -> bytes:
        try:
            data = bytes(_asked(lambda: obstore.get(self._store, _name(blob)).bytes()))
        except FileNotFoundError as error:
            raise StorageError(f"stored file {blob[:12]} is missing", hint=_AGAIN) from error
        if digest_bytes(data) != blob:
            # What is not the blob must not pass for it any longer: the next build makes it again.
            self._delete(_name(blob))
            raise StorageError(f"stored file {blob[:12]} was altered", hint=_AGAIN)
        return data

    def _size(self, name: str) -> int | None:
        try:
            return int(_asked(obstore.head, self._store, name)["size"])
        except FileNotFoundError:
            return None

    def _older(self, name: str, moment: float) -> bool:
        """Whether it was stored before `moment`; what is not there is."""
        try:
            return bool(_asked(obstore.head, self._store, name)["last_modified"].timestamp() < moment)
        except FileNotFoundError:
            return True

    def _delete(self, name: str) -> None:
        try:
            _asked(obstore.delete, self._store, name)
        except FileNotFoundError:
            return

    def _signed(self, method: Any, name: str, seconds: int) -> str:
        if not self._signs:
            return ""
        return str(_asked(obstore.sign, self._store, method, name, timedelta(seconds=seconds)))


def media_type(data: bytes) -> str:
    """What `data` is by its first bytes, as far as a browser should show it."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "image/avif" if data[8:12] in (b"avif", b"avis") else "video/mp4"
    return next((kind for start, kind in _KINDS if data.startswith(start)), "application/octet-stream")


def _name(blob: Digest) -> str:
    if len(blob) != 64 or not blob.isascii() or not blob.isalnum():
        raise StorageError(f"{blob!r} is not the digest of a stored file")
    return f"blobs/{blob[:2]}/{blob[2:]}"


def _incoming(upload: str) -> str:
    if not upload or len(upload) > 64 or not upload.isascii() or not upload.replace("_", "").isalnum():
        raise StorageError(f"{upload[:64]!r} is not the id of an upload")
    return f"incoming/{upload}"


def _asked(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the store answers; "not there" stays FileNotFoundError, all else is StorageAway without addresses and keys."""
    try:
        return ask(*args, **kwargs)
    except (FileNotFoundError, AlreadyExistsError, NotSupportedError):
        raise
    except (BaseError, OSError) as error:
        message = f"the object store does not answer ({type(error).__name__})"
        raise StorageAway(message, hint="Is it up, and may we use it?") from error
