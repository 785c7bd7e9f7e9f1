"""A campaign's revision laid into a folder of its own: the brief, the brand file and every asset that is named, by their ids.

What a brief names is the name of the file, so that nothing is rewritten and problems point at the author's own lines. The folder
is private, holds links to stored files, and is gone when the block ends: everything in it can be laid out again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from affiche.errors import NotFound, StorageAway, StorageError
from affiche.ports import Blobs
from affiche.procure import accepted_as
from affiche.registry import pictures
from affiche.registry.brands import document_of
from affiche.registry.campaigns import brief_of
from affiche.registry.open import Registry
from affiche.registry.scope import Row, Scope
from affiche.registry.tables.material import assets, brand_revisions, brands
from affiche.registry.tables.work import campaign_revisions
from affiche.runs.names import named_in
from affiche.runs.rights import record_of
from affiche.values.digest import Digest
from affiche.values.rights import SUFFIX

#: How a brief's file is called, by what it is.
SUFFIXES: Mapping[str, str] = {"application/json": ".json", "text/markdown": ".md"}
#: Assets that a message names when their files cannot be had.
_NAMED = 5
_BACK = "Put the files back where stored files lie, or upload the same files again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a campaign is made from, as bytes and digests. `files`: name in the brief -> blob of the asset.

    `called`: the same names -> what people call the asset. `rights`: the same names -> the record of rights, where somebody has
    said any. `accepted`: wishes for which a picture that exists was taken.
    """

    brief: bytes
    media_type: str
    brand_name: str = ""
    brand: bytes = b""
    files: Mapping[str, Digest] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)
    accepted: Mapping[Digest, Digest] = field(default_factory=dict)


def material_of(registry: Registry, *, campaign: str, revision: int, brand: str, names: tuple[str, ...] = ()) -> Material:
    """What a revision is made from. Raises NotFound for what is gone."""
    with registry.read() as c:
        wanted = (campaign_revisions.c.campaign == campaign, campaign_revisions.c.number == revision)
        row = c.execute(sa.select(campaign_revisions).where(*wanted)).one_or_none()
        if row is None:
            raise NotFound(f"campaign {campaign} has no revision {revision}")
        facts = brand_of(c, brand)
        shown = (*row.assets, *names, *named_in(facts.get("brand", b"")))
        found = files_of(c, row.tenant, shown)
        rights, called = records_of(c, row.tenant, tuple(found)), called_of(c, row.tenant, tuple(found))
        brief = brief_of(c, dict(row._mapping))
        taken = {
            Digest(one["wish"]): accepted_as(campaign, one["wish"], one["picture"]) for one in pictures.accepted(c, campaign)
        }
        return Material(
            brief=brief, media_type=row.media_type, files=found, called=called, rights=rights, accepted=taken, **facts
        )


def brand_of(connection: sa.Connection, brand: str) -> dict[str, Any]:
    """`brand_name` (the slug) and `brand` (the newest brand file); nothing when there is no brand."""
    if not brand:
        return {}
    query = sa.select(brands.c.slug, brand_revisions).join(
        brand_revisions, sa.and_(brand_revisions.c.brand == brands.c.id, brand_revisions.c.number == brands.c.revision)
    )
    row = connection.execute(query.where(brands.c.id == brand)).one_or_none()
    return {} if row is None else {"brand_name": row.slug, "brand": document_of(connection, dict(row._mapping))}


def brands_naming(connection: sa.Connection, scope: Scope, asset: str) -> list[Row]:
    """The brands within reach whose newest file names an asset."""
    newest = sa.and_(brand_revisions.c.brand == brands.c.id, brand_revisions.c.number == brands.c.revision)
    file = (brand_revisions.c.brand, brand_revisions.c.number, brand_revisions.c.document, brand_revisions.c.sealed)
    query = sa.select(brands, *file).join(brand_revisions, newest).where(scope.on(brands, "id"))
    rows = (dict(row._mapping) for row in connection.execute(query))
    return [row for row in rows if asset in {name.partition(".")[0] for name in named_in(document_of(connection, row))}]


def files_of(connection: sa.Connection, tenant: str, names: tuple[str, ...]) -> dict[str, Digest]:
    """The blobs of assets that are ready, by the names (ids, perhaps with a suffix) that a brief uses."""
    ids = {name: name.partition(".")[0] for name in names}
    wanted = (assets.c.tenant == tenant, assets.c.id.in_(set(ids.values())), assets.c.state == "ready")
    found = {row.id: Digest(row.blob) for row in connection.execute(sa.select(assets.c.id, assets.c.blob).where(*wanted))}
    return {name: found[id] for name, id in ids.items() if id in found}


def called_of(connection: sa.Connection, tenant: str, names: tuple[str, ...]) -> dict[str, str]:
    """What people call the assets, by the names that a brief uses."""
    ids = {name: name.partition(".")[0] for name in names}
    wanted = (assets.c.tenant == tenant, assets.c.id.in_(set(ids.values())))
    known = {row.id: str(row.name) for row in connection.execute(sa.select(assets.c.id, assets.c.name).where(*wanted))}
    return {name: known[id] for name, id in ids.items() if id in known}


def records_of(connection: sa.Connection, tenant: str, names: tuple[str, ...]) -> dict[str, str]:
    """The records of rights of assets, as files beside pictures have them; only of those of which something is said."""
    ids = {name: name.partition(".")[0] for name in names}
    query = sa.select(assets).where(assets.c.tenant == tenant, assets.c.id.in_(set(ids.values())))
    known = {row.id: text for row in connection.execute(query) if (text := record_of(dict(row._mapping)))}
    return {name: known[id] for name, id in ids.items() if id in known}


@contextmanager
def laid_out(material: Material, blobs: Blobs, root: Path) -> Iterator[Path]:
    """A private folder under `root` with all of it; gives the path of the brief. Raises StorageError, which names the assets."""
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="campaign-", dir=root))
    try:
        brief = folder / f"brief{SUFFIXES.get(material.media_type, '.yaml')}"
        brief.write_bytes(material.brief)
        if material.brand_name:
            (folder / material.brand_name).write_bytes(material.brand)
        _lay_files(material, blobs, folder)
        for name, record in material.rights.items():
            (folder / f"{name}{SUFFIX}").write_text(record, encoding="utf-8")
        yield brief
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_files(material: Material, blobs: Blobs, folder: Path) -> None:
    """Every asset in the folder. Raises StorageError, which tells of each file that cannot be had by the name that people know;
    StorageAway as it is: what is wrong with the whole store is not told of files."""
    lacking: list[str] = []
    for name, blob in material.files.items():
        try:
            _link(blobs.path(blob), folder / name)
        except StorageAway:
            raise
        except StorageError as error:
            lacking.append(f"{material.called.get(name) or name}: {error.public}")
    if lacking:
        more = f"; and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
        raise StorageError("; ".join(lacking[:_NAMED]) + more, hint=_BACK)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
