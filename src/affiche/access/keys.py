"""API keys: `aff_<prefix>_<secret>`. Shown once; kept is a digest.

A digest without salt and stretching is enough here, because the secret has 256 random bits: there is nothing to guess.

A key can do what its grants say, and no more than the person behind it can at this moment. It is rotated with an overlap: the
old one stays valid for a while.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.access import people
from affiche.access.table import narrowed
from affiche.errors import NotFound, Unauthorised, UsageError
from affiche.registry import audit
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.people import keys
from affiche.values.principal import ROLES, Grant, Principal
from affiche.values.secret import Secret

PATTERN = re.compile(r"aff_[0-9a-f]{8}_[A-Za-z0-9_-]{43}")
#: How exactly `used_at` is kept: a write for every request would cost more than it tells.
_USED_EVERY = timedelta(minutes=5)
#: How long an old key stays valid beside its successor unless somebody says otherwise.
OVERLAP = timedelta(days=7)


def add(
    connection: sa.Connection, scope: Scope, *, name: str, grants: Sequence[Grant], person: str | None = None,
    expires_at: datetime | None = None, rotated_from: str | None = None,
) -> tuple[Row, Secret]:  # fmt: skip
    """A new key, and its text, which nobody can show again. Raises UsageError."""
    if not grants or any(grant.role not in ROLES for grant in grants):
        raise UsageError("a key needs one role at least", hint=f"roles: {', '.join(ROLES)}")
    prefix = f"aff_{secrets.token_hex(4)}"
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    id = new_id("key")
    row: dict[str, Any] = {
        "id": id, "tenant": scope.tenant, "person": person, "name": name[:200], "prefix": prefix, "hash": _hash(text),
        "grants": [{"role": grant.role, "brand": grant.brand} for grant in grants], "rotated_from": rotated_from,
        "created_at": now(), "expires_at": expires_at,
    }  # fmt: skip
    connection.execute(sa.insert(keys).values(**row))
    return one(connection, scope, id), Secret(text)


def rotate(connection: sa.Connection, scope: Scope, id: str, *, overlap: timedelta = OVERLAP) -> tuple[Row, Secret]:
    """A successor with the same grants; the old key stays valid for `overlap`. Raises NotFound."""
    old = one(connection, scope, id)
    end = min(filter(None, (old["expires_at"], now() + overlap)))
    lifetime = old["expires_at"] - old["created_at"] if old["expires_at"] else None
    made = add(
        connection, scope, name=old["name"], grants=grants_of(old), person=old["person"], rotated_from=id,
        expires_at=now() + lifetime if lifetime else None,
    )  # fmt: skip
    connection.execute(sa.update(keys).where(keys.c.id == id).values(expires_at=end))
    return made


def revoke(connection: sa.Connection, scope: Scope, id: str) -> None:
    """From now on the key is nobody's. Raises NotFound."""
    one(connection, scope, id)
    connection.execute(sa.update(keys).where(keys.c.id == id).values(revoked_at=now()))


def one(connection: sa.Connection, scope: Scope, id: str) -> Row:
    """A key of the tenant. Raises NotFound."""
    found = connection.execute(sa.select(keys).where(keys.c.tenant == scope.tenant, keys.c.id == id)).first()
    if found is None:
        raise NotFound(f"there is no key {id[:80]!r}")
    return dict(found._mapping)


def all_of(connection: sa.Connection, scope: Scope, *, person: str | None = None) -> list[Row]:
    """Every key of the tenant, or those of one person; newest first."""
    query = sa.select(keys).where(keys.c.tenant == scope.tenant).order_by(keys.c.id.desc())
    if person is not None:
        query = query.where(keys.c.person == person)
    return [dict(row._mapping) for row in connection.execute(query)]


def holder(connection: sa.Connection, text: str) -> tuple[Principal, bool]:
    """Whose key `text` is, and whether its use should be noted. Raises Unauthorised, with one text for every reason."""
    row = None
    if PATTERN.fullmatch(text):
        row = connection.execute(sa.select(keys).where(keys.c.hash == _hash(text))).first()
    if row is None or row.revoked_at or (row.expires_at and row.expires_at <= now()):
        raise Unauthorised("this key is not valid")
    grants = grants_of(row._mapping)
    if row.person:
        grants = narrowed(grants, people.grants_of(connection, row.tenant, row.person))
    stale = row.used_at is None or row.used_at < now() - _USED_EVERY
    return Principal(tenant=row.tenant, id=row.id, kind="key", name=row.name, person=row.person or "", grants=grants), stale


def note_use(connection: sa.Connection, id: str) -> None:
    """The key was used just now."""
    connection.execute(sa.update(keys).where(keys.c.id == id).values(used_at=now()))


def grants_of(row: Any) -> tuple[Grant, ...]:
    """The grants of a key's row."""
    return tuple(Grant(role=said["role"], brand=said["brand"]) for said in row["grants"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def note(connection: sa.Connection, scope: Scope, action: str, id: str) -> None:
    """Says in the audit log what was done with a key, for those who do it without the API."""
    audit.append(connection, scope.tenant, action, actor=scope.actor, actor_kind="person", subject=id)
