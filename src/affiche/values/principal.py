"""Who is asking: a person, a key or this machine, in which tenant, with which roles for which brands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["viewer", "creator", "reviewer", "legal", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "creator", "reviewer", "legal", "admin")
#: A grant for every brand of the tenant, those without a brand included.
EVERY_BRAND = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role for one brand (its id), or for `EVERY_BRAND`."""

    role: Role
    brand: str = EVERY_BRAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking. `id` is a person's or key's id; `person` the person behind a key (its own id for a person)."""

    tenant: str
    id: str
    kind: Literal["person", "key", "local"]
    name: str = ""
    person: str = ""
    grants: tuple[Grant, ...] = ()

    def brands_for(self, roles: Iterable[Role]) -> frozenset[str] | None:
        """The brands for which this principal has one of `roles`; None = all of them, empty = none."""
        wanted = set(roles)
        brands = frozenset(grant.brand for grant in self.grants if grant.role in wanted)
        return None if EVERY_BRAND in brands else brands


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request says of who sends it. `headers` in lower case; `client` the address it came from."""

    method: str
    path: str
    client: str
    #: `http` or `https`, as the server sees it (a proxy that it trusts may have said so).
    scheme: str = "http"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a limit: `remaining` of `limit` requests, all of them back in `reset_s` seconds."""

    limit: int
    remaining: int
    reset_s: int

    @property
    def exceeded(self) -> bool:
        return self.remaining < 0
