"""Ports: the outside world as Affiche needs it, on one page. Adapters implement them, `wire.py` joins the two.

A function takes only the port it needs. Every port has one contract suite in `tests/contract/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from affiche.values.digest import Digest
from affiche.values.frame import Frame
from affiche.values.geometry import Rect, Size

#: Pixels: uint8, shape (height, width, 4), RGBA, not premultiplied unless a name says so, sRGB, C-contiguous.
Pixels = npt.NDArray[np.uint8]

FileFormat = Literal["png", "jpeg", "webp", "avif"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """What is known of a prepared picture (sRGB, oriented, 8 bit, RGBA), `digest` being the digest of its source bytes.

    `kind`: `cutout` (has a real alpha: packshot), `photo` (opaque), `logo`. `bounds` is the box of visible pixels;
    `focal` the point to keep, fractions 0..1; `luminance` the mean 0..1; `palette` the main colours (hex) by weight.
    """

    digest: Digest
    kind: Literal["cutout", "photo", "logo"]
    size: Size
    bounds: Rect
    focal: tuple[float, float] | None = None
    focal_origin: Literal["given", "face", "centre"] = "centre"
    luminance: float = 0.5
    palette: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    vector: bool = False


class Pictures(Protocol):
    """Decoded prepared pictures by digest."""

    def load(self, picture: Digest) -> Pixels:
        """The pixels of a prepared picture. Raises AssetError."""
        ...

    def load_vector(self, picture: Digest, size: Size) -> Pixels:
        """A vector picture rasterised to `size`. Raises AssetError."""
        ...


class Painter(Protocol):
    """Draws frames; decides nothing."""

    def base(self, frame: Frame, pictures: Pictures) -> Pixels:
        """The base layer, opaque."""
        ...

    def overlay(self, frame: Frame, base: Pixels, pictures: Pictures) -> Pixels:
        """The finished creative: overlay drawn on a copy of `base`."""
        ...


class Codec(Protocol):
    """Pixels to files and back."""

    def encode(self, pixels: Pixels, *, format: FileFormat, quality: int) -> bytes:
        """`quality` 1..100 (for PNG below 100: palette reduction). Same input, same bytes."""
        ...

    def decode(self, data: bytes) -> Pixels:
        """Raises AssetError with what is wrong (type, size, truncation)."""
        ...


class Blobs(Protocol):
    """Bytes stored under the digest of their content."""

    def put(self, data: bytes) -> Digest:
        """Stores `data` (atomic: never half visible) and returns its digest. Raises StorageError."""
        ...

    def get(self, blob: Digest) -> bytes:
        """Raises StorageError when it is missing or altered."""
        ...

    def has(self, blob: Digest) -> bool: ...

    def path(self, blob: Digest) -> Path:
        """Where the blob lies on this machine, for linking into an output tree. Raises StorageError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a key produced: named blobs and plain JSON data (sizes, findings, cost, origin, duration)."""

    key: Digest
    kind: str
    blobs: Mapping[str, Digest]
    data: Mapping[str, Any]


class Ledger(Protocol):
    """Key -> outcome. Written by the parent process only; readers may be many."""

    def find(self, keys: Iterable[Digest]) -> dict[Digest, Outcome]:
        """The outcomes that exist among `keys`."""
        ...

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Stores outcomes in one commit. Raises LedgerBusy, StorageError."""
        ...

    def close(self) -> None: ...


class Fonts(Protocol):
    """Font bytes by alias, for typesetting."""

    def data(self, alias: str) -> bytes: ...

    def aliases(self) -> Iterator[str]: ...
