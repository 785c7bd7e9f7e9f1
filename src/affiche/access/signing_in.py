"""Ways in: a password, the login provider's word, an invitation, and the first account. Each ends with a person, or is refused.

The first account is made by whoever sees the terminal in which the service starts: a ticket that works once is printed there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from affiche.access import passwords, people, tickets
from affiche.errors import Conflict, NotFound, Refused, Unauthorised, UsageError
from affiche.registry import audit
from affiche.registry.open import Registry
from affiche.registry.scope import HOME_TENANT, Row, Scope
from affiche.registry.tables.people import people as table
from affiche.values.principal import EVERY_BRAND, ROLES, Grant


class NotInvited(Refused):
    """Nobody has let you in yet. Ask an administrator of Affiche in your house to invite your address."""

    code = "not-invited"


class TicketSpent(NotFound):
    """This link was used already, or is too old. Ask for a new one."""

    code = "ticket-spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """Which roles the provider's claim `claim` gives: (value of the claim, role)."""

    claim: str = "groups"
    roles: tuple[tuple[str, Grant], ...] = ()

    def grants(self, claims: Mapping[str, Any]) -> tuple[Grant, ...]:
        """The roles of somebody with these claims. A claim inside another is named with dots: `realm_access.roles`."""
        said: Any = claims
        for name in (self.claim,) if self.claim in claims else self.claim.split("."):
            said = said.get(name) if isinstance(said, Mapping) else None
        values = said if isinstance(said, list) else [said] if isinstance(said, str) else []
        return tuple(dict.fromkeys(grant for value, grant in self.roles if value in values))


def claim_rules(claim: str, said: Sequence[str]) -> ClaimRules:
    """Rules as settings say them: `marketing=creator:aurora`. Raises UsageError."""
    roles = []
    for line in said:
        value, _, grant = line.rpartition("=")
        role, _, brand = grant.partition(":")
        known = next((one for one in ROLES if one == role), None)
        if not value or known is None:
            raise UsageError(f"{line[:80]!r} gives no role", hint=f"such as marketing=creator:aurora; roles: {', '.join(ROLES)}")
        roles.append((value.strip(), Grant(role=known, brand=brand or EVERY_BRAND)))
    return ClaimRules(claim=claim, roles=tuple(roles))


def with_password(registry: Registry, email: str, password: str) -> Row:
    """Who signs in. As slow for an address that nobody has. Raises Unauthorised, with one text for every reason."""
    with registry.read() as c:
        found = people.by_address(c, email)
    kept = [row for row in found if row["active"] and row["password"]] or [{"password": ""}]
    for row in kept[:5]:
        if passwords.fits(password, row["password"]):
            if passwords.is_old(row["password"]):
                with registry.write() as c:
                    _keep(c, row, password)
            return row
    if found:
        with registry.write() as c:
            note(c, found[0], "session.refused")
    raise Unauthorised("the address or the password is wrong")


def change_password(registry: Registry, person: Row, *, old: str, new: str) -> None:
    """Another password. Raises Unauthorised, UsageError."""
    if person["password"] and not passwords.fits(old, person["password"]):
        raise Refused("the old password is wrong")
    passwords.check(new, about=(person["name"], person["email"]))
    with registry.write() as c:
        _keep(c, person, new)
        note(c, person, "account.password")


def _keep(connection: sa.Connection, person: Row, password: str) -> None:
    kept = passwords.digest_of(password)
    connection.execute(sa.update(table).where(table.c.id == person["id"]).values(password=kept))


def is_first(connection: sa.Connection, tenant: str = HOME_TENANT) -> bool:
    """Whether nobody could administer the tenant by signing in."""
    return not people.administrators(connection, tenant)


def offer_first(registry: Registry, tenant: str = HOME_TENANT) -> str:
    """The text that makes the first account, for the terminal; empty when there is one."""
    with registry.write() as c:
        return tickets.issue(c, tenant, "first") if is_first(c, tenant) else ""


def make_first(connection: sa.Connection, ticket: str, *, name: str, email: str, kept: str) -> Row:
    """The first account, an administrator. Raises TicketSpent, Conflict."""
    row = tickets.take(connection, "first", ticket)
    if row is None:
        raise TicketSpent
    if not is_first(connection, row["tenant"]):
        raise Conflict("there is an administrator already", hint="sign in, or ask for an invitation")
    tickets.withdraw(connection, row["tenant"], "first")
    scope = Scope(tenant=row["tenant"], actor="first")
    person = people.add(connection, scope, email=email, name=name, grants=[Grant(role="admin")], password=kept)
    note(connection, person, "account.first")
    return person


def invited(connection: sa.Connection, ticket: str) -> Row:
    """Whom an invitation is for. Raises TicketSpent."""
    row = tickets.seen(connection, "invitation", ticket)
    if row is None:
        raise TicketSpent
    return people.one(connection, row["tenant"], row["person"])


def join(connection: sa.Connection, ticket: str, *, name: str, kept: str) -> Row:
    """An invited person comes in, or chooses another password. Raises TicketSpent, Refused."""
    row = tickets.take(connection, "invitation", ticket)
    if row is None:
        raise TicketSpent
    scope = Scope(tenant=row["tenant"], actor=row["person"])
    person = people.one(connection, row["tenant"], row["person"])
    if not person["active"]:
        raise Refused("this account is closed")
    tickets.withdraw(connection, row["tenant"], "invitation", person=row["person"])
    person = people.change(connection, scope, row["person"], password=kept, name=name or person["name"])
    note(connection, person, "account.join")
    return person


def arrive(
    connection: sa.Connection, claims: Mapping[str, Any], *, issuer: str, rules: ClaimRules, tenant: str = HOME_TENANT
) -> Row:
    """The person that the provider's claims are about, with the roles that they give. Raises NotInvited, Refused."""
    scope = Scope(tenant=tenant, actor=people.BY_PROVIDER)
    grants = rules.grants(claims)
    person = _known(connection, claims, issuer, tenant)
    if person is None:
        person = _new(connection, scope, claims, issuer, grants)
    if not person["active"]:
        raise Refused("this account is closed")
    if rules.roles:
        people.grant(connection, scope, person["id"], grants, granted_by=people.BY_PROVIDER)
    note(connection, person, "session.create")
    return person


def _known(connection: sa.Connection, claims: Mapping[str, Any], issuer: str, tenant: str) -> Row | None:
    """By issuer and subject; else somebody who was invited under an address that the provider has verified."""
    where = (table.c.tenant == tenant, table.c.issuer == issuer, table.c.subject == str(claims["sub"]))
    row = connection.execute(sa.select(table).where(*where, table.c.erased_at.is_(None))).first()
    if row is not None:
        return dict(row._mapping)
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        return None
    for person in people.by_address(connection, email, tenant=tenant):
        if not person["subject"]:
            scope = Scope(tenant=tenant, actor=person["id"])
            tickets.withdraw(connection, tenant, "invitation", person=person["id"])
            name = person["name"] or str(claims.get("name") or "")[:200]
            return people.change(connection, scope, person["id"], issuer=issuer, subject=str(claims["sub"]), name=name)
    return None


def _new(connection: sa.Connection, scope: Scope, claims: Mapping[str, Any], issuer: str, grants: Sequence[Grant]) -> Row:
    if not grants:
        raise NotInvited
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified", True) is not True:
        raise NotInvited("the login provider tells no verified e-mail address of yours")
    said = {"email": email, "name": str(claims.get("name") or ""), "issuer": issuer, "subject": str(claims["sub"])}
    return people.add(connection, scope, **said, grants=())


def note(connection: sa.Connection, person: Row, action: str) -> None:
    """What somebody did to come in, in the audit log."""
    audit.append(connection, person["tenant"], action, actor=person["id"], actor_kind="person", subject=person["id"])
