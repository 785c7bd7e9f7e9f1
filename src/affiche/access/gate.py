"""The gate of a service: keys and sessions, the permission table, limits. One per API process; asked from many threads."""

from __future__ import annotations

from affiche.access import keys, sessions
from affiche.access.limits import Limits
from affiche.access.table import brands_for
from affiche.errors import Unauthorised
from affiche.registry.open import Registry
from affiche.values.principal import Allowance, Credentials, Principal

#: Wrong keys per minute from one address; after that it is not even looked.
WRONG_PER_MINUTE = 60


class KeyGate:
    """Lets in who brings a valid key or the cookie of a session. `per_minute`: requests of one key or person, 0 = no limit."""

    def __init__(self, registry: Registry, *, per_minute: int, rules: sessions.Rules | None = None) -> None:
        self._registry, self._per_minute = registry, per_minute
        self._rules = rules or sessions.Rules()
        self._limits = Limits(registry)

    def who(self, credentials: Credentials) -> Principal:
        """Whose key or session it is. Raises Unauthorised, ForgedRequest."""
        scheme, _, text = credentials.headers.get("authorization", "").partition(" ")
        text = text.strip() if scheme.lower() == "bearer" else credentials.headers.get("x-api-key", "").strip()
        if text:
            return self._with_key(text, credentials)
        cookie = credentials.cookies.get(self._rules.cookie(credentials), "")
        if cookie and "authorization" not in credentials.headers:
            return self._with_session(cookie, credentials)
        raise Unauthorised

    def _with_key(self, text: str, credentials: Credentials) -> Principal:
        try:
            with self._registry.read() as c:
                principal, stale = keys.holder(c, text)
        except Unauthorised:
            self._count_wrong(credentials, "keys")
            raise
        if stale:
            with self._registry.write() as c:
                keys.note_use(c, principal.id)
        return principal

    def _with_session(self, cookie: str, credentials: Credentials) -> Principal:
        """A cookie travels by itself, wherever a request comes from: what changes something must come from our own pages."""
        try:
            with self._registry.read() as c:
                principal, stale = sessions.holder(c, cookie, self._rules)
        except Unauthorised:
            self._count_wrong(credentials, "sessions")
            raise
        if credentials.method not in sessions.SAFE:
            sessions.check_origin(credentials, self._rules)
            sessions.check_token(credentials, cookie)
        if stale:
            with self._registry.write() as c:
                sessions.note_use(c, cookie)
        return principal

    def _count_wrong(self, credentials: Credentials, what: str) -> None:
        if self._limits.charge(f"wrong:{credentials.client}", WRONG_PER_MINUTE).exceeded:
            raise Unauthorised(f"too many wrong {what} from this address", hint="wait a minute") from None

    def brands(self, principal: Principal, action: str) -> frozenset[str] | None:
        """The brands for which `principal` may do `action`; None = all. Raises Refused."""
        return brands_for(principal, action)

    def charge(self, principal: Principal, action: str) -> Allowance | None:  # noqa: ARG002
        """Counts the request; None where there is no limit."""
        return self._limits.charge(f"key:{principal.id}", self._per_minute) if self._per_minute else None
