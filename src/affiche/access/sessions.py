"""Sessions: somebody signed in with a browser. The cookie is 256 random bits; the registry keeps their digest.

A session ends when it rests too long, when it is too old, when its owner signs out (here or everywhere), and at once when the
person may not sign in any more. Signing in always makes a new one: a cookie that was planted before is worth nothing.

Requests with a cookie that change something must also bring a token that only our own pages know (made of the cookie, so
nothing more is kept), and must not come from another origin.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from affiche.access.people import grants_of
from affiche.access.tickets import digest_of
from affiche.errors import Refused, Unauthorised
from affiche.registry.scope import Row, now
from affiche.registry.tables.people import people, sessions
from affiche.values.principal import Credentials, Principal
from affiche.values.secret import Secret

#: Over TLS the name has the prefix with which browsers refuse a cookie of another host or without `Secure`.
COOKIE, SECURE_COOKIE = "affiche-session", "__Host-affiche-session"
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - a name
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
#: How exactly `seen_at` is kept.
_SEEN_EVERY = timedelta(minutes=2)


class ForgedRequest(Refused):
    """This request does not come from one of our own pages. Load the page again."""

    code = "request-forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How long sessions last, and where people see the service (`https://affiche.example.com`; empty: where they ask)."""

    idle: timedelta = timedelta(hours=8)
    life: timedelta = timedelta(days=7)
    public_url: str = ""

    def is_secure(self, credentials: Credentials) -> bool:
        """Whether the browser speaks TLS, with us or with what stands in front of us."""
        return self.public_url.startswith("https://") or credentials.scheme == "https"

    def cookie(self, credentials: Credentials) -> str:
        """The name of the session's cookie."""
        return SECURE_COOKIE if self.is_secure(credentials) else COOKIE


def begin(connection: sa.Connection, person: Row, rules: Rules, *, by: str, agent: str = "", before: str = "") -> Secret:
    """A new session of `person`; its cookie. `before`: the cookie that the browser had, which is worth nothing from now on."""
    moment, text = now(), secrets.token_urlsafe(32)
    stale = sa.or_(sessions.c.expires_at <= moment, sessions.c.id == digest_of(before))
    connection.execute(sa.delete(sessions).where(stale))
    row = {
        "id": digest_of(text), "tenant": person["tenant"], "person": person["id"], "data": {"by": by, "agent": agent[:200]},
        "created_at": moment, "seen_at": moment, "expires_at": moment + rules.life,
    }  # fmt: skip
    connection.execute(sa.insert(sessions).values(**row))
    connection.execute(sa.update(people).where(people.c.id == person["id"]).values(seen_at=moment))
    return Secret(text)


def holder(connection: sa.Connection, text: str, rules: Rules) -> tuple[Principal, bool]:
    """Whose session the cookie `text` is, and whether its use should be noted. Raises Unauthorised."""
    query = (
        sa.select(sessions, people.c.name, people.c.email)
        .join(people, sa.and_(people.c.id == sessions.c.person, people.c.tenant == sessions.c.tenant))
        .where(sessions.c.id == digest_of(text), people.c.active, people.c.erased_at.is_(None))
    )
    row, moment = connection.execute(query).first(), now()
    if row is None or row.expires_at <= moment or (row.seen_at or row.created_at) + rules.idle <= moment:
        raise Unauthorised("the session has ended", hint="sign in again")
    grants = grants_of(connection, row.tenant, row.person)
    who = Principal(
        tenant=row.tenant, id=row.person, kind="person", name=row.name or row.email, person=row.person, grants=grants
    )
    return who, (row.seen_at or row.created_at) + min(_SEEN_EVERY, rules.idle / 4) < moment


def note_use(connection: sa.Connection, text: str) -> None:
    """The session was used just now."""
    connection.execute(sa.update(sessions).where(sessions.c.id == digest_of(text)).values(seen_at=now()))


def end(connection: sa.Connection, text: str) -> str:
    """Ends one session; whose it was, empty when it was nobody's."""
    gone = sa.delete(sessions).where(sessions.c.id == digest_of(text)).returning(sessions.c.person)
    return str(connection.execute(gone).scalar() or "")


def end_all(connection: sa.Connection, tenant: str, person: str, *, but: str = "") -> int:
    """Ends the sessions of a person, except that of the cookie `but`; how many."""
    where = [sessions.c.tenant == tenant, sessions.c.person == person, sessions.c.id != digest_of(but)]
    return connection.execute(sa.delete(sessions).where(*where)).rowcount


def of_person(connection: sa.Connection, tenant: str, person: str, rules: Rules) -> list[Row]:
    """Sessions of a person that are alive, the last used first."""
    moment = now()
    query = sa.select(sessions).where(
        sessions.c.tenant == tenant, sessions.c.person == person, sessions.c.expires_at > moment,
        sessions.c.seen_at > moment - rules.idle,
    )  # fmt: skip
    return [dict(row._mapping) for row in connection.execute(query.order_by(sessions.c.seen_at.desc()))]


def token_of(cookie: str) -> str:
    """The token that pages of this session carry. Who has it does not have the cookie."""
    return hmac.new(cookie.encode(), b"affiche csrf", hashlib.sha256).hexdigest()


def check_origin(credentials: Credentials, rules: Rules) -> None:
    """Raises ForgedRequest for a request that a page of another origin sends."""
    headers = credentials.headers
    origin, site = headers.get("origin", ""), headers.get("sec-fetch-site", "")
    own = {headers.get("host", "").lower(), urlsplit(rules.public_url).netloc.lower()} - {""}
    if origin and urlsplit(origin).netloc.lower() not in own:
        raise ForgedRequest("the request comes from another origin")
    if not origin and site not in ("", "same-origin", "none"):
        raise ForgedRequest("the request comes from another site")


def check_token(credentials: Credentials, cookie: str) -> None:
    """Raises ForgedRequest when something is to be changed and the token is missing or another session's."""
    given = credentials.headers.get(TOKEN_HEADER, "")
    if not secrets.compare_digest(given.encode(), token_of(cookie).encode()):
        raise ForgedRequest("the token of the page is missing, or is of another session")


def may_sign_in(credentials: Credentials, rules: Rules) -> bool:
    """Whether a cookie may be given out: over TLS, or to a browser on this machine."""
    name = credentials.headers.get("host", "")
    host = name.partition("]")[0].lstrip("[") if name.startswith("[") else name.partition(":")[0]
    return rules.is_secure(credentials) or host in LOOPBACK


def shown(row: Row, current: str = "") -> Mapping[str, Any]:
    """A session for its owner: no digest, `id` a part of it that is enough to tell them apart."""
    return {
        "id": row["id"][:16], "by": row["data"].get("by", ""), "agent": row["data"].get("agent", ""),
        "created_at": row["created_at"], "seen_at": row["seen_at"], "expires_at": row["expires_at"],
        "current": row["id"] == digest_of(current),
    }  # fmt: skip
