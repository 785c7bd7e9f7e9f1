"""Campaigns: the list, one of them with its run and its wall of ads, packages to download; and the look of the portal."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway
from affiche.portal.pages.run import landing, of_run
from affiche.portal.pages.wall import wall
from affiche.portal.shape import Row, names, when
from affiche.portal.views import language_of, page
from affiche.portal.words import LANGUAGES, translator

_SHOTS = 5
_YEAR_S = 365 * 86400


async def listed(request: Request, api: Gateway) -> Response:
    """Campaigns, newest first, with a few of their ads."""
    wish, after = request.query_params.get("q", ""), request.query_params.get("after", "")
    found = await api.get("/v1/campaigns", text=wish, cursor=after, limit=24)
    brands = names((await api.get("/v1/brands", limit=200))["items"])
    language = language_of(request)
    told = await _told(api, [campaign["id"] for campaign in found["items"]])
    rows = [
        {
            **campaign,
            "brand": brands.get(campaign["brand"], ""),
            "updated": when(campaign["updated_at"], language),
            **{name: told[campaign["id"]][name] for name in ("total", "states", "tiles")},
        }
        for campaign in found["items"]
    ]
    return page(request, "campaigns.html.j2", campaigns=rows, q=wish, next=found["next"])


async def _told(api: Gateway, ids: list[str]) -> dict[str, Row]:
    """Of each campaign how many ads there are, and a few of them."""
    items = (await api.get("/v1/creatives/overview", campaign=ids, tiles=_SHOTS))["items"] if ids else []
    return {item["campaign"]: item for item in items}


async def shown(request: Request, api: Gateway) -> Response:
    """One campaign: how its build goes, and every ad of it."""
    id = request.path_params["id"]
    campaign = await api.get(f"/v1/campaigns/{id}")
    brands = names((await api.get("/v1/brands", limit=200))["items"])
    run = await api.get(f"/v1/runs/{campaign['run']}") if campaign["run"] else None
    return page(
        request,
        "campaign.html.j2",
        campaign={**campaign, "brand": brands.get(campaign["brand"], campaign["slug"])},
        run={**of_run(run, language_of(request)), "landed": await landing(api, run)} if run else None,
        wall=await wall(request, api, id),
    )


async def packages(request: Request, api: Gateway) -> Response:
    """What can be downloaded, and what a delivery still lacks."""
    id = request.path_params["id"]
    campaign = await api.get(f"/v1/campaigns/{id}")
    ads = await api.get("/v1/creatives/tally", campaign=id)
    made = (await api.get("/v1/packages", campaign=id))["items"]
    language = language_of(request)
    t = translator(language)
    total, approved = ads["total"], ads["approved"]
    rows = [
        {
            **row,
            "when": when(row["created_at"], language),
            "count": len(row["creatives"]),
            "size": f"{row['bytes'] / 1e6:.1f} MB",
            "href": row["file_url"],
        }
        for row in made
    ]
    note = (
        ("good", t("Everything is approved: the delivery is complete."), "")
        if 0 < total == approved
        else (
            "note",
            t(
                "{approved} of {total} creatives are approved. A delivery holds only those.",
                approved=approved,
                total=total,
            ),
            "",
        )
    )
    columns = [
        {"key": "kind", "name": "Kind", "href": "href"},
        {"key": "count", "name": "Creatives", "number": True},
        {"key": "size", "name": "Size", "number": True},
        {"key": "when", "name": "Made"},
    ]
    part: Row = {
        "title": t("Packages"),
        "rows": rows,
        "columns": columns,
        "none": t("None was packed yet."),
    }
    if request.state.may("packages.create"):
        kinds = {"label": "Kind", "name": "kind", "options": ["proof", "delivery"]}
        part["form"] = {"action": f"/campaigns/{id}/packages", "verb": "Pack", "fields": [kinds]}
    return page(
        request,
        "table.html.j2",
        title=campaign["name"] or campaign["slug"],
        lead="",
        links=[(t("Back to the ads"), f"/campaigns/{id}")],
        notes=[note],
        parts=[part],
    )


async def pack(request: Request, api: Gateway) -> Response:
    """Packs what there is; a delivery holds what is approved."""
    fields, id = await fields_of(request), request.path_params["id"]
    await api.post("/v1/packages", {"campaign": id, "kind": text(fields, "kind") or "proof", "partial": True})
    return to(f"/campaigns/{id}/packages")


async def look(request: Request, api: Gateway) -> Response:  # noqa: ARG001 - every page has the same form
    """Language and theme of this browser."""
    fields = await fields_of(request)
    answer = to(text(fields, "back") or "/")
    if text(fields, "lang") in LANGUAGES:
        answer.set_cookie("affiche-language", text(fields, "lang"), max_age=_YEAR_S, samesite="lax", path="/")
    if text(fields, "theme") in ("light", "dark"):
        answer.set_cookie("affiche-theme", text(fields, "theme"), max_age=_YEAR_S, samesite="lax", path="/")
    return answer
