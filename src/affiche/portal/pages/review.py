"""Review by exception: what is not decided yet, alike together, what differs first; and one after the other on a phone."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from affiche.portal.forms import fields_of, said, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.pages.wall import places_of
from affiche.portal.shape import Row, ad, grouped
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

#: Ads of a cluster that are shown; clusters of a page.
_SHOWN, _CLUSTERS = 8, 12
#: Decisions of one call (the API takes 500); what the API says of what was withdrawn already; cards of a stack.
_AT_ONCE, _CONFLICT, _CARDS = 500, 409, 10
_RESTING = ("draft", "approved", "delivered")


async def listed(request: Request, api: Gateway) -> Response:
    """Everything that waits, in clusters, a page of them at a time."""
    chosen, start = request.query_params.get("campaign", ""), request.query_params.get("from", "")
    at = int(start) if start.isdecimal() else 0
    named, wanted = await _campaigns(api, chosen)
    found = await _waiting(api, "clusters", wanted, offset=at, limit=_CLUSTERS)
    places = {id: place["name"] for id, place in (await places_of(api)).items()}
    part = found["items"]
    ads = await _ads(api, [id for cluster in part for id in _few(cluster["members"])])
    shown = [_shown(cluster, ads, places, named) for cluster in part]
    return page(
        request,
        "review.html.j2",
        clusters=shown,
        total=found["total"],
        odd=found["odd"],
        chosen=chosen,
        campaigns=[{"id": id, "name": name} for id, name in named.items()],
        previous=_page_url(chosen, at - _CLUSTERS) if at else "",
        following=_page_url(chosen, at + _CLUSTERS) if at + _CLUSTERS < found["clusters"] else "",
    )


async def _campaigns(api: Gateway, chosen: str) -> tuple[dict[str, str], list[str]]:
    """Names of campaigns by id, and those whose ads wait."""
    campaigns = (await api.get("/v1/campaigns", limit=100))["items"]
    named: dict[str, str] = {c["id"]: c["name"] or c["slug"] for c in campaigns}
    return named, [chosen] if chosen else [c["id"] for c in campaigns if c["state"] not in _RESTING][:50]


async def _waiting(api: Gateway, what: str, wanted: list[str], **part: Any) -> Row:
    """A part of what waits in these campaigns: `clusters`, or `waiting` one by one."""
    if not wanted:
        return {"items": [], "total": 0, "odd": 0, "clusters": 0, "left": 0}
    found: Row = await api.get(f"/v1/creatives/{what}", campaign=wanted, **part)
    return found


def _page_url(chosen: str, at: int) -> str:
    return f"/review?campaign={chosen}&from={max(0, at)}"


def _few(members: list[str]) -> list[str]:
    """The first and others evenly from all of a cluster, since neighbours are most alike."""
    return members[:: max(1, len(members) // _SHOWN)][:_SHOWN]


async def _ads(api: Gateway, ids: list[str]) -> dict[str, Row]:
    items = (await api.get("/v1/creatives", id=ids, limit=200))["items"] if ids else []
    return {item["id"]: item for item in items}


def _shown(cluster: Row, ads: dict[str, Row], places: dict[str, str], named: dict[str, str]) -> Row:
    """A cluster with a few of its ads."""
    members = cluster["members"]
    place: str = places.get(cluster["placement"]) or str(cluster["placement"])
    shown = [ad(ads[id], places) for id in _few(members) if id in ads]
    product = shown[0]["product_name"] if shown else cluster["product"]
    return {
        **cluster,
        "name": " · ".join([named.get(cluster["campaign"], ""), product, place]),
        "size": len(members),
        "first": members[0],
        "shown": shown,
    }


async def swipe(request: Request, api: Gateway) -> Response:
    """One ad that waits, with its decision; what differs comes first."""
    chosen = request.query_params.get("campaign", "")
    named, wanted = await _campaigns(api, chosen)
    found = await _waiting(api, "waiting", wanted, at=request.query_params.get("ad", ""), limit=_CARDS)
    part = found["items"]
    places = {id: place["name"] for id, place in (await places_of(api)).items()}
    ads = await _ads(api, [one["creative"] for one in part])
    said = await _said(api, [id for id, one in ads.items() if one["status"] != "passed"])
    cards = [
        {**ad(ads[id], places), "why": one["why"], "digest": ads[id]["file_digest"], "findings": said.get(id, [])[:3]}
        for one in part
        if (id := one["creative"]) in ads
    ]
    return page(
        request,
        "swipe.html.j2",
        cards=cards,
        left=found["left"],
        total=found["total"],
        chosen=chosen,
        named=named,
        after=part[1]["creative"] if len(part) > 1 else "",
    )


async def _said(api: Gateway, ids: list[str]) -> dict[str, list[Row]]:
    """What rules said of these ads, worst first, by id."""
    items = (await api.get("/v1/findings", creative=ids))["items"] if ids else []
    return grouped(items, itemgetter("creative"))


async def decide(request: Request, api: Gateway) -> Response:
    """One decision, for an ad or a whole cluster, bound to what was seen of each; it can be undone from the page that follows."""
    fields = await fields_of(request)
    t = translator(language_of(request))
    seen = dict(str(value).split("@", 1) for value in fields.getlist("creative"))
    if (why := unsaid(fields, t)) and "json" not in request.headers.get("accept", ""):
        return said(to(text(fields, "back") or "/review"), why)
    made = await decided(
        api, seen, text(fields, "decision"), text(fields, "reason"), text(fields, "stage"),
        request.headers.get("idempotency-key", ""),
    )  # fmt: skip
    if "json" in request.headers.get("accept", ""):
        return JSONResponse({"undo": made})
    return said(to(text(fields, "back") or "/review"), t("{count} decided", count=len(made)), "/review/undo", made)


def unsaid(fields: FormData, t: Callable[..., str]) -> str:
    """What to say when a decision against something comes without its reason; else empty."""
    if text(fields, "decision") == "approved" or text(fields, "reason"):
        return ""
    return t("Say why: whoever makes it again needs the reason.")


async def decided(
    api: Gateway, seen: dict[str, str], decision: str, reason: str, stage: str = "", key: str = ""
) -> list[str]:
    """Ids of the decisions that were made: in parts when there are many. Raises Refused."""
    wish = {"decision": {"change_requested": "changes"}.get(decision, decision), "reason": reason, "stage": stage or "creative"}
    ids, made = list(seen), []
    for at in range(0, len(ids), _AT_ONCE):
        part = {id: seen[id] for id in ids[at : at + _AT_ONCE]}
        headers = {"Idempotency_Key": f"{key}.{at}"} if key else {}
        answer = await api.post("/v1/approvals", {**wish, "creatives": list(part), "seen": part}, **headers)
        made += [row["id"] for row in answer["items"]]
    return made


async def undo(request: Request, api: Gateway) -> Response:
    """Takes decisions back; those that somebody withdrew already stay withdrawn."""
    fields = await fields_of(request)
    for id in text(fields, "ids").split():
        try:
            await api.post(f"/v1/approvals/{id}/withdraw")
        except Refused as refused:
            if refused.status != _CONFLICT:
                raise
    return to(text(fields, "back") or "/review")
