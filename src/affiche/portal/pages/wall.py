"""The wall of a campaign: groups with their counts, the first ads drawn, the others as boxes of the right size.

Boxes fill with their ads when they come near, so nothing moves. Filters stand in the address. Without scripts each group
has a link to what is not drawn. May live here: what the wall shows; the campaign around it is in `campaigns.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.portal.gateway import Gateway
from affiche.portal.shape import Row, ad, language_name
from affiche.portal.views import environment, frame, language_of

#: Kind (`product`, `placement`) -> what people call each of them, by id.
Called = Mapping[str, Mapping[str, str]]
FILTERS = ("product", "locale", "placement", "status")
#: Ads that are asked for at once.
CHUNK = 48
#: What a caption says that the headings do not.
_CAPTIONS = {"product": "locale", "placement": "locale", "locale": "product_placement", "status": "locale_placement"}
#: Side of a square ad, gap and caption on the page, px; width of the wall that heights are guessed for.
_SIDE, _GAP, _CAPTION, _ROOM = 176, 24, 24, 1100


def chosen_of(request: Request) -> Row:
    """What the address asks for."""
    chosen = {name: request.query_params.get(name, "") for name in (*FILTERS, "q")}
    by = request.query_params.get("group", "")
    return {**chosen, "group": by if by in _CAPTIONS else "product"}


def query_of(chosen: Row) -> Callable[..., str]:
    """The address of the same page with other filters."""
    return lambda **other: urlencode({name: value for name, value in {**chosen, **other}.items() if value})


async def wall(request: Request, api: Gateway, campaign: str) -> Row:
    """All that the wall of `campaign` shows: totals, filters, groups; ads of the first chunks only."""
    chosen, language = chosen_of(request), language_of(request)
    asked = {name: chosen[name] for name in FILTERS}
    counts = await api.get("/v1/creatives/counts", campaign=campaign, by=chosen["group"], text=chosen["q"], **asked)
    places = await places_of(api)
    called = {"placement": {id: place["name"] for id, place in places.items()}, "product": counts["products"]}
    groups = [_group(group, chosen, counts["within"], language, called) for group in counts["groups"]]
    drawn, before = _drawn(groups, request.query_params.get("from", ""))
    room = sum(len(chunk["boxes"]) for chunk in drawn)
    ads = await _ads(api, campaign, chosen, {**asked, "offset": before}, places, room) if drawn else []
    for chunk in drawn:
        chunk["ads"], ads = ads[: len(chunk["boxes"])], ads[len(chunk["boxes"]) :]
    return {
        "id": campaign,
        "total": counts["total"],
        "states": counts["facets"]["status"],
        "facets": counts["facets"],
        "chosen": chosen,
        "query": query_of(chosen),
        "kept": sum(group["count"] for group in groups),
        "filters": _filters(counts["facets"], called, language, frame(request)["t"]),
        "groups": _outer(groups),
    }


async def part(request: Request, api: Gateway) -> Response:
    """One chunk of ads."""
    chosen, campaign = chosen_of(request), request.path_params["id"]
    params = {name: request.query_params.get(name, "") for name in (*FILTERS, "offset")}
    ads = await _ads(api, campaign, chosen, params, await places_of(api))
    return HTMLResponse(environment().get_template("ads.html.j2").render(**frame(request), ads=ads))


async def places_of(api: Gateway) -> dict[str, Row]:
    """Placements by id."""
    return {place["id"]: place for place in (await api.get("/v1/placements"))["items"]}


async def _ads(
    api: Gateway, campaign: str, chosen: Row, params: Row, places: dict[str, Row], limit: int = CHUNK
) -> list[Row]:
    wanted = {**params, "campaign": campaign, "text": chosen["q"], "sort": "place", "by": chosen["group"], "limit": limit}
    named = {id: place["name"] for id, place in places.items()}
    items = (await api.get("/v1/creatives", **wanted))["items"]
    return [ad(item, named, _CAPTIONS[chosen["group"]]) for item in items]


def _group(group: Row, chosen: Row, within: str, language: str, called: Called) -> Row:
    """An inner group with its chunks; each knows its boxes and where the rest comes from."""
    by = chosen["group"]
    params = {**{name: chosen[name] for name in FILTERS}, by: group["outer"], **({within: group["inner"]} if within else {})}
    boxes = [box for size in group["sizes"] for box in [_box(size["width"], size["height"])] * size["count"]]
    chunks = []
    for at in range(0, len(boxes), CHUNK):
        asked = {name: value for name, value in {**params, "offset": at or ""}.items() if value}
        url = urlencode({**asked, "group": by, **({"q": chosen["q"]} if chosen["q"] else {})})
        part = boxes[at : at + CHUNK]
        chunks.append({"params": asked, "boxes": part, "marks": _marks(part), "url": url, "ads": None})
    size = group["sizes"][0]
    return {
        "outer": _title(by, group["outer"], language, called),
        "name": _title(within, group["inner"], language, called) if within else "",
        "note": f"{size['width']} × {size['height']}" if within == "placement" and size["width"] else "",
        "count": group["count"],
        "chunks": chunks,
        "height": _height(boxes),
        "more": urlencode({**{n: v for n, v in params.items() if v}, "group": by}),
    }


@lru_cache(maxsize=1024)
def _box(width: int, height: int) -> Row:
    width, height = width or 1, height or 1
    return {"k": round((width / height) ** 0.5, 3), "ratio": f"{width} / {height}", "w": width, "h": height}


def _marks(boxes: list[Row]) -> Markup:
    """Empty boxes that stand for ads; those of the first one's shape have it from their chunk."""
    marks: dict[str, Markup] = {boxes[0]["ratio"]: Markup("<i></i>")}
    for box in boxes:
        if box["ratio"] not in marks:
            marks[box["ratio"]] = Markup('<i style="--k:{k};--ratio:{ratio}"></i>').format(**box)
    return Markup("").join([marks[box["ratio"]] for box in boxes])


def _height(boxes: list[Row]) -> int:
    """About how high the boxes stand on a desktop, px: what the page reserves before it lays them out."""
    wide = max(64.0, _SIDE * boxes[0]["k"])
    rows = -(-len(boxes) // max(1, int((_ROOM + _GAP) // (wide + _GAP))))
    high: float = wide * boxes[0]["h"] / boxes[0]["w"]
    return round(rows * (high + _CAPTION + _GAP)) + 56


def _title(kind: str, value: str, language: str, called: Called) -> str:
    return f"{language_name(value, language)} ({value})" if kind == "locale" else called.get(kind, {}).get(value, value)


def _drawn(groups: list[Row], start: str) -> tuple[list[Row], int]:
    """The chunks that are drawn with the page, a screen's worth from chunk number `start` on; and how many ads stand before."""
    chunks = [chunk for group in groups for chunk in group["chunks"]]
    at = int(start) if start.isdecimal() else 0
    for number, chunk in enumerate(chunks):
        chunk["number"] = number
    found: list[Row] = []
    for chunk in chunks[at:]:
        if sum(len(one["boxes"]) for one in found) >= CHUNK:
            break
        found.append(chunk)
    return found, sum(len(chunk["boxes"]) for chunk in chunks[:at])


def _outer(groups: list[Row]) -> list[Row]:
    found: dict[str, Row] = {}
    for group in groups:
        outer = found.setdefault(group["outer"], {"name": group["outer"], "count": 0, "groups": []})
        outer["count"] += group["count"]
        outer["groups"].append(group)
    return [*found.values()]


def _filters(facets: Row, called: Called, language: str, t: Callable[..., str]) -> list[Any]:
    labels = {"product": t("Product"), "locale": t("Language"), "placement": t("Placement")}
    return [
        (
            name,
            label,
            [(value, f"{_title(name, value, language, called)} · {count}") for value, count in facets[name].items()],
        )
        for name, label in labels.items()
        if len(facets[name]) > 1
    ]
