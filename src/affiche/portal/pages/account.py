"""Account: who I am, where I am signed in, my password; and the menu of small screens."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from affiche.portal.forms import fields_of
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import ABOUT_ROLES, browser_of, names, when
from affiche.portal.views import language_of, page, refusal
from affiche.portal.words import translator


async def more(request: Request, api: Gateway) -> Response:  # noqa: ARG001 - the frame holds it all
    """All pages, for screens without room for them at the side."""
    return page(request, "more.html.j2")


async def shown(request: Request, api: Gateway) -> Response:
    """My account."""
    return await _account(request, api)


async def password(request: Request, api: Gateway) -> Response:
    """Another password."""
    t, fields = translator(language_of(request)), await fields_of(request)
    said = {"old": str(fields.get("old", "")), "new": str(fields.get("new", ""))}
    try:
        await api.post("/v1/account/password", said)
    except Refused as no:
        return await _account(request, api, refusal(request, no), no.status)
    return await _account(request, api, ("good", t("Your password is changed. Other browsers are signed out."), ""))


async def leave_everywhere(request: Request, api: Gateway) -> Response:  # noqa: ARG001 - every page has the same form
    """Signs out in every browser."""
    answer = await api.ask("DELETE", "/v1/sessions")
    response = RedirectResponse("/login?wrong=left", 303)
    if "set-cookie" in answer.headers:
        response.headers.append("set-cookie", answer.headers["set-cookie"])
    return response


async def _account(
    request: Request, api: Gateway, said: tuple[str, str, str] | None = None, status: int = 200
) -> Response:
    language, who = language_of(request), await api.get("/v1/session")
    sessions = [
        {
            **one, "agent": browser_of(one["agent"]), "seen": when(one["seen_at"], language),
            "ends": when(one["expires_at"], language),
        }
        for one in (await api.get("/v1/sessions"))["items"]
    ]  # fmt: skip
    wanted = any(grant["brand"] != "*" for grant in who["grants"])
    known = names((await api.get("/v1/brands", limit=200))["items"]) if wanted else {}
    roles = [(g["role"], "" if g["brand"] == "*" else known.get(g["brand"], g["brand"])) for g in who["grants"]]
    return page(
        request, "account.html.j2", status=status, who=who, sessions=sessions, roles=roles, about=ABOUT_ROLES, said=said
    )
