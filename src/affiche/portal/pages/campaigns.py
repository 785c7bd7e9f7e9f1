"""Campaigns: the list, one of them with its run and its wall of ads, packages to download; and the look of the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway
from affiche.portal.pages.run import of_run
from affiche.portal.shape import Row, ad, counted, every, grouped, language_name, names, when
from affiche.portal.views import language_of, page
from affiche.portal.words import LANGUAGES, translator

_FILTERS = ("product", "locale", "placement")
_SHOTS = 5
_YEAR_S = 365 * 86400


async def listed(request: Request, api: Gateway) -> Response:
    """Campaigns, newest first, with a few of their ads."""
    wish, after = request.query_params.get("q", ""), request.query_params.get("after", "")
    found = await api.get("/v1/campaigns", text=wish, cursor=after, limit=24)
    brands = names((await api.get("/v1/brands", limit=200))["items"])
    language = language_of(request)
    rows = []
    for campaign in found["items"]:
        ads = (await api.get("/v1/creatives", campaign=campaign["id"], limit=200))["items"]
        shots = [c for c in ads if c["thumbnail_url"]]
        rows.append(
            {
                **campaign,
                "brand": brands.get(campaign["brand"], ""),
                "updated": when(campaign["updated_at"], language),
                "total": len(ads),
                "states": counted(ads),
                "shots": shots[:: max(1, len(shots) // _SHOTS)][:_SHOTS],
            }
        )
    return page(request, "campaigns.html.j2", campaigns=rows, q=wish, next=found["next"])


async def shown(request: Request, api: Gateway) -> Response:
    """One campaign: how its build goes, and every ad of it."""
    id = request.path_params["id"]
    campaign = await api.get(f"/v1/campaigns/{id}")
    ads = await every(api.get, "/v1/creatives", campaign=id)
    brands = names((await api.get("/v1/brands", limit=200))["items"])
    places = {p["id"]: p for p in (await api.get("/v1/placements"))["items"]}
    language = language_of(request)
    chosen = {name: request.query_params.get(name, "") for name in (*_FILTERS, "status", "q")}
    chosen["group"] = request.query_params.get("group", "") or "product"
    run = await api.get(f"/v1/runs/{campaign['run']}") if campaign["run"] else None
    kept = [c for c in ads if _wanted(c, chosen)]
    return page(
        request,
        "campaign.html.j2",
        campaign={**campaign, "brand": brands.get(campaign["brand"], campaign["slug"])},
        run=of_run(run, language) if run else None,
        total=len(ads),
        states=counted(ads),
        chosen=chosen,
        query=_query(chosen),
        filters=_filters(ads, places, language, translator(language)),
        groups=_groups(kept, chosen["group"], places, language),
    )


def _wanted(creative: Row, chosen: Row) -> bool:
    """Whether a creative passes the filters; words are searched in what it says and is."""
    if any(chosen[name] and creative[name] != chosen[name] for name in (*_FILTERS, "status")):
        return False
    told = " ".join(
        [*creative["words"].values(), creative["product"], creative["locale"], creative["placement"]]
    ).lower()
    return all(word in told for word in chosen["q"].lower().split())


def _query(chosen: Row) -> Callable[..., str]:
    """The address of the same page with other filters."""
    return lambda **other: urlencode({name: value for name, value in {**chosen, **other}.items() if value})


def _filters(
    ads: list[Row], places: dict[str, Row], language: str, t: Callable[..., str]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    said: dict[str, Callable[[str], str]] = {
        "product": str,
        "locale": lambda tag: f"{language_name(tag, language)} ({tag})",
        "placement": lambda place: places.get(place, {}).get("name", place),
    }
    labels = {"product": t("Product"), "locale": t("Language"), "placement": t("Placement")}
    found = []
    for name in _FILTERS:
        values = sorted({creative[name] for creative in ads})
        if len(values) > 1:
            found.append((name, labels[name], [(value, said[name](value)) for value in values]))
    return found


def _groups(ads: list[Row], by: str, places: dict[str, Row], language: str) -> list[tuple[Row, list[Any]]]:
    """Outer groups by what was chosen, inner ones by what then differs most."""
    outer_of, inner_of, caption = {
        "placement": (lambda c: c["placement"], lambda c: c["product"], "locale"),
        "locale": (lambda c: c["locale"], lambda c: c["product"], "placement"),
        "status": (lambda c: c["status"], lambda c: c["product"], "locale"),
    }.get(by, (lambda c: c["product"], lambda c: c["placement"], "locale"))
    named = {place: row.get("name", place) for place, row in places.items()}

    def title(value: str) -> str:
        return named.get(value) or (language_name(value, language) if by == "locale" else value)

    groups = []
    for outer, members in grouped(ads, outer_of).items():
        inner = []
        for value, rows in grouped(members, inner_of).items():
            size = rows[0]
            note = f"{size['width']} × {size['height']}" if value in named and size["width"] else ""
            inner.append(
                ({"name": title(value), "note": note}, [ad(row, named, {}, caption) for row in rows])
            )
        groups.append(({"name": title(outer), "count": len(members)}, inner))
    return groups


async def packages(request: Request, api: Gateway) -> Response:
    """What can be downloaded, and what a delivery still lacks."""
    id = request.path_params["id"]
    campaign = await api.get(f"/v1/campaigns/{id}")
    ads = await every(api.get, "/v1/creatives", campaign=id)
    made = (await api.get("/v1/packages", campaign=id))["items"]
    language = language_of(request)
    t = translator(language)
    approved = sum(creative["approved"] for creative in ads)
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
        if ads and approved == len(ads)
        else (
            "note",
            t(
                "{approved} of {total} creatives are approved. A delivery holds only those.",
                approved=approved,
                total=len(ads),
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
    part = {
        "title": t("Packages"),
        "rows": rows,
        "columns": columns,
        "none": t("None was packed yet."),
        "form": {
            "action": f"/campaigns/{id}/packages",
            "verb": "Pack",
            "fields": [{"label": "Kind", "name": "kind", "options": ["proof", "delivery"]}],
        },
    }
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
