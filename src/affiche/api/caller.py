"""The caller of a request: who it is, what of the registry is in reach, and what is left of its limit.

The route's operation id is the action (`campaigns.create`); the gate's table says which roles may do it. So no route can forget
to ask: without an operation id there is no route (`app.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from affiche.api.gate import Allowance, Credentials
from affiche.api.house import House, house_of
from affiche.errors import Refused
from affiche.registry.scope import Scope
from affiche.values.principal import Principal


class OverLimit(Refused):
    """Too many requests."""

    code = "rate-limited"
    http_status = 429
    retry = "later"

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(f"more than {allowance.limit} requests", hint=f"try again in {allowance.reset_s} s")
        self.allowance = allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, for what, in which scope."""

    principal: Principal
    action: str
    scope: Scope
    request_id: str
    #: The path that was asked for: which thing was changed, when the answer has no body.
    path: str = ""


def caller(request: Request, house: Annotated[House, Depends(house_of)]) -> Caller:
    """The caller. Raises Unauthorised, Refused, OverLimit."""
    action = str(request.scope["route"].operation_id)
    principal = house.gate.who(credentials_of(request))
    allowance = house.gate.charge(principal, action)
    if allowance is not None:
        request.state.allowance = allowance
        if allowance.exceeded:
            raise OverLimit(allowance)
    scope = Scope(tenant=principal.tenant, brands=house.gate.brands(principal, action), actor=principal.person or principal.id)
    path = request.url.path[:200]
    return Caller(principal=principal, action=action, scope=scope, request_id=request.state.request_id, path=path)


def credentials_of(request: Request) -> Credentials:
    """What a request says of its sender."""
    return Credentials(
        method=request.method, path=request.url.path, client=request.client.host if request.client else "",
        scheme=request.url.scheme,
        headers={name.lower(): value for name, value in request.headers.items()}, cookies=dict(request.cookies),
    )  # fmt: skip


Asked = Annotated[Caller, Depends(caller)]
InHouse = Annotated[House, Depends(house_of)]
