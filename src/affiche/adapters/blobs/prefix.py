"""An inbox in an object store: whatever lies under a prefix. It is listed and read, never written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import obstore
from obstore.exceptions import BaseError

from affiche.errors import NotFound, StorageError, TooLarge
from affiche.ports import InboxFile


class PrefixInbox:
    """`ports.Inbox` over an obstore store whose names begin after the prefix."""

    def __init__(self, store: Any, url: str) -> None:
        self._store, self._url = store, url.rstrip("/")

    @property
    def place(self) -> str:
        return self._url

    def listed(self) -> Iterator[InboxFile]:
        try:
            for batch in obstore.list(self._store):
                yield from (_file(entry) for entry in batch if not entry["path"].endswith("/"))
        except (BaseError, OSError) as error:
            raise _away(error) from error

    def find(self, name: str) -> InboxFile | None:
        try:
            return _file(obstore.head(self._store, name))
        except FileNotFoundError:
            return None
        except (BaseError, OSError, ValueError) as error:
            raise _away(error) from error

    def read(self, name: str, *, max_bytes: int) -> bytes:
        try:
            found = obstore.get(self._store, name)
            if found.meta["size"] > max_bytes:
                raise TooLarge(f"{name[:200]} has {found.meta['size']:,} bytes, at most {max_bytes:,} are taken")
            return bytes(found.bytes())
        except FileNotFoundError:
            raise NotFound(f"{name[:200]} is not there") from None
        except (BaseError, OSError, ValueError) as error:
            raise _away(error) from error


def _file(entry: Any) -> InboxFile:
    tag = entry["e_tag"] or f"{entry['size']}:{entry['last_modified'].timestamp():.3f}"
    return InboxFile(name=entry["path"], size=entry["size"], tag=str(tag).strip('"')[:200])


def _away(error: Exception) -> StorageError:
    return StorageError(f"the inbox does not answer ({type(error).__name__})", hint="Is it up, and may we read it?")
