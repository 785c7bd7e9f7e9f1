"""People, their sessions and their keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from affiche.api.schema.shape import In, Out
from affiche.values.principal import Grant

RoleName = Literal["viewer", "creator", "reviewer", "legal", "admin"]


class GrantWanted(In):
    """A role for one brand (id or slug), or for every brand: `*`."""

    role: RoleName
    brand: str = Field("*", min_length=1, max_length=64)

    def plain(self) -> Grant:
        return Grant(role=self.role, brand=self.brand)


class GrantOut(Out):
    """A role. `by_provider`: it comes from the login provider's claims and is set there."""

    role: RoleName
    brand: str
    by_provider: bool = False


class PersonWanted(In):
    """Somebody to let in."""

    email: str = Field(min_length=3, max_length=320)
    name: str = Field("", max_length=200)
    grants: list[GrantWanted] = Field(default_factory=list, max_length=100)


class PersonChange(In):
    """Only what is given changes; `grants` replaces all roles that people gave."""

    name: str | None = Field(None, max_length=200)
    active: bool | None = None
    grants: list[GrantWanted] | None = Field(None, max_length=100)


class Name(Out):
    """What somebody, or a key, is called."""

    id: str
    name: str


class Names(Out):
    """Names, in no order."""

    items: list[Name]


class Person(Out):
    """Somebody who can sign in. `state`: invited (was never here), active, closed."""

    id: str
    email: str
    name: str
    state: Literal["invited", "active", "closed"]
    #: How they sign in.
    by: list[Literal["password", "provider"]]
    grants: list[GrantOut]
    created_at: datetime
    seen_at: datetime | None = None
    invitation: str = Field("", description="Lets this person in, once, within a week. Shown only in the answer that makes it.")

    @classmethod
    def of(cls, row: Any, grants: Sequence[Any], invitation: str = "") -> Person:
        by = [name for name, there in (("password", row["password"]), ("provider", row["subject"])) if there]
        state = "closed" if not row["active"] else "active" if by else "invited"
        said = [GrantOut(role=g["role"], brand=g["brand"], by_provider=g["granted_by"] == "oidc") for g in grants]
        return cls(**{**row, "by": by, "state": state, "grants": said, "invitation": invitation})


class Granter(Out):
    """Somebody who can give roles."""

    name: str
    email: str


class SessionOut(Out):
    """Somebody signed in with a browser. `id` is enough to tell sessions apart, and no more."""

    id: str
    by: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class Sessions(Out):
    """Sessions of the one who asks."""

    items: list[SessionOut]


class Me(Out):
    """Who asks. `token`: for requests with the session's cookie, in `X-CSRF-Token`. `granters`: whom to ask for roles."""

    kind: Literal["person", "key", "local"]
    id: str
    name: str
    email: str = ""
    tenant: str
    grants: list[GrantOut]
    token: str = ""
    granters: list[Granter] = Field(default_factory=list)


class Options(Out):
    """Ways in. `first`: there is no account yet. `provider`: what the button of the login provider says, empty = none."""

    first: bool
    provider: str


class Credentials(In):
    """An address and a password."""

    email: str = Field(min_length=3, max_length=320)
    password: str = Field(min_length=1, max_length=400)


class FirstAccount(In):
    """The first account. `ticket`: was printed where the service started."""

    ticket: str = Field(min_length=8, max_length=200)
    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=320)
    password: str = Field(min_length=1, max_length=400)


class Joining(In):
    """An invited person. `ticket`: from the link."""

    ticket: str = Field(min_length=8, max_length=200)
    name: str = Field("", max_length=200)
    password: str = Field(min_length=1, max_length=400)


class Invited(Out):
    """Whom an invitation is for."""

    name: str
    email: str


class PasswordChange(In):
    """`old` may be empty where there was none."""

    old: str = Field("", max_length=400)
    new: str = Field(min_length=1, max_length=400)


class SignedIn(Out):
    """The answer that sets the session's cookie."""

    id: str
    name: str
    email: str


class PersonalData(Out):
    """What is known about a person. `did`: rows that name them, by table."""

    format: str
    made_at: datetime
    person: dict[str, Any]
    did: dict[str, list[dict[str, Any]]]


class ErasureWanted(In):
    """`words`: also empties what the person wrote in comments and reasons."""

    words: bool = False


class Erased(Out):
    """How many rows of each table changed."""

    id: str
    changed: dict[str, int]


class KeyWanted(In):
    """A key. What it may do: at most what you may. `days`: valid for so long, 0 = until it is revoked."""

    name: str = Field(min_length=1, max_length=200)
    grants: list[GrantWanted] = Field(min_length=1, max_length=100)
    days: int = Field(365, ge=0, le=3650)
    personal: bool = Field(True, description="Yours: it never does more than you may, and ends with you. False: of the house.")


class KeyRotation(In):
    """How long the old key stays valid beside the new one, hours."""

    overlap_hours: int = Field(168, ge=0, le=2160)


class KeyOut(Out):
    """A key. `key` is its text, shown once, in the answer that makes it."""

    id: str
    name: str
    prefix: str
    person: str = ""
    grants: list[GrantOut]
    state: Literal["valid", "ending", "ended", "revoked"]
    rotated_from: str = ""
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    key: str = ""

    @classmethod
    def of(cls, row: Any, now: datetime, *, replaced: bool = False, key: str = "") -> KeyOut:
        ended = row["expires_at"] is not None and row["expires_at"] <= now
        state = "revoked" if row["revoked_at"] else "ended" if ended else "ending" if replaced else "valid"
        texts = {name: row[name] or "" for name in ("person", "rotated_from")}
        return cls(**{**row, **texts, "state": state, "key": key})


class Keys(Out):
    """Keys, newest first."""

    items: list[KeyOut]
