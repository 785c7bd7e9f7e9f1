"""Brands and their files in revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from affiche.errors import Changed, Conflict, NotFound
from affiche.registry import sealing
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, found, now, one
from affiche.registry.tables.material import brand_revisions, brands


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that a person gave, as bytes; it is sealed (encrypted) as it is stored, the digest is of what it says."""

    data: bytes
    digest: str
    media_type: str
    problems: tuple[dict[str, Any], ...] = ()


def add(connection: sa.Connection, scope: Scope, *, slug: str, name: str, document: Document) -> Row:
    """A new brand with its first revision. Raises Conflict when the slug is taken."""
    id, moment = new_id("brd"), now()
    row = {"id": id, "tenant": scope.tenant, "slug": slug, "name": name, "revision": 1, "created_by": scope.actor}
    try:
        connection.execute(sa.insert(brands).values(**row, created_at=moment, updated_at=moment))
    except IntegrityError:
        raise Conflict(f"there is a brand {slug!r} already") from None
    _revise(connection, scope, id, 1, document)
    return found(connection.execute(sa.select(brands).where(brands.c.id == id)).first(), "brand", id)


def revise(connection: sa.Connection, scope: Scope, id: str, *, expected: int | None, name: str, document: Document) -> Row:
    """A new revision. Raises NotFound, Changed when `expected` is not the newest any more."""
    row = one(connection, scope, brands, id=id, what="brand")
    if expected is not None and row["revision"] != expected:
        raise Changed(f"the brand is at revision {row['revision']}, not {expected}")
    newest = {"revision": row["revision"] + 1, "updated_at": now(), "name": name or row["name"]}
    same = (brands.c.id == id, brands.c.revision == row["revision"])
    if not connection.execute(sa.update(brands).where(*same).values(**newest)).rowcount:
        raise Changed("the brand was changed at this very moment")
    _revise(connection, scope, id, newest["revision"], document)
    return one(connection, scope, brands, id=id, what="brand")


def named(connection: sa.Connection, scope: Scope, name: str) -> Row:
    """The brand with this id or slug. Raises NotFound."""
    query = sa.select(brands).where(sa.or_(brands.c.id == name, brands.c.slug == name), scope.on(brands, "id"))
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no brand {name[:80]!r}", hint="list them with GET /v1/brands")
    return dict(row._mapping)


def revision(connection: sa.Connection, scope: Scope, id: str, number: int) -> Row:
    """One revision with its document. Raises NotFound."""
    one(connection, scope, brands, id=id, what="brand")
    wanted = (brand_revisions.c.brand == id, brand_revisions.c.number == number)
    row = found(connection.execute(sa.select(brand_revisions).where(*wanted)).first(), "revision", str(number))
    return {**row, "document": document_of(connection, row)}


def document_of(connection: sa.Connection, row: Row) -> bytes:
    """The file in a row with `brand`, `number`, `document` and `sealed`, opened. Raises SealBroken."""
    about = sealing.brand_name(row["brand"], row["number"])
    return sealing.opened(connection, row["document"], row["sealed"], about=about)


def _revise(connection: sa.Connection, scope: Scope, id: str, number: int, document: Document) -> None:
    data, key = sealing.sealed(connection, document.data, about=sealing.brand_name(id, number))
    row = {
        "brand": id, "number": number, "tenant": scope.tenant, "document": data, "digest": document.digest,
        "media_type": document.media_type, "sealed": key, "problems": list(document.problems),
        "created_by": scope.actor, "created_at": now(),
    }  # fmt: skip
    connection.execute(sa.insert(brand_revisions).values(**row))
