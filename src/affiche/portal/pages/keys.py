"""Keys: make one, see it once, replace it while both work, end it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import ABOUT_ROLES, Row, every, names, when
from affiche.portal.views import language_of, page, refusal
from affiche.portal.words import translator

_DAYS = ("30", "90", "365", "0")


async def listed(request: Request, api: Gateway) -> Response:
    """The keys that I may see, and the form for another."""
    return await _keys(request, api)


async def create(request: Request, api: Gateway) -> Response:
    """A new key, shown once."""
    fields = await fields_of(request)
    days = text(fields, "days")
    said = {
        "name": text(fields, "name"), "days": int(days) if days in _DAYS else 365, "personal": text(fields, "personal") != "0",
        "grants": [{"role": text(fields, "role"), "brand": text(fields, "brand") or "*"}],
    }  # fmt: skip
    try:
        made = await api.post("/v1/keys", said)
    except Refused as no:
        return await _keys(request, api, refusal(request, no), no.status)
    return _once(request, made, "")


async def rotate(request: Request, api: Gateway) -> Response:
    """The successor, shown once; the old one stays valid for a week."""
    t = translator(language_of(request))
    made = await api.post(f"/v1/keys/{request.path_params['id']}/rotate", {})
    return _once(request, made, t("The old key stays valid for a week, so that you can change it everywhere."))


async def revoke(request: Request, api: Gateway) -> Response:
    """Ends a key at once."""
    await api.post(f"/v1/keys/{request.path_params['id']}/revoke")
    return to("/keys")


def _once(request: Request, made: Row, note: str) -> Response:
    t = translator(language_of(request))
    lead = t("It is shown once and kept only as a digest. Put it into your password manager now.")
    usage = f"Authorization: Bearer {made['prefix']}…"
    return page(
        request, "key.html.j2", title=t("Your key"), lead=lead, key=made["key"], onward="/keys", done=t("I have kept it"),
        more=[line for line in (usage, note) if line],
    )  # fmt: skip


async def _keys(request: Request, api: Gateway, said: tuple[str, str, str] | None = None, status: int = 200) -> Response:
    language, who = language_of(request), await api.get("/v1/session")
    brands = names(await every(api.get, "/v1/brands")) if who["grants"] else {}
    rows = [
        {
            **one, "used": when(one["used_at"] or "", language), "ends": when(one["expires_at"] or "", language),
            "grants": [{**g, "where": brands.get(g["brand"], g["brand"]) if g["brand"] != "*" else ""} for g in one["grants"]],
            "mine": one["person"] == who["id"],
        }
        for one in (await api.get("/v1/keys"))["items"]
    ]  # fmt: skip
    admin = any(g["role"] == "admin" and g["brand"] == "*" for g in who["grants"])
    roles = [role for role in ABOUT_ROLES if admin or any(g["role"] == role for g in who["grants"])]
    return page(
        request, "keys.html.j2", status=status, alive=[r for r in rows if r["state"] in ("valid", "ending")], said=said,
        ended=[r for r in rows if r["state"] in ("ended", "revoked")][:50], roles=roles, brands=brands, days=_DAYS,
        admin=admin and who["kind"] == "person",
    )  # fmt: skip
