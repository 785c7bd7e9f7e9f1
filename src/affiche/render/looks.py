"""Looks: what was found out about pictures without keeping their pixels, in a folder, so that a plan looks at each once.

A cache: what cannot be read is looked at again, and what cannot be written is not kept. Next: `wire.looked_at`.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from affiche.ports import Outcome, PictureInfo
from affiche.render.record import info_of
from affiche.values.digest import Digest

#: Pictures that are kept, 1 kB each; when there are more, the older half is let go.
_MOST = 4000


class Looks:
    """One small JSON file per key; a key holds the picture's content and who looks at it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, keys: Iterable[Digest]) -> dict[Digest, PictureInfo]:
        """What is known of those that were looked at before."""
        found: dict[Digest, PictureInfo] = {}
        for key in keys:
            with suppress(OSError, ValueError, TypeError, KeyError, IndexError):
                data = json.loads((self._folder / f"{key}.json").read_bytes())
                found[key] = info_of(Outcome(key=key, kind="imagine", blobs={}, data=data))
        return found

    def keep(self, made: Outcome) -> PictureInfo:
        """Keeps what an `imagine` outcome says of its picture, and returns it."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room()
            fresh = self._folder / f"{made.key}.{threading.get_native_id()}.new"
            fresh.write_text(json.dumps(dict(made.data)), "utf-8")
            fresh.replace(self._folder / f"{made.key}.json")
        return info_of(made)

    def _make_room(self) -> None:
        with os.scandir(self._folder) as entries:
            files = [entry.path for entry in entries]
        if len(files) > _MOST:
            for name in sorted(files, key=lambda name: os.stat(name).st_mtime)[: len(files) // 2]:
                os.unlink(name)
