"""People: who they are, which roles they have for which brands, how they come in and go.

Roles are assigned by an administrator (`granted_by` is a person's id) or come from the claims of the login provider (`granted_by`
is `oidc`: replaced at every sign-in). The last administrator who can sign in cannot be taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from affiche.errors import Conflict, NotFound, UsageError
from affiche.registry import brands
from affiche.registry.ids import new_id
from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.people import grants as grant_table
from affiche.registry.tables.people import keys, people, sessions
from affiche.values.principal import EVERY_BRAND, ROLES, Grant

_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,253}")
BY_PROVIDER = "oidc"


def add(
    connection: sa.Connection, scope: Scope, *, email: str, name: str, grants: Sequence[Grant], password: str = "",
    issuer: str = "", subject: str = "", granted_by: str = "",
) -> Row:  # fmt: skip
    """A new person. Raises UsageError, Conflict when the address is taken."""
    row: dict[str, Any] = {
        "id": new_id("per"), "tenant": scope.tenant, "email": address(email), "name": name[:200], "issuer": issuer,
        "subject": subject, "password": password, "active": True, "created_at": now(),
    }  # fmt: skip
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(people).values(**row))
    except IntegrityError:
        raise Conflict("there is a person with this address already") from None
    grant(connection, scope, row["id"], grants, granted_by=granted_by or scope.actor)
    return one(connection, scope.tenant, row["id"])


def address(email: str) -> str:
    """An e-mail address as it is compared. Raises UsageError."""
    text = email.strip().casefold()
    if not _ADDRESS.fullmatch(text):
        raise UsageError("this is not an e-mail address")
    return text


def one(connection: sa.Connection, tenant: str, id: str) -> Row:
    """A person who was not erased. Raises NotFound."""
    where = (people.c.tenant == tenant, people.c.id == id, people.c.erased_at.is_(None))
    row = connection.execute(sa.select(people).where(*where)).first()
    if row is None:
        raise NotFound(f"there is no person {id[:80]!r}")
    return dict(row._mapping)


def by_address(connection: sa.Connection, email: str, *, tenant: str = "") -> list[Row]:
    """People with this address, of one tenant or of any."""
    where = [people.c.email == email.strip().casefold(), people.c.erased_at.is_(None)]
    if tenant:
        where.append(people.c.tenant == tenant)
    return [dict(row._mapping) for row in connection.execute(sa.select(people).where(*where).order_by(people.c.id))]


def names(connection: sa.Connection, tenant: str, ids: Iterable[str]) -> dict[str, str]:
    """What people and keys are called, by id: a name, else what stands before the @ of an address."""
    wanted = set(ids)
    there = (people.c.tenant == tenant, people.c.id.in_(wanted), people.c.erased_at.is_(None))
    rows = connection.execute(sa.select(people.c.id, people.c.name, people.c.email).where(*there))
    of_keys = sa.select(keys.c.id, keys.c.name).where(keys.c.tenant == tenant, keys.c.id.in_(wanted))
    told = {row.id: row.name or row.email.partition("@")[0] for row in rows}
    return told | {row.id: row.name for row in connection.execute(of_keys)}


def change(connection: sa.Connection, scope: Scope, id: str, **values: Any) -> Row:
    """Changes columns. Raises NotFound, Conflict when nobody could administer the tenant any more."""
    row = one(connection, scope.tenant, id)
    if values.get("active") is False and row["active"]:
        _not_the_last(connection, scope.tenant, id)
        connection.execute(sa.delete(sessions).where(sessions.c.person == id))
    if values:
        connection.execute(sa.update(people).where(people.c.id == id).values(**values))
    return one(connection, scope.tenant, id)


def grant(
    connection: sa.Connection, scope: Scope, person: str, wanted: Sequence[Grant], *, granted_by: str = ""
) -> tuple[Grant, ...]:
    """Gives exactly these roles, apart from those that the login provider gives or gave. Raises UsageError, Conflict."""
    given_by = granted_by or scope.actor
    by_provider = grant_table.c.granted_by == BY_PROVIDER
    mine = by_provider if given_by == BY_PROVIDER else sa.not_(by_provider)
    wanted = resolved(connection, scope, wanted)
    if not any(g == Grant(role="admin") for g in wanted) and given_by != BY_PROVIDER:
        others = grants_of(connection, scope.tenant, person, where=by_provider)
        if Grant(role="admin") not in others and Grant(role="admin") in grants_of(connection, scope.tenant, person):
            _not_the_last(connection, scope.tenant, person)
    connection.execute(sa.delete(grant_table).where(grant_table.c.person == person, mine))
    kept = set(grants_of(connection, scope.tenant, person))
    rows = [
        {"id": new_id("gra"), "tenant": scope.tenant, "person": person, "role": one.role, "brand": one.brand,
         "granted_by": given_by[:40], "created_at": now()}
        for one in dict.fromkeys(wanted) if one not in kept
    ]  # fmt: skip
    if rows:
        connection.execute(sa.insert(grant_table), rows)
    return grants_of(connection, scope.tenant, person)


def resolved(connection: sa.Connection, scope: Scope, wanted: Iterable[Grant]) -> tuple[Grant, ...]:
    """`wanted` with brands by id; they may be said by slug. Raises UsageError."""
    found = []
    for grant in wanted:
        if grant.role not in ROLES:
            raise UsageError(f"{grant.role!r} is not a role", hint=f"roles: {', '.join(ROLES)}")
        brand = grant.brand
        if brand != EVERY_BRAND:
            try:
                brand = brands.named(connection, Scope(tenant=scope.tenant), brand)["id"]
            except NotFound as error:
                raise UsageError(error.public, hint="a role is for a brand by its id or slug, or for all of them: *") from None
        found.append(Grant(role=grant.role, brand=brand))
    return tuple(found)


def grants_of(
    connection: sa.Connection, tenant: str, person: str, *, where: sa.ColumnElement[bool] | None = None
) -> tuple[Grant, ...]:
    """What the person may now; nothing when they are gone or may not sign in."""
    query = (
        sa.select(grant_table.c.role, grant_table.c.brand).join(people, people.c.id == grant_table.c.person)
        .where(people.c.id == person, people.c.tenant == tenant, people.c.active, people.c.erased_at.is_(None))
    )  # fmt: skip
    if where is not None:
        query = query.where(where)
    return tuple(Grant(role=row.role, brand=row.brand) for row in connection.execute(query.order_by(grant_table.c.id)))


def given_by(connection: sa.Connection, person: str) -> list[Row]:
    """The person's roles with who gave them."""
    query = sa.select(grant_table).where(grant_table.c.person == person).order_by(grant_table.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]


def administrators(connection: sa.Connection, tenant: str) -> list[Row]:
    """People who may give roles: whom to ask."""
    query = (
        sa.select(people).join(grant_table, grant_table.c.person == people.c.id)
        .where(people.c.tenant == tenant, people.c.active, people.c.erased_at.is_(None))
        .where(grant_table.c.role == "admin", grant_table.c.brand == EVERY_BRAND).distinct().order_by(people.c.id)
    )  # fmt: skip
    return [dict(row._mapping) for row in connection.execute(query)]


def _not_the_last(connection: sa.Connection, tenant: str, person: str) -> None:
    if [row["id"] for row in administrators(connection, tenant)] == [person]:
        raise Conflict("this is the last administrator", hint="make somebody else an administrator first")
