"""Taking a file: looked at in a process of its own, its bytes stored, then one row; or the asset that has these bytes already.

The order is what keeps it safe: nothing is stored of a file that was refused, and a row is written only when its bytes lie in the
store. Bytes without a row (the power failed between the two) are swept with all that nobody names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Protocol

import sqlalchemy as sa

from affiche.errors import AssetError, RenderCrash
from affiche.ingest.embed import Meaning
from affiche.ingest.examine import Examined, examine
from affiche.ports import Blobs
from affiche.registry import assets, library, relations, vectors
from affiche.registry.scope import Row, Scope
from affiche.values.digest import Digest, digest_bytes

#: What the thumbnail of a picture means; None where no model is.
Means = Callable[[bytes], Meaning | None]


class Aside(Protocol):
    """A process beside this one, for files of strangers."""

    def run(self, work: Callable[..., Any], *args: Any) -> Any:
        """What `work` returns over there. Raises what it raises, RenderCrash when it broke the process."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file as it came. `rights`: what is known of them (licence, holder, source, generated, ...); `until`: the last day.

    `reuse`: an asset of the same brand with these very bytes is taken instead of a new one. `replaces`: the asset that this is
    a new
    version of; `derived`: one that it was made from.
    """

    data: bytes
    name: str
    brand: str = ""
    source: str = ""
    reuse: bool = False
    replaces: str = ""
    derived: str = ""
    rights: Mapping[str, Any] = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A file that was looked at and whose bytes are stored. `prepared`: as `Examined` has it; `meaning`: where a model is."""

    file: Arrived
    blob: Digest
    facts: Mapping[str, Any]
    prepared: Mapping[str, Any] = field(default_factory=dict)
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The asset; `new` is false when it was here already. `duplicates`: others with these bytes, `near`: the same picture."""

    row: Row
    new: bool
    duplicates: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def look(file: Arrived, blobs: Blobs, aside: Aside, means: Means = lambda _: None) -> Looked:
    """Looks at a file and stores its bytes; `means` says what its thumbnail means. Raises AssetError, StorageError."""
    seen = seen_in(file.data, file.name, aside)
    facts = {**seen.facts, "source": file.source[:1000], **_rights(file, seen.facts.get("metadata", {}))}
    if seen.thumbnail:
        facts["thumbnail"] = blobs.put(seen.thumbnail)
    blob, meaning = blobs.put(file.data), means(seen.thumbnail)
    return Looked(file=file, blob=blob, facts=facts, prepared=seen.prepared, meaning=meaning)


def seen_in(data: bytes, name: str, aside: Aside) -> Examined:
    """What is seen in a file; nothing is stored. Raises AssetError."""
    try:
        seen: Examined = aside.run(examine, data, name)
    except RenderCrash as crash:
        raise AssetError(f"The file cannot be read: {crash}.", hint="Export it again, smaller or in another format.") from crash
    return seen


def keep(connection: sa.Connection, scope: Scope, looked: Looked) -> Taken:
    """The row of a file, new or known. Raises NotFound, Conflict for a wrong `replaces` or `derived`."""
    file = looked.file
    duplicates = assets.same(connection, scope, looked.blob)
    if file.reuse and (known := _known(connection, scope, duplicates, file.brand)):
        return Taken(row=known, new=False, duplicates=tuple(id for id in duplicates if id != known["id"]))
    near = library.near(connection, scope, str(looked.facts.get("phash", "")), looked.blob)
    row = assets.add(
        connection, scope, brand=file.brand, name=file.name[:255], blob=looked.blob, facts=looked.facts, replaces=file.replaces
    )
    if looked.meaning is not None:
        vectors.put(connection, row, looked.meaning.model, looked.meaning.vector)
    if file.derived:
        assets.living(connection, scope, file.derived)
        relations.relate(connection, scope.tenant, row["id"], "derived-from", [file.derived])
    relations.relate(connection, scope.tenant, row["id"], "duplicate-of", duplicates[:20])
    return Taken(row=row, new=True, duplicates=tuple(duplicates), near=tuple(near))


def known(connection: sa.Connection, scope: Scope, data: bytes, brand: str) -> Row | None:
    """The asset of this brand that has these very bytes: then there is no need to look at them."""
    return _known(connection, scope, assets.same(connection, scope, digest_bytes(data)), brand)


def _known(connection: sa.Connection, scope: Scope, ids: list[str], brand: str) -> Row | None:
    rows = (assets.living(connection, scope, id) for id in ids)
    return next((row for row in rows if row["brand"] == brand), None)


def _rights(file: Arrived, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What was said with the file; else what the file says of itself, marked as that."""
    said = dict(file.rights)
    until = file.until
    if not said:
        xmp, iptc, exif = (metadata.get(part, {}) for part in ("xmp", "iptc", "exif"))
        own = {
            "licence": xmp.get("usage_terms") or xmp.get("copyright") or iptc.get("copyright") or exif.get("copyright"),
            "holder": xmp.get("creator") or iptc.get("creator") or exif.get("artist"),
            "credit": xmp.get("credit") or iptc.get("credit"),
        }
        said = {name: text for name, text in own.items() if text}
        said |= {"generated": True} if "trainedAlgorithmicMedia" in xmp.get("source_type", "") else {}
        said |= {"from": "the file itself"} if said else {}
        until = until or _day(xmp.get("licence_end", ""))
    return ({"rights": said} if said else {}) | ({"rights_expire_at": end_of(until)} if until else {})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def end_of(day: date) -> datetime:
    """The end of the last day of a right: midnight UTC after it."""
    from datetime import timedelta

    return datetime.combine(day, time(), UTC) + timedelta(days=1)
