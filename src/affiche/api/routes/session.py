"""Signing in and out: by password, by the login provider, with the first account's ticket, with an invitation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from affiche.access import passwords, people, personal, sessions, signing_in, tickets
from affiche.access.oidc import Provider
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse, OverLimit, credentials_of
from affiche.api.house import House
from affiche.api.routes.people import as_file
from affiche.api.schema import person as shapes
from affiche.errors import AfficheError, NotFound, Refused, Unauthorised, UsageError
from affiche.registry.scope import HOME_TENANT, Row
from affiche.values.secret import Secret

router = APIRouter(prefix="/v1", tags=["access"], max_body_size=JSON_MAX)

#: Binds a sign-in at the provider to the browser that began it.
LOGIN_COOKIE = "affiche-login"
#: Tries to sign in per minute: with one address, and from one place.
PER_ACCOUNT, PER_CLIENT = 10, 40


@router.get("/session/options", operation_id="session.options", response_model=shapes.Options)
def options(house: InHouse) -> shapes.Options:
    """Which ways in there are."""
    with house.registry.read() as c:
        first = signing_in.is_first(c)
    return shapes.Options(first=first, provider=house.provider_name if house.provider else "")


@router.post("/session", operation_id="session.create", status_code=201, response_model=shapes.SignedIn)
def sign_in(wanted: shapes.Credentials, request: Request, house: InHouse) -> Response:
    """Signs in with a password. The answer sets the session's cookie."""
    _may_sign_in(house, request)
    address = hashlib.sha256(wanted.email.strip().casefold().encode()).hexdigest()[:24]
    _limited(house, request, f"sign-in:{address}", PER_ACCOUNT)
    person = signing_in.with_password(house.registry, wanted.email, wanted.password)
    with house.registry.write() as c:
        signing_in.note(c, person, "session.create")
        cookie = _begin(c, house, request, person, by="password")
    return _signed_in(house, request, person, cookie)


@router.get("/session", operation_id="session.get", response_model=shapes.Me)
def me(request: Request, asked: Asked, house: InHouse) -> shapes.Me:
    """Who asks, with their roles."""
    who, cookie = asked.principal, _cookie(house, request)
    with house.registry.read() as c:
        row = people.one(c, who.tenant, who.id) if who.kind == "person" else {}
        granters = [shapes.Granter(**one) for one in people.administrators(c, who.tenant)] if who.kind != "key" else []
    return shapes.Me(
        kind=who.kind, id=who.id, name=who.name, email=row.get("email", ""), tenant=who.tenant, granters=granters,
        grants=[shapes.GrantOut(role=one.role, brand=one.brand) for one in who.grants],
        token=sessions.token_of(cookie) if who.kind == "person" and cookie else "",
    )  # fmt: skip


@router.delete("/session", operation_id="session.delete", status_code=204, response_class=Response)
def sign_out(request: Request, asked: Asked, house: InHouse) -> Response:
    """Signs out, here."""
    cookie = _cookie(house, request)
    if asked.principal.kind == "person" and cookie:
        with house.registry.write() as c:
            person = people.one(c, asked.scope.tenant, asked.principal.id)
            sessions.end(c, cookie)
            signing_in.note(c, person, "session.delete")
    return _without_cookie(house, request)


@router.get("/sessions", operation_id="sessions.list", response_model=shapes.Sessions)
def listed(request: Request, asked: Asked, house: InHouse) -> shapes.Sessions:
    """Where the one who asks is signed in."""
    with house.registry.read() as c:
        rows = sessions.of_person(c, asked.scope.tenant, asked.principal.person, house.rules)
    cookie = _cookie(house, request)
    return shapes.Sessions(items=[shapes.SessionOut(**sessions.shown(row, cookie)) for row in rows])


@router.delete("/sessions", operation_id="sessions.delete", status_code=204, response_class=Response)
def sign_out_everywhere(request: Request, asked: Asked, house: InHouse) -> Response:
    """Signs out everywhere, here too."""
    if asked.principal.kind == "person":
        with house.registry.write() as c:
            person = people.one(c, asked.scope.tenant, asked.principal.id)
            sessions.end_all(c, asked.scope.tenant, person["id"])
            signing_in.note(c, person, "sessions.delete")
    return _without_cookie(house, request)


@router.get("/session/start", operation_id="session.start", status_code=303, response_class=Response)
async def start(
    request: Request, house: InHouse,
    back: Annotated[str, Query(max_length=1000, description="Where to go afterwards, a path of this service.")] = "/",
) -> Response:  # fmt: skip
    """Leads to the login provider."""
    provider = _provider(house)
    _may_sign_in(house, request)
    await run_in_threadpool(_limited, house, request, "", 0)
    browser = request.cookies.get(LOGIN_COOKIE, "") or tickets.fresh()
    redirect, state = _redirect(house, request), tickets.fresh()
    begun = await provider.begin(redirect=redirect, state=state)
    data = {
        "back": _own_path(back), "redirect": redirect, "browser": tickets.digest_of(browser), "nonce": begun.nonce,
        "verifier": begun.verifier,
    }  # fmt: skip

    def remember() -> None:
        with house.registry.write() as c:
            tickets.issue(c, HOME_TENANT, "login", data=data, text=state)

    await run_in_threadpool(remember)
    answer = Response(status_code=303, headers={"Location": begun.url})
    secure = house.rules.is_secure(credentials_of(request))
    answer.set_cookie(LOGIN_COOKIE, browser, max_age=600, path="/v1/session", httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/session/callback", operation_id="session.callback", status_code=303, response_class=Response)
async def callback(
    request: Request, house: InHouse,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=500)] = None,
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:  # fmt: skip
    """The way back from the login provider. Signs in and leads to where the person was."""
    provider = _provider(house)
    try:
        row = await run_in_threadpool(_taken, house, request, state)
        if error or not code:
            raise Unauthorised("the login provider did not sign you in", hint=error)
        known = row["data"]
        claims = await provider.finish(
            code=code, redirect=known["redirect"], nonce=known["nonce"], verifier=known["verifier"], iss=iss
        )
        cookie = await run_in_threadpool(_arrived, house, request, claims)
    except AfficheError as failed:
        if "text/html" not in request.headers.get("accept", "") or failed.http_status >= 500:
            raise
        return Response(status_code=303, headers={"Location": f"/login?wrong={failed.code}"})
    answer = Response(status_code=303, headers={"Location": known["back"]})
    answer.delete_cookie(LOGIN_COOKIE, path="/v1/session")
    return _with_cookie(house, request, answer, cookie)


@router.post("/account/first", operation_id="account.first", status_code=201, response_model=shapes.SignedIn)
def first(wanted: shapes.FirstAccount, request: Request, house: InHouse) -> Response:
    """Makes the first account, an administrator, with the ticket that was printed where the service started."""
    _may_sign_in(house, request)
    _limited(house, request, "", 0)
    kept = _kept(wanted.password, wanted.name, people.address(wanted.email))
    with house.registry.write() as c:
        person = signing_in.make_first(c, wanted.ticket, name=wanted.name, email=wanted.email, kept=kept)
        cookie = _begin(c, house, request, person, by="first")
    return _signed_in(house, request, person, cookie)


@router.get("/account/invitation", operation_id="account.invitation", response_model=shapes.Invited)
def invitation(
    request: Request, house: InHouse, ticket: Annotated[str, Query(min_length=8, max_length=200)]
) -> shapes.Invited:
    """Whom an invitation is for. It stays good."""
    _limited(house, request, "", 0)
    with house.registry.read() as c:
        row = signing_in.invited(c, ticket)
    return shapes.Invited(name=row["name"], email=row["email"])


@router.post("/account/join", operation_id="account.join", status_code=201, response_model=shapes.SignedIn)
def join(wanted: shapes.Joining, request: Request, house: InHouse) -> Response:
    """Comes in with an invitation and chooses a password; other sessions of the person end."""
    _may_sign_in(house, request)
    _limited(house, request, "", 0)
    with house.registry.read() as c:
        row = signing_in.invited(c, wanted.ticket)
    kept = _kept(wanted.password, wanted.name or row["name"], row["email"])
    with house.registry.write() as c:
        person = signing_in.join(c, wanted.ticket, name=wanted.name, kept=kept)
        sessions.end_all(c, person["tenant"], person["id"])
        cookie = _begin(c, house, request, person, by="password")
    return _signed_in(house, request, person, cookie)


@router.post("/account/password", operation_id="account.password", status_code=204, response_class=Response)
def password(wanted: shapes.PasswordChange, request: Request, asked: Asked, house: InHouse) -> Response:
    """Another password; other sessions of the person end."""
    if asked.principal.kind != "person":
        raise UsageError("only people have passwords")
    _limited(house, request, f"password:{asked.principal.id}", PER_ACCOUNT)
    with house.registry.read() as c:
        person = people.one(c, asked.scope.tenant, asked.principal.id)
    signing_in.change_password(house.registry, person, old=wanted.old, new=wanted.new)
    with house.registry.write() as c:
        sessions.end_all(c, asked.scope.tenant, person["id"], but=_cookie(house, request))
    return Response(status_code=204)


@router.get("/account/export", operation_id="account.export", response_model=shapes.PersonalData)
def export(asked: Asked, house: InHouse) -> Response:
    """Everything that is known about the one who asks, as one file."""
    if asked.principal.kind == "local" or not asked.principal.person:
        raise UsageError("only people have data of their own")
    with house.registry.read() as c:
        return as_file(personal.export(c, asked.scope.tenant, asked.principal.person))


def _limited(house: House, request: Request, name: str, limit: int) -> None:
    """Counts a try to come in: of the account `name`, and of the place it comes from. Raises OverLimit."""
    place = request.client.host if request.client else ""
    for counted, most in ((name, limit), (f"sign-in:{place}", PER_CLIENT)):
        if counted and (allowance := house.limits.charge(counted, most)).exceeded:
            raise OverLimit(allowance)


def _may_sign_in(house: House, request: Request) -> None:
    """Only where the cookie is safe, and from our own pages. Raises Refused, ForgedRequest."""
    credentials = credentials_of(request)
    if not sessions.may_sign_in(credentials, house.rules):
        raise Refused("signing in needs an encrypted connection", hint="open the service by https, or set AFFICHE_PUBLIC_URL")
    if request.method not in sessions.SAFE:
        sessions.check_origin(credentials, house.rules)


def _kept(password: str, name: str, email: str) -> str:
    passwords.check(password, about=(name, email))
    return passwords.digest_of(password)


def _taken(house: House, request: Request, state: str) -> Row:
    """The sign-in that comes back, which cannot come back again. Raises TicketSpent, Refused."""
    with house.registry.write() as c:
        row = tickets.take(c, "login", state)
    if row is None:
        raise signing_in.TicketSpent("this sign-in was used already, or took too long", hint="sign in again")
    if row["data"]["browser"] != tickets.digest_of(request.cookies.get(LOGIN_COOKIE, "")):
        raise sessions.ForgedRequest("this sign-in was begun in another browser")
    return row


def _arrived(house: House, request: Request, claims: Mapping[str, Any]) -> Secret:
    with house.registry.write() as c:
        person = signing_in.arrive(c, claims, issuer=_provider(house).client.issuer, rules=house.claim_rules)
        return _begin(c, house, request, person, by="provider")


def _provider(house: House) -> Provider:
    if house.provider is None:
        raise NotFound("no login provider is set", hint="AFFICHE_OIDC_ISSUER, AFFICHE_OIDC_CLIENT")
    return house.provider


def _redirect(house: House, request: Request) -> str:
    """The address that is registered at the provider."""
    base = house.rules.public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}/v1/session/callback"


def _own_path(back: str) -> str:
    """`back` when it is a path of ours, else the start."""
    plain = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return quote(back, safe="/?&=%+,:;@~-._!*'()[]#") if plain else "/"


def _cookie(house: House, request: Request) -> str:
    return request.cookies.get(house.rules.cookie(credentials_of(request)), "")


def _begin(c: sa.Connection, house: House, request: Request, person: Row, *, by: str) -> Secret:
    agent = request.headers.get("user-agent", "")
    return sessions.begin(c, person, house.rules, by=by, agent=agent, before=_cookie(house, request))


def _signed_in(house: House, request: Request, person: Row, cookie: Secret) -> Response:
    body = shapes.SignedIn(id=person["id"], name=person["name"], email=person["email"])
    answer = Response(body.model_dump_json(), status_code=201, media_type="application/json")
    return _with_cookie(house, request, answer, cookie)


def _with_cookie(house: House, request: Request, answer: Response, cookie: Secret) -> Response:
    credentials = credentials_of(request)
    answer.set_cookie(
        house.rules.cookie(credentials), cookie.reveal(), max_age=int(house.rules.life.total_seconds()), path="/",
        httponly=True, samesite="lax", secure=house.rules.is_secure(credentials),
    )  # fmt: skip
    return answer


def _without_cookie(house: House, request: Request) -> Response:
    credentials = credentials_of(request)
    answer = Response(status_code=204, headers={"Clear-Site-Data": '"cache"'})
    answer.delete_cookie(
        house.rules.cookie(credentials), path="/", httponly=True, samesite="lax", secure=house.rules.is_secure(credentials)
    )
    return answer
