"""Compare: two creatives against each other, and what a run made otherwise than an earlier one, what changed first."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import to
from affiche.portal.gateway import Gateway
from affiche.portal.pages.wall import places_of
from affiche.portal.shape import Row, language_name, role_name, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

#: Changes of a page.
_SHOWN = 60


async def two(request: Request, api: Gateway) -> Response:
    """Two creatives, older first."""
    asked = request.query_params
    if not (asked.get("a") and asked.get("b")):
        return to("/")
    language = language_of(request)
    t, places = translator(language), await places_of(api)
    pair = []
    for name in ("a", "b"):
        creative = await api.get(f"/v1/creatives/{asked[name]}")
        place = places.get(creative["placement"], {}).get("name", creative["placement"])
        title = f"{creative['product_name']} · {creative['locale']} · {place}"
        pair.append({**creative, "title": title, "placement_name": place, "told": when(creative["created_at"], language)})
    again = all(pair[0][part] == pair[1][part] for part in ("campaign", "product", "locale", "placement", "variant"))
    alike = all(pair[0][part] == pair[1][part] for part in ("product", "placement"))
    named = [language_name(one["locale"], language) if alike else one["title"] for one in pair]
    said = (t("Before"), t("Now")) if again else named
    words = [
        (role_name(role, t), pair[0]["words"].get(role, ""), pair[1]["words"].get(role, ""))
        for role in dict.fromkeys([*pair[0]["words"], *pair[1]["words"]])
        if pair[0]["words"].get(role, "") != pair[1]["words"].get(role, "")
    ]
    most = {side: max(one[side] or 1 for one in pair) for side in ("width", "height")}
    shown = [{**one, "said": called} for one, called in zip(pair, said, strict=True)]
    return page(request, "compare.html.j2", pair=shown, words=words, most=most)


async def runs(request: Request, api: Gateway) -> Response:
    """What the newest run of a campaign (or the one asked for) made otherwise than an earlier one."""
    id, language = request.path_params["id"], language_of(request)
    asked, start = request.query_params, request.query_params.get("from", "")
    campaign = await api.get(f"/v1/campaigns/{id}")
    listed = (await api.get("/v1/runs", campaign=id, limit=50))["items"]
    after = asked.get("after") or campaign["run"]
    found: Row = {"items": [], "same": 0, "before": ""}
    if after:
        found = await api.get(f"/v1/runs/{after}/changes", since=asked.get("before", ""))
    at = int(start) if start.isdecimal() else 0
    part = found["items"][at : at + _SHOWN]
    ids = [change[side] for change in part for side in ("before", "after") if change[side]]
    made = (await api.get("/v1/creatives", id=ids, current="false", limit=200))["items"] if ids else []
    ads = {item["id"]: item for item in made}
    places = {key: place["name"] for key, place in (await places_of(api)).items()}
    t = translator(language)
    kinds = {
        "added": t("new"), "removed": t("gone"), "pixels": t("looks different"), "words": t("other words"),
        "rules": t("other rules"),
    }  # fmt: skip
    sides = (("one", "before"), ("two", "after"))
    shown = [
        {
            **c, **{name: ads.get(c[side]) for name, side in sides},
            "place": places.get(c["placement"], ""), "told": kinds[c["kind"]],
        }
        for c in part
    ]  # fmt: skip
    counts = {kind: sum(c["kind"] == kind for c in found["items"]) for kind in kinds}
    return page(
        request,
        "changes.html.j2",
        campaign=campaign,
        runs=[{"id": run["id"], "told": _named(run, t, language)} for run in listed],
        after=after,
        before=found["before"],
        changes=shown,
        counts=[(kinds[kind], count) for kind, count in counts.items() if count],
        same=found["same"],
        following=at + _SHOWN if at + _SHOWN < len(found["items"]) else 0,
    )


def _named(run: Row, t: Callable[..., str], language: str) -> str:
    return f"{t('revision {number}', number=run['revision'])}, {when(run['created_at'], language)}"
