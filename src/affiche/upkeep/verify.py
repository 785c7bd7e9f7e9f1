"""Verifies what is stored: every blob against its digest, and that every blob which the registry names is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from affiche.errors import StorageError
from affiche.ports import Depot
from affiche.registry.open import Registry
from affiche.registry.tables.material import assets
from affiche.registry.tables.work import creatives, packages
from affiche.values.digest import Digest

#: Columns that name blobs whose loss cannot be mended by building again; a deleted asset may lose its bytes.
_NAMED = (
    (assets, assets.c.blob, assets.c.state != "deleted"), (creatives, creatives.c.blob, sa.true()),
    (packages, packages.c.blob, sa.true()),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """`blobs` and `bytes` that were read; `wrong`: blobs whose bytes are not theirs; `missing`: (blob, what names it)."""

    blobs: int
    bytes: int
    wrong: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        return not self.wrong and not self.missing


def verify(registry: Registry | None, depot: Depot) -> Verified:
    """Reads every blob once; an altered one is removed by that, so that it is made again. Raises StorageError."""
    there, wrong, size = set[str](), list[str](), 0
    for blob in list(depot.stored()):
        try:
            size += len(depot.read(blob.digest))
            there.add(blob.digest)
        except StorageError as error:
            if "altered" not in str(error):
                raise
            wrong.append(blob.digest)
    missing = () if registry is None else tuple((blob, who) for blob, who in named(registry) if blob not in there)
    return Verified(blobs=len(there), bytes=size, wrong=tuple(wrong), missing=missing)


def named(registry: Registry) -> Iterator[tuple[Digest, str]]:
    """Every blob that the registry names, and what names it."""
    with registry.read() as c:
        for table, column, condition in _NAMED:
            for row in c.execute(sa.select(column, table.c.id).where(column != "", condition)):
                yield Digest(row[0]), f"{table.name}/{row[1]}"
