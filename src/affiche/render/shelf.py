"""The Pictures port of a render process: prepared pictures from blobs, the last ones kept decoded, bounded in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from affiche.errors import AssetError
from affiche.imagine.prepare import redrawn
from affiche.imagine.store import deserialize
from affiche.ports import Blobs, Codec, Pixels
from affiche.render.jobs import Ready
from affiche.values.digest import Digest
from affiche.values.geometry import Size

#: A picture of 3840 x 2160 takes 33 MB; a render process stays below 350 MB in all.
MAX_BYTES = 40_000_000


class Shelf:
    """Pictures by their key. `show` says which ones the next creatives may ask for."""

    def __init__(self, blobs: Blobs, codec: Codec, *, max_bytes: int = MAX_BYTES) -> None:
        self._blobs = blobs
        self._codec = codec
        self._max_bytes = max_bytes
        self._ready: Mapping[Digest, Ready] = {}
        self._kept: OrderedDict[tuple[Digest, Size | None], Pixels] = OrderedDict()

    def show(self, ready: Mapping[Digest, Ready]) -> None:
        """Makes these pictures available; decoded ones stay while there is room."""
        self._ready = ready

    def load(self, picture: Digest) -> Pixels:
        """Raises AssetError for a picture that was not announced, StorageError when its blob is gone."""
        return self._taken((picture, None))

    def load_vector(self, picture: Digest, size: Size) -> Pixels:
        """The vector file, freed and trimmed as prepared, at least `size` large; a picture that is none is given as it is."""
        ready = self._ready.get(picture)
        return self._taken((picture, size if ready and ready.source else None))

    def _taken(self, key: tuple[Digest, Size | None]) -> Pixels:
        pixels = self._kept.get(key)
        if pixels is None:
            self._make_room(*key)
            pixels = self._kept[key] = self._made(*key)
        self._kept.move_to_end(key)
        return pixels

    def _make_room(self, picture: Digest, size: Size | None) -> None:
        """Lets the oldest pictures go before another is decoded: both at once would be what a process needs most memory for."""
        ready = self._ready.get(picture)
        comes = size or (ready.info.size if ready else None)
        wanted = 4 * comes.width * comes.height if comes else 0
        while self._kept and wanted + sum(kept.nbytes for kept in self._kept.values()) > self._max_bytes:
            self._kept.popitem(last=False)

    def _made(self, picture: Digest, size: Size | None) -> Pixels:
        ready = self._ready.get(picture)
        if ready is None:
            raise AssetError(f"picture {picture[:12]} was not prepared")
        if size is not None and ready.source is not None:
            return redrawn(self._blobs.get(ready.source), codec=self._codec, kind=ready.info.kind, size=size)
        return deserialize(self._blobs.get(ready.pixels), self._codec)
