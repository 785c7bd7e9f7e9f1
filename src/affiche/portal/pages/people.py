"""People: who may come in, with which roles for which brands; invitations, and accounts that are closed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import ABOUT_ROLES, Row, every, names, when
from affiche.portal.views import language_of, page, refusal
from affiche.portal.words import translator

Said = tuple[str, str, str]


async def listed(request: Request, api: Gateway) -> Response:
    """Everybody, and the form that invites."""
    return await _people(request, api)


async def create(request: Request, api: Gateway) -> Response:
    """Invites somebody; shows the link once."""
    fields = await fields_of(request)
    said = {"email": text(fields, "email"), "name": text(fields, "name"), "grants": _grants(fields)}
    try:
        made = await api.post("/v1/people", said)
    except Refused as no:
        return await _people(request, api, refusal(request, no), typed=said, status=no.status)
    return _link(request, made)


async def shown(request: Request, api: Gateway) -> Response:
    """One person."""
    return await _person(request, api)


async def change(request: Request, api: Gateway) -> Response:
    """Name and roles, or closes the account and opens it again."""
    t, fields, path = translator(language_of(request)), await fields_of(request), f"/v1/people/{request.path_params['id']}"
    said: dict[str, Any] = {"name": text(fields, "name"), "grants": _grants(fields)}
    if fields.get("active"):
        said = {"active": text(fields, "active") == "1"}
    try:
        await api.ask("PATCH", path, json=said)
    except Refused as no:
        return await _person(request, api, refusal(request, no), status=no.status)
    return await _person(request, api, ("good", t("Saved."), ""))


async def invite(request: Request, api: Gateway) -> Response:
    """Another link, shown once."""
    return _link(request, await api.post(f"/v1/people/{request.path_params['id']}/invitation"))


async def sign_out(request: Request, api: Gateway) -> Response:
    """Signs the person out everywhere."""
    await api.ask("DELETE", f"/v1/people/{request.path_params['id']}/sessions")
    return to(f"/people/{request.path_params['id']}")


def _grants(fields: FormData) -> list[Row]:
    """Rows of a form, `role.0` and `brand.0`; a row without a role says nothing."""
    numbers = sorted({int(name[5:]) for name in fields if name.startswith("role.") and name[5:].isdecimal()})
    rows = [{"role": text(fields, f"role.{n}"), "brand": text(fields, f"brand.{n}") or "*"} for n in numbers]
    return [row for row in rows if row["role"]]


async def _people(
    request: Request, api: Gateway, said: Said | None = None, *, typed: Row | None = None, status: int = 200
) -> Response:
    language, wish = language_of(request), request.query_params.get("q", "")
    brands = await _brands(api)
    found = await api.get("/v1/people", text=wish, cursor=request.query_params.get("after", ""), limit=100)
    rows = [_shaped(one, brands, language) for one in found["items"]]
    blank = typed or {"email": "", "name": "", "grants": []}
    return page(
        request, "people.html.j2", status=status, people=rows, q=wish, next=found["next"], brands=brands, about=ABOUT_ROLES,
        said=said, typed=blank,
    )  # fmt: skip


async def _person(request: Request, api: Gateway, said: Said | None = None, *, status: int = 200) -> Response:
    language, brands = language_of(request), await _brands(api)
    row = _shaped(await api.get(f"/v1/people/{request.path_params['id']}"), brands, language)
    t = translator(language)
    ways = ", ".join(t(way) for way in row["by"])
    return page(
        request, "person.html.j2", status=status, p=row, ways=ways, brands=brands, about=ABOUT_ROLES, said=said,
        mine=[g for g in row["grants"] if not g["by_provider"]], theirs=[g for g in row["grants"] if g["by_provider"]],
    )  # fmt: skip


def _shaped(row: Row, brands: Row, language: str) -> Row:
    grants = [{**g, "where": brands.get(g["brand"], g["brand"]) if g["brand"] != "*" else ""} for g in row["grants"]]
    return {**row, "title": row["name"] or row["email"], "grants": grants, "seen": when(row["seen_at"] or "", language)}


async def _brands(api: Gateway) -> Row:
    return names(await every(api.get, "/v1/brands"))


def _link(request: Request, made: Row) -> Response:
    """The invitation as a link; this service sends no mail by itself."""
    t = translator(language_of(request))
    base = f"{request.url.scheme}://{request.url.netloc}"
    return page(
        request, "key.html.j2", title=t("Invitation for {name}", name=made["name"] or made["email"]), here_="/people",
        lead=t("Send this link to {email}. It works once, for a week, and is shown only now.", email=made["email"]),
        key=f"{base}/join?ticket={quote(made['invitation'])}", onward=f"/people/{made['id']}", done=t("I have sent it"), more=[],
    )  # fmt: skip
