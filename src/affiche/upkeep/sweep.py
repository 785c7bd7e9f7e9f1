"""Sweep: what retention lets go, and then every stored file that nobody names any more. Dry unless it is told to remove.

Mark and sweep. Marked is what the registry names (assets that are not deleted, creatives and all files of theirs, packages,
parts of
open uploads), what an outcome of the ledger names, and what a manifest on disk names. Unmarked files younger than the grace
time stay:
a build stores files before it says so. Marks are read *after* the files were listed, and storing bytes that are there already
makes
them young again (within an hour), so that a file that is named again meanwhile is seen to be young in the moment before it
would go.

Retention comes first and touches rows only: creatives that are no longer current, packages, deleted assets, and ended uploads
older
than they are kept. Legal hold on a campaign or asset keeps everything of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from affiche.errors import StorageError
from affiche.ports import Depot
from affiche.registry.open import Registry
from affiche.registry.tables.material import assets, uploads
from affiche.registry.tables.work import campaigns, creatives, packages

#: How long unmarked files stay, s: longer than any build or upload takes from its first file to its row.
GRACE_S = 86_400.0
#: Rows that are read at once.
_BLOCK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long rows are kept that nobody needs for work: `history` creatives of earlier runs and packages, `deleted` assets."""

    history: timedelta = timedelta(days=90)
    deleted: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What went, or would go: rows by table, files and bytes; `young` unmarked files wait for the end of the grace time."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    young: int = 0
    marked: int = 0


def sweep(
    registry: Registry | None, depot: Depot, ledger: Callable[[], Iterable[str]], trees: Iterable[Path], *, kept: Kept, at:
    datetime,
    grace_s: float = GRACE_S, remove: bool = False,
) -> Swept:  # fmt: skip
    """Sweeps. `ledger` gives the blobs that outcomes name, `trees` are folders with manifests. Raises StorageError.

    Nothing is removed when a manifest cannot be read: who knows what it names.
    """
    listed = list(depot.stored())
    rows = retired(registry, kept, at, remove=remove) if registry is not None else {}
    marks = marked(registry, ledger, trees)
    old = [blob for blob in listed if blob.digest not in marks and time.time() - blob.modified > grace_s]
    young = sum(blob.digest not in marks for blob in listed) - len(old)
    if remove:
        since = time.time() - grace_s
        old = [blob for blob in old if depot.remove(blob.digest, unless_since=since)]
    return Swept(rows=rows, files=len(old), bytes=sum(b.size for b in old), young=young, marked=len(marks))


def marked(registry: Registry | None, ledger: Callable[[], Iterable[str]], trees: Iterable[Path]) -> set[str]:
    """Every blob that somebody names."""
    found = set(ledger())
    if registry is not None:
        found |= set(_of_registry(registry))
    for tree in trees:
        found |= set(_of_manifests(tree))
    return found


def _of_registry(registry: Registry) -> Iterator[str]:
    with registry.read() as c:
        here = sa.or_(assets.c.state != "deleted", assets.c.legal_hold)
        for row in c.execute(sa.select(assets.c.blob, assets.c.thumbnail).where(here)):
            yield from (row.blob, row.thumbnail)
        made_from = sa.select(creatives.c.blob, creatives.c.thumbnail, creatives.c.document)
        # In blocks: documents are large, and a transaction in which nothing is asked for half a minute is ended.
        for made in c.execute(made_from, execution_options={"yield_per": _BLOCK}):
            yield from (made.blob, made.thumbnail, *_in_creative(made.document))
        yield from c.execute(sa.select(packages.c.blob)).scalars()
        for parts in c.execute(sa.select(uploads.c.parts).where(uploads.c.state == "open")).scalars():
            yield from parts


def _in_creative(document: dict[str, Any]) -> Iterator[str]:
    """The blobs that a creative's document names."""
    yield document.get("thumbnail") or ""
    for file in document.get("files", ()):
        yield from (file.get("blob", ""), file.get("sha256", ""), file.get("before_provenance", ""))
    yield from (source.get("sha256", "") for source in document.get("sources", ()))


def _of_manifests(tree: Path) -> Iterator[str]:
    for path in sorted(tree.rglob("manifest.json")) if tree.is_dir() else ():
        try:
            data = json.loads(path.read_bytes())
            if not isinstance(data, dict) or "affiche" not in data:
                continue  # somebody else's
            yield from (file["sha256"] for file in data["files"])
            for creative in data["creatives"]:
                yield from _in_creative(creative)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(f"{path} cannot be read, so nothing is removed: {error}", hint="mend or remove it") from error


# -- retention ----------------------------------------------------------------------------------------------------------------


def retired(registry: Registry, kept: Kept, at: datetime, *, remove: bool) -> dict[str, int]:
    """How many rows of each table are let go. Held campaigns and assets keep everything."""
    held = sa.select(campaigns.c.id).where(campaigns.c.legal_hold)
    history = at - kept.history
    wanted = {
        "creatives": (creatives, sa.and_(
            creatives.c.current.is_(False), creatives.c.created_at < history, creatives.c.campaign.not_in(held),
        )),
        "packages": (packages, sa.and_(packages.c.created_at < history, packages.c.campaign.not_in(held))),
        "assets": (assets, sa.and_(
            assets.c.state == "deleted", assets.c.deleted_at < at - kept.deleted, assets.c.legal_hold.is_(False),
        )),
        "uploads": (uploads, uploads.c.expires_at < at),
    }  # fmt: skip
    found: dict[str, int] = {}
    with registry.write() as c:
        for name, (table, condition) in wanted.items():
            count = c.execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar() or 0
            if count:
                found[name] = int(count)
            if count and remove:
                c.execute(sa.delete(table).where(condition))
    return found
