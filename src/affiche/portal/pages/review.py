"""Review by exception: what is not decided yet, alike together, what differs first."""

from __future__ import annotations

from collections import Counter
from unicodedata import east_asian_width

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway
from affiche.portal.shape import Row, ad, counted, every, grouped
from affiche.portal.views import page

#: Ads of a cluster that are shown before it is opened.
_SHOWN = 8


async def listed(request: Request, api: Gateway) -> Response:
    """Everything that waits, in clusters."""
    chosen = request.query_params.get("campaign", "")
    campaigns = (await api.get("/v1/campaigns", limit=100))["items"]
    named: dict[str, str] = {c["id"]: c["name"] or c["slug"] for c in campaigns}
    wanted = (
        [chosen]
        if chosen
        else [c["id"] for c in campaigns if c["state"] not in ("draft", "approved", "delivered")]
    )
    ads: list[Row] = []
    for id in wanted:
        ads += [
            c
            for c in await every(api.get, "/v1/creatives", campaign=id)
            if not c["decisions"] and c["file_url"]
        ]
    places = {p["id"]: p["name"] for p in (await api.get("/v1/placements"))["items"]}
    clusters = [_shown(cluster, places, named) for cluster in clustered(ads)]
    return page(
        request,
        "review.html.j2",
        clusters=clusters,
        chosen=chosen,
        campaigns=[{"id": id, "name": name} for id, name in named.items()],
    )


def clustered(ads: list[Row]) -> list[list[Row]]:
    """Ads that look and read alike together: one product, one placement, one status, words of about the same length.

    Those that stand alone, or failed, come first: what a reviewer must see. Within a cluster locale after locale.
    """
    groups = grouped(
        ads, lambda c: "|".join([c["campaign"], c["product"], c["placement"], c["variant"], c["status"]])
    ).values()
    worst = {"error": 0, "failed": 1, "flagged": 2, "passed": 3}
    clusters = [part for group in groups for part in _apart(group)]
    return sorted(clusters, key=lambda part: (worst.get(part[0]["status"], 0), len(part) > 1, -len(part)))


def _apart(group: list[Row]) -> list[list[Row]]:
    """Ads whose words are unusually long or short for their cluster stand alone: there, lines and sizes differ."""
    if len(group) < 4:
        return [group]
    lengths = {c["id"]: sum(map(_room, c["words"].values())) for c in group}
    middle = sorted(lengths.values())[len(lengths) // 2]
    usual = [c for c in group if 0.45 * middle <= lengths[c["id"]] <= 1.8 * middle]
    return [usual, *([c] for c in group if c not in usual)] if usual else [group]


def _room(text: str) -> int:
    """How much room a text takes: a wide letter (Han, kana, Hangul) as much as two narrow ones."""
    return sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _shown(cluster: list[Row], places: dict[str, str], named: dict[str, str]) -> Row:
    first = cluster[0]
    members = [{**c, "digest": c["file_digest"]} for c in cluster]
    drawn = [ad(c, places, {}) for c in cluster]
    name = " · ".join(
        [
            named.get(str(first["campaign"]), ""),
            str(first["product"]),
            places.get(str(first["placement"]), str(first["placement"])),
        ]
    )
    return {
        "name": name,
        "size": len(cluster),
        "outlier": len(cluster) == 1,
        "states": dict(Counter(counted(cluster))),
        "members": members,
        "shown": drawn[:_SHOWN],
        "rest": drawn[_SHOWN:],
    }


async def decide(request: Request, api: Gateway) -> Response:
    """One decision for a cluster, bound to what was seen of each."""
    fields = await fields_of(request)
    seen = dict(str(value).split("@", 1) for value in fields.getlist("creative"))
    decision = {"change_requested": "changes"}.get(text(fields, "decision"), text(fields, "decision"))
    await api.post(
        "/v1/approvals",
        {"creatives": list(seen), "decision": decision, "reason": text(fields, "reason"), "seen": seen},
    )
    return to(text(fields, "back") or "/review")
