"""Who may what: the border between the API and those who know keys, logins and roles. One Protocol, and the gate of a laptop."""

from __future__ import annotations

from typing import Protocol

from affiche.errors import Unauthorised
from affiche.registry.scope import HOME_TENANT
from affiche.values.principal import Allowance, Credentials, Grant, Principal

__all__ = ["Allowance", "Credentials", "Gate", "LocalGate"]

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Gate(Protocol):
    """Answers for one request, in this order. All may be asked from several threads at once."""

    def who(self, credentials: Credentials) -> Principal:
        """Who asks. Raises Unauthorised."""
        ...

    def brands(self, principal: Principal, action: str) -> frozenset[str] | None:
        """The brands for which `principal` may do `action` (a route's operation id); None = all. Raises Refused for none."""
        ...

    def charge(self, principal: Principal, action: str) -> Allowance | None:
        """Counts the request; None where there is no limit."""
        ...


class LocalGate:
    """The gate of `affiche serve --local`: whoever is on this machine is its administrator, nobody else is anybody.

    A page in a browser on this machine could otherwise send requests too: those that name another origin, or reach us by another
    host name, are refused.
    """

    def __init__(self, *, name: str = "this machine") -> None:
        self._principal = Principal(
            tenant=HOME_TENANT, id="local", kind="local", name=name, person="local", grants=(Grant(role="admin"),)
        )

    def who(self, credentials: Credentials) -> Principal:
        host = _host(credentials.headers.get("host", ""))
        origin = _host(credentials.headers.get("origin", "").partition("://")[2])
        if credentials.client not in _LOOPBACK or host not in _LOOPBACK or (origin and origin not in _LOOPBACK):
            raise Unauthorised("without keys only this machine itself is served", hint="start the service with keys or a login")
        return self._principal

    def brands(self, principal: Principal, action: str) -> frozenset[str] | None:  # noqa: ARG002
        return None

    def charge(self, principal: Principal, action: str) -> Allowance | None:  # noqa: ARG002
        return None


def _host(text: str) -> str:
    """The name in `name:port`, `[::1]:port`."""
    return text.partition("]")[0].lstrip("[") if text.startswith("[") else text.partition(":")[0]
