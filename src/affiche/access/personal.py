"""What is known about a person: given out whole (GDPR 15 and 20, CCPA 1798.110), and taken away (GDPR 17, CCPA 1798.105).

Name, address and login of a person stand in one row, `people`; everything else names them by id. So erasing empties that row and
removes what only serves signing in: decisions, comments and the audit log keep the id, which then leads to nobody, and the
chain of the audit log, which holds ids only, stays whole and verifiable.

Text that somebody typed (comments, reasons) may name people too; it is the house's record and stays, unless `words` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from affiche.access import people
from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables import METADATA
from affiche.registry.tables.people import grants, keys, sessions, tickets
from affiche.registry.tables.people import people as people_table
from affiche.registry.tables.review import approvals, comments

#: Columns that say who did it, in whatever table they stand.
_WHO = frozenset({"person", "actor", "created_by", "granted_by", "withdrawn_by", "resolved_by"})
#: Never given out: it would open a door, and says nothing about anybody.
_SECRET = frozenset({"password", "hash", "secret", "sealed", "digest", "previous"})
#: What stands where an address was: no domain of the world has this end (RFC 2606).
_NOBODY = "erased.invalid"


def export(connection: sa.Connection, tenant: str, person: str) -> Mapping[str, Any]:
    """Everything about a person, as plain data by table. Raises NotFound."""
    row = people.one(connection, tenant, person)
    found: dict[str, Any] = {
        "format": "affiche-person/1", "made_at": now().isoformat(), "person": _plain(row), "did": _did(connection, tenant, person)
    }
    return found


def _did(connection: sa.Connection, tenant: str, person: str) -> Mapping[str, Any]:
    """Rows of every table that name the person, or a key of theirs."""
    mine = [person, *connection.execute(sa.select(keys.c.id).where(keys.c.tenant == tenant, keys.c.person == person)).scalars()]
    found = {}
    for table in METADATA.sorted_tables:
        who = [column for column in table.c if column.name in _WHO]
        if not who or "tenant" not in table.c:
            continue
        query = sa.select(table).where(table.c.tenant == tenant, sa.or_(*(column.in_(mine) for column in who)))
        rows = [_plain(dict(row._mapping)) for row in connection.execute(query)]
        if rows:
            found[table.name] = rows
    return found


def erase(connection: sa.Connection, scope: Scope, person: str, *, words: bool = False) -> Mapping[str, int]:
    """Makes a person nobody; how many rows of each table changed. Raises NotFound, Conflict for the last administrator."""
    people.change(connection, scope, person, active=False)
    moment, tenant = now(), scope.tenant
    nobody = {
        "email": f"{person}@{_NOBODY}".lower(), "name": "", "issuer": "", "subject": "", "password": "", "seen_at": None,
        "erased_at": moment,
    }  # fmt: skip
    steps = {
        "people": sa.update(people_table).where(people_table.c.id == person, people_table.c.tenant == tenant).values(**nobody),
        "grants": sa.delete(grants).where(grants.c.person == person),
        "sessions": sa.delete(sessions).where(sessions.c.person == person),
        "tickets": sa.delete(tickets).where(tickets.c.person == person),
        "keys": sa.update(keys).where(keys.c.person == person, keys.c.tenant == tenant).values(name="", revoked_at=moment),
    }
    if words:
        said = (comments.c.person == person, comments.c.tenant == tenant)
        steps["comments"] = sa.update(comments).where(*said).values(text="")
        gave = (approvals.c.person == person, approvals.c.tenant == tenant)
        steps["approvals"] = sa.update(approvals).where(*gave).values(reason="")
    return {name: connection.execute(step).rowcount for name, step in steps.items()}


def everyone(connection: sa.Connection, tenant: str) -> list[tuple[Row, list[str]]]:
    """People of the tenant with their roles as `role:brand`, for the console."""
    where = (people_table.c.tenant == tenant, people_table.c.erased_at.is_(None))
    rows = connection.execute(sa.select(people_table).where(*where).order_by(people_table.c.id)).all()
    given = {row.id: people.given_by(connection, row.id) for row in rows}
    return [(dict(row._mapping), [f"{g['role']}:{g['brand']}" for g in given[row.id]]) for row in rows]


def named(connection: sa.Connection, tenant: str, who: str) -> str:
    """The id of the person with this id or address; empty for nobody."""
    if "@" not in who:
        return str(people.one(connection, tenant, who)["id"])
    found = people.by_address(connection, who, tenant=tenant)
    return str(found[0]["id"]) if found else ""


def _plain(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row without secrets and bytes, as JSON can say it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in _SECRET and not isinstance(value, bytes)
    }
