"""Enter: who looks at a page, whether a form came from one of ours, and what becomes of it when the session has ended."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request

from affiche.access import sessions
from affiche.api.caller import credentials_of
from affiche.api.gate import LocalGate
from affiche.api.house import House
from affiche.errors import Refused, Unauthorised
from affiche.portal.forms import TOKEN, fields_of
from affiche.values.principal import ROLES, Credentials, Principal

#: Pages that everybody sees. What they change asks for nobody's rights.
OPEN = frozenset({"/login", "/login/go", "/welcome", "/join", "/look"})
#: A form that is kept over a sign-in may have so many characters.
_KEPT = 400_000


async def enter(request: Request, house: House) -> None:
    """Who looks; for what changes something also that it came from one of our pages. Raises Unauthorised, HTTPException."""
    credentials, state = credentials_of(request), request.state
    cookie = request.cookies.get(house.rules.cookie(credentials), "")
    state.csrf, state.signed_in = request.cookies.get(TOKEN, "") or secrets.token_urlsafe(24), False
    try:
        # Who: asked as for reading; the token of a form is looked at below, once for every page.
        principal = house.gate.who(_reading(request))
    except Unauthorised:
        if request.url.path not in OPEN or isinstance(house.gate, LocalGate):
            raise
        _nobody(request)
    else:
        if principal.kind == "person" and "authorization" not in credentials.headers:
            state.csrf, state.signed_in = sessions.token_of(cookie), True
        _somebody(request, house, principal)
    if request.method not in sessions.SAFE:
        sessions.check_origin(credentials, house.rules)
        await fields_of(request)


def _reading(request: Request) -> Credentials:
    return replace(credentials_of(request), method="GET")


def _nobody(request: Request) -> None:
    request.state.me = {"name": "", "role": ""}
    request.state.may = lambda _action: False


def _somebody(request: Request, house: House, principal: Principal) -> None:
    state = request.state
    state.local = principal.kind == "local"
    roles = [role for role in reversed(ROLES) if any(grant.role == role for grant in principal.grants)]
    state.me = {"name": principal.name or principal.id, "role": roles[0] if roles else "no role yet"}

    def may(action: str) -> bool:
        try:
            house.gate.brands(principal, action)
        except Refused:
            return False
        return True

    state.may = may


async def kept_form(request: Request, house: House) -> str:
    """What somebody typed while their session ended, for a hidden field; empty when it is from no page of ours."""
    try:
        sessions.check_origin(credentials_of(request), house.rules)
    except Refused:
        return ""
    if not request.headers.get("origin"):
        return ""
    fields = await request.form()
    pairs = [(name, value) for name, value in fields.multi_items() if isinstance(value, str) and name != "csrf"]
    text = json.dumps(pairs)
    return text if len(text) <= _KEPT else ""


def opened(kept: str) -> list[tuple[str, str]]:
    """The fields of a kept form. Raises HTTPException."""
    try:
        pairs = json.loads(kept)
        return [(str(name), str(value)) for name, value in pairs]
    except (ValueError, TypeError):
        raise HTTPException(400) from None
