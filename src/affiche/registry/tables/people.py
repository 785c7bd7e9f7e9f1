"""Tables of who: tenants, people, what they may, keys, logins, counters of requests, what was done by whom."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from affiche.registry.tables.columns import (
    METADATA,
    Sequence,
    id_column,
    json,
    moment,
    reference,
    tenant,
    text,
)

tenants = Table(
    "tenants", METADATA,
    id_column(), text("name"), json("settings"), moment("created_at", nullable=False), moment("erased_at"),
)  # fmt: skip

people = Table(
    "people", METADATA,
    id_column(), tenant(),
    text("email", 320), text("name"),
    #: Who the OIDC provider says it is: issuer and subject.
    text("issuer", 500), text("subject", 255),
    #: A digest that is slow to guess against (`access/passwords.py`); empty: signs in by the provider, or not at all.
    text("password", 300),
    Column("active", Boolean, nullable=False, default=True),
    moment("created_at", nullable=False), moment("seen_at"), moment("erased_at"),
    UniqueConstraint("tenant", "email"), Index("ix_people_login", "issuer", "subject"),
)  # fmt: skip

#: `person` has `role` for `brand` (`*` = every brand of the tenant).
grants = Table(
    "grants", METADATA,
    id_column(), tenant(), reference("person"), text("role", 20), text("brand", 40, default="*"),
    text("granted_by", 40), moment("created_at", nullable=False),
    UniqueConstraint("person", "role", "brand"),
)  # fmt: skip

#: API keys. `hash` is all that is kept of the secret; `prefix` is what people see. `grants`: [{"role", "brand"}].
keys = Table(
    "keys", METADATA,
    id_column(), tenant(), reference("person", nullable=True),
    text("name"), text("prefix", 24), Column("hash", String(128), nullable=False, unique=True),
    json("grants", default=list),
    #: The key that this one replaces, which stays valid until its `expires_at`.
    reference("rotated_from", index=False, nullable=True),
    moment("created_at", nullable=False), moment("expires_at"), moment("revoked_at"), moment("used_at"),
)  # fmt: skip

#: Logins of people in a browser. `id` is the digest of the cookie.
sessions = Table(
    "sessions", METADATA,
    Column("id", String(80), primary_key=True), tenant(), reference("person"),
    json("data"), moment("created_at", nullable=False), moment("expires_at", nullable=False, index=True),
    #: When it was last used, to some minutes: a session that rests for too long ends.
    moment("seen_at"),
)  # fmt: skip

#: Things that work once: a sign-in at a provider on its way, an invitation, the first account. `id` is a digest of what is shown.
tickets = Table(
    "tickets", METADATA,
    Column("id", String(80), primary_key=True), tenant(), text("kind", 20), reference("person", nullable=True),
    json("data"), moment("created_at", nullable=False), moment("expires_at", nullable=False, index=True),
)  # fmt: skip

#: Requests counted per key and window: shared by all API processes.
counters = Table(
    "counters", METADATA,
    Column("name", String(200), primary_key=True), Column("window", BigInteger, primary_key=True),
    Column("count", Integer, nullable=False, default=0), moment("expires_at", nullable=False, index=True),
)  # fmt: skip

#: Append-only. `digest` covers the row and `previous`: a changed or missing row breaks the chain of its tenant.
audit = Table(
    "audit", METADATA,
    Column("seq", Sequence, primary_key=True, autoincrement=True), tenant(),
    text("actor", 40), text("actor_kind", 20), text("action", 80), text("subject", 80), text("brand", 40), text("request", 40),
    json("data"), text("previous", 80), text("digest", 80), moment("at", nullable=False, index=True),
)  # fmt: skip
