"""Sign in: the page that asks who you are, the first account, invitations, and the way back to where somebody was."""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from affiche.access import sessions
from affiche.api.house import House
from affiche.portal.enter import kept_form, opened
from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Answer, Gateway, Refused
from affiche.portal.sentences import plain
from affiche.portal.views import language_of, page, refusal
from affiche.portal.words import translator


async def asked(request: Request, api: Gateway, house: House) -> Response:
    """What who is not signed in gets instead of a page: the sign-in, which leads back; what was typed is kept."""
    t = translator(language_of(request))
    wanted = request.headers.get("accept", "*/*")
    if request.headers.get("hx-request") or not ("text/html" in wanted or "*/*" in wanted):
        said = {"title": t("You were signed out. What you typed is still here."), "hint": "", "signin": t("Sign in")}
        return JSONResponse(said, 401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method in sessions.SAFE:
        return RedirectResponse("/login" + (f"?back={quote(here, safe='')}" if here != "/" else ""), 303)
    if request.url.path == "/logout":
        return RedirectResponse("/login", 303)
    kept = await kept_form(request, house)
    return await _form(request, api, status=401, to=here if kept else "", kept=kept, told=t("Your session has ended."))


async def form(request: Request, api: Gateway) -> Response:
    """The form; who is signed in already goes on."""
    back, wrong = request.query_params.get("back", "/"), request.query_params.get("wrong", "")
    if request.state.me["name"]:
        return to(back)
    return await _form(request, api, back=back, wrong=_reason(request, wrong) if wrong else "")


async def enter(request: Request, api: Gateway) -> Response:
    """Signs in, and goes back to where the person was; a form that was kept is shown once more, to be sent."""
    fields = await fields_of(request)
    said = {"email": text(fields, "email"), "password": str(fields.get("password", ""))}
    place, kept = text(fields, "to"), text(fields, "kept")
    try:
        answer = await api.ask("POST", "/v1/session", json=said)
    except Refused as no:
        wrong = _reason(request, "password" if no.status in (401, 422) else "limit" if no.status == 429 else no.title)
        more = {"back": text(fields, "back"), "email": said["email"], "to": place, "kept": kept}
        return await _form(request, api, status=no.status, wrong=wrong, **more)
    if not kept or not place.startswith("/"):
        return _with_session(to(text(fields, "back") or "/"), answer)
    request.state.csrf, request.state.signed_in = sessions.token_of(_cookie(answer)), True
    return _with_session(page(request, "again.html.j2", to=place, kept=opened(kept)), answer)


async def to_provider(request: Request, api: Gateway) -> Response:
    """Leads to the login provider."""
    answer = await api.ask("GET", "/v1/session/start", params={"back": request.query_params.get("back", "/")})
    return _with_session(RedirectResponse(answer.headers["location"], 303), answer)


async def leave(request: Request, api: Gateway) -> Response:  # noqa: ARG001 - every page has the same form
    """Signs out."""
    return _with_session(to("/login?wrong=left"), await api.ask("DELETE", "/v1/session"))


async def first(request: Request, api: Gateway) -> Response:
    """The first account. Without the ticket of the terminal: where to find it."""
    if not (await api.get("/v1/session/options"))["first"]:
        return to("/login")
    return _welcome(request, ticket=request.query_params.get("ticket", ""))


async def make_first(request: Request, api: Gateway) -> Response:
    """Makes it and signs in."""
    fields = await fields_of(request)
    said = {name: text(fields, name) for name in ("ticket", "name", "email")} | {"password": str(fields.get("password", ""))}
    try:
        return _with_session(to("/"), await api.ask("POST", "/v1/account/first", json=said))
    except Refused as no:
        wrong = _reason(request, no.problem.get("code") if no.status == 404 else no.title)
        typed, hint = {name: said[name] for name in ("ticket", "name", "email")}, plain(no.hint, language_of(request))
        return _welcome(request, status=no.status, wrong=wrong, hint=hint, **typed)


async def invited(request: Request, api: Gateway) -> Response:
    """Somebody follows an invitation."""
    return await _join(request, api, request.query_params.get("ticket", ""))


async def join(request: Request, api: Gateway) -> Response:
    """Comes in with a password of their own."""
    fields = await fields_of(request)
    ticket = text(fields, "ticket")
    said = {"ticket": ticket, "name": text(fields, "name"), "password": str(fields.get("password", ""))}
    try:
        return _with_session(to("/"), await api.ask("POST", "/v1/account/join", json=said))
    except Refused as no:
        _, wrong, hint = refusal(request, no)
        return await _join(request, api, ticket, status=no.status, wrong=wrong, hint=hint)


async def _form(request: Request, api: Gateway, *, status: int = 200, **shown: str) -> Response:
    options = await api.get("/v1/session/options")
    known = {"back": "/", "wrong": "", "told": "", "email": "", "to": "", "kept": "", **shown}
    good = known["wrong"] == _reason(request, "left")
    return page(request, "login.html.j2", status=status, **options, **known, good=good)


def _welcome(request: Request, *, status: int = 200, **shown: str) -> Response:
    known = {"ticket": "", "name": "", "email": "", "wrong": "", "hint": "", **shown}
    return page(request, "welcome.html.j2", status=status, invited=None, **known)


async def _join(request: Request, api: Gateway, ticket: str, *, status: int = 200, wrong: str = "", hint: str = "") -> Response:
    options = await api.get("/v1/session/options")
    try:
        who = await api.get("/v1/account/invitation", ticket=ticket)
    except Refused as no:
        return page(request, "welcome.html.j2", status=no.status, invited=None, ticket="", spent=True)
    shown = {"ticket": ticket, "name": who["name"], "email": who["email"], "wrong": wrong, "hint": hint}
    return page(request, "welcome.html.j2", status=status, invited=who, provider=options["provider"], **shown)


def _reason(request: Request, code: object) -> str:
    """Why nobody was signed in, in words."""
    t = translator(language_of(request))
    known = {
        "left": t("You are signed out."),
        "password": t("The address or the password is wrong."),
        "limit": t("Too many tries. Wait a minute."),
        "not-invited": t("Nobody has let you into Affiche yet. Ask an administrator to invite your address."),
        "ticket-spent": t("This link was used already or is too old. Ask for a new one."),
        "request-forged": t("This sign-in was begun in another browser. Try again here."),
        "forbidden": t("This account is closed. Ask an administrator."),
        "unauthorised": t("The login provider did not sign you in."),
        "login-refused": t("The login provider's answer cannot be trusted, so nobody was signed in. Tell your administrator."),
    }
    text = str(code)
    return known.get(text, plain(text, language_of(request)) if " " in text else t("Signing in did not work. Try again."))


def _with_session(response: Response, answer: Answer) -> Response:
    """Hands on the cookie that the API gave."""
    if "set-cookie" in answer.headers:
        response.headers.append("set-cookie", answer.headers["set-cookie"])
    return response


def _cookie(answer: Answer) -> str:
    """The session's cookie in an answer."""
    found = SimpleCookie(answer.headers.get("set-cookie", ""))
    return next((morsel.value for name, morsel in found.items() if name in (sessions.COOKIE, sessions.SECURE_COOKIE)), "")
