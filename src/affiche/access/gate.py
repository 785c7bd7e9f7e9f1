"""The gate of a service: keys, the permission table, limits. One per API process; asked from many threads."""

from __future__ import annotations

from affiche.access import keys
from affiche.access.limits import Limits
from affiche.access.table import brands_for
from affiche.errors import Unauthorised
from affiche.registry.open import Registry
from affiche.values.principal import Allowance, Credentials, Principal

#: Wrong keys per minute from one address; after that it is not even looked.
WRONG_PER_MINUTE = 60


class KeyGate:
    """Lets in whoever brings a valid key. `per_minute`: requests of one key, 0 = no limit."""

    def __init__(self, registry: Registry, *, per_minute: int) -> None:
        self._registry, self._per_minute = registry, per_minute
        self._limits = Limits(registry)

    def who(self, credentials: Credentials) -> Principal:
        """Whose key it is. Raises Unauthorised."""
        scheme, _, text = credentials.headers.get("authorization", "").partition(" ")
        text = text.strip() if scheme.lower() == "bearer" else credentials.headers.get("x-api-key", "").strip()
        if not text:
            raise Unauthorised
        try:
            with self._registry.read() as c:
                principal, stale = keys.holder(c, text)
        except Unauthorised:
            if self._limits.charge(f"wrong:{credentials.client}", WRONG_PER_MINUTE).exceeded:
                raise Unauthorised("too many wrong keys from this address", hint="wait a minute") from None
            raise
        if stale:
            with self._registry.write() as c:
                keys.note_use(c, principal.id)
        return principal

    def brands(self, principal: Principal, action: str) -> frozenset[str] | None:
        """The brands for which `principal` may do `action`; None = all. Raises Refused."""
        return brands_for(principal, action)

    def charge(self, principal: Principal, action: str) -> Allowance | None:  # noqa: ARG002
        """Counts the request; None where there is no limit."""
        return self._limits.charge(f"key:{principal.id}", self._per_minute) if self._per_minute else None
