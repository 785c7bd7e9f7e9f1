"""Start: a campaign from a dropped file or a guided form, plan and preview beside it; a stored brief, edited the same way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.portal import form as forms
from affiche.portal.dropped import dropped, ours
from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused, allowed
from affiche.portal.pages.proposals import offers, taken
from affiche.portal.shape import Row, country_name, field_of, fitted, language_name
from affiche.portal.views import environment, frame, language_of, page
from affiche.portal.words import translator

_AUDIENCES = (
    "Office workers 25–40",
    "Parents of small children",
    "Students",
    "People over 60",
    "Sports and outdoors",
    "Small businesses",
)
#: Channels in the order in which the form offers them; others come last.
_CHANNELS = ("meta", "google", "linkedin", "tiktok", "pinterest", "x", "snapchat", "youtube", "iab", "amazon", "dooh", "plain")
#: Room for the largest surface of a channel in the form, px.
_SHOWN_ROOM = (112, 80)
#: Groups of countries that are offered, in this order: those that plan together.
GROUPS = (
    "NORTH-AMERICA", "LATAM", "DACH", "BENELUX", "UKI", "NORDICS", "BALTICS", "IBERIA", "SOUTHERN-EUROPE", "CEE", "GCC", "MENA",
    "GREATER-CHINA", "EAST-ASIA", "SEA", "ANZ",
)  # fmt: skip
_EMPTY: Row = {
    "message": {"locale": "en-US"},
    "products": [{}],
    "placements": ["instagram-square", "instagram-story", "linkedin-wide"],
}
_YAML = {"Content-Type": "application/yaml"}


async def form(request: Request, api: Gateway) -> Response:
    """An empty form, for who may save it."""
    allowed(request, "campaigns.create")
    brief = dict(_EMPTY)
    if template := request.query_params.get("template"):
        brief["design"] = {"template": template}
    return await _drawn(request, api, brief)


async def edit(request: Request, api: Gateway) -> Response:
    """The form of a campaign that exists, for who may save it."""
    allowed(request, "campaigns.revise")
    id = request.path_params["id"]
    campaign = await api.get(f"/v1/campaigns/{id}")
    revision = await api.get(f"/v1/campaigns/{id}/revisions/{campaign['revision']}")
    return await _drawn(
        request,
        api,
        ours(revision["brief"]),
        campaign=id,
        revision=campaign["revision"],
        brand=campaign["brand"],
    )


async def redrawn(request: Request, api: Gateway) -> Response:
    """The same form with one product more."""
    brief = _brief(await fields_of(request))
    brief["products"] = [*brief.get("products", []), {}]
    return await _drawn(request, api, brief)


async def from_file(request: Request, api: Gateway) -> Response:
    """A dropped brief as a form: what had to be assumed stands beside the fields. Nothing is stored yet."""
    file = (await fields_of(request)).get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return to("/start")
    assets = (await api.get("/v1/assets", limit=200))["items"]
    known = {asset["name"]: asset["id"] for asset in assets} | {asset["id"]: asset["id"] for asset in assets}
    brief, notes = dropped(await file.read(), PurePath(file.filename).name, known)
    status = 200 if brief else 422
    return await _drawn(request, api, brief or dict(_EMPTY), problems=notes, status=status)


async def create(request: Request, api: Gateway) -> Response:
    """A campaign from the form, built at once when that was wanted."""
    fields = await fields_of(request)
    brief = _brief(fields)
    params = {"run": "true" if fields.get("build") else "false", "brand": text(fields, "brand")}
    try:
        answer = await api.ask("POST", "/v1/campaigns", params=params, content=_body(brief), headers=_YAML)
    except Refused as refused:
        return await _drawn(
            request, api, brief, brand=text(fields, "brand"), problems=_problems(refused), status=422
        )
    return await _stored(request, api, answer.body["campaign"]["id"], text(fields, "use"))


async def revise(request: Request, api: Gateway) -> Response:
    """A new revision, only on top of the one that was edited."""
    fields, id = await fields_of(request), request.path_params["id"]
    brief = _brief(fields)
    params = {"run": "true" if fields.get("build") else "false"}
    headers = {**_YAML, "If-Match": f'"{text(fields, "revision")}"'}
    try:
        await api.ask(
            "PUT", f"/v1/campaigns/{id}/brief", params=params, content=_body(brief), headers=headers
        )
    except Refused as refused:
        return await _drawn(
            request,
            api,
            brief,
            campaign=id,
            revision=text(fields, "revision"),
            brand=text(fields, "brand"),
            problems=_problems(refused),
            status=422,
        )
    return await _stored(request, api, id, text(fields, "use"))


async def _stored(request: Request, api: Gateway, id: str, use: str) -> Response:
    """The page of a campaign that was just saved; `use`: product and picture of a proposal that was taken with it."""
    if not use:
        return to(f"/campaigns/{id}")
    product, _, picture = use.rpartition(" ")
    return await taken(request, api, id, products=[product], pictures=[picture])


async def as_yaml(request: Request, api: Gateway) -> Response:  # noqa: ARG001 - needs no API
    """The brief as the file that the command line reads."""
    brief = _brief(await fields_of(request))
    name = f'attachment; filename="{brief["campaign"]}.yaml"'
    return Response(
        forms.to_yaml(brief), media_type="application/yaml", headers={"Content-Disposition": name}
    )


async def look(request: Request, api: Gateway) -> Response:
    """Three creatives of what is in the form, drawn now. The plan, which takes longer, is asked for by itself."""
    preview = await _asked(api, "/v1/plans/preview", _wanted(await fields_of(request)))
    shots = [
        {**shot, "data": shot["jpeg"], **fitted(shot["width"], shot["height"], 200)}
        for shot in preview.get("shots", [])
    ]
    return HTMLResponse(environment().get_template("shots.html.j2").render(**frame(request), shots=shots))


async def plan(request: Request, api: Gateway) -> Response:
    """What building the form would do, and what is wrong with it, each with a link to its field."""
    fields = await fields_of(request)
    blank = not text(fields, "message.headline") and not text(fields, "products.0.name")
    # Nobody has done anything wrong yet: a form that nobody wrote in has no faults.
    told = {} if blank else await _asked(api, "/v1/plans", _wanted(fields))
    problems = [{**p, "field": field_of(p["where"])} for p in told.get("problems", [])][:12]
    offered = await offers(request, api, told.get("alike", []), own=text(fields, "brand"))
    shown = {"plan": _planned(told), "problems": problems, "offered": offered, "blank": blank}
    body = environment().get_template("planned.html.j2").render(**frame(request), **shown)
    return HTMLResponse(body)


def _wanted(fields: FormData) -> Row:
    return {"brief": forms.to_yaml(_brief(fields)), "brand": text(fields, "brand"), "fit": True}


async def _asked(api: Gateway, path: str, wanted: Row) -> Row:
    try:
        answer: Row = await api.post(path, wanted)
    except Refused as refused:
        return {"problems": _problems(refused)}
    return answer


def _planned(plan: Row) -> Row | None:
    if "creatives" not in plan:
        return None
    cost, steps = plan["cost"], plan["steps"]
    price = f"{cost['min']:.2f}–{cost['max']:.2f} {cost['currency']}" if cost["max"] else "0"
    return {
        "creatives": plan["creatives"],
        "wishes": plan.get("wishes", []) if plan["paid_calls"] else [],
        "reused": f"{steps['reused']} / {steps['total']}",
        "cost": price,
        "time": f"{plan['seconds']:.0f} s",
    }


def _problems(refused: Refused) -> list[Row]:
    """What is wrong, with the field that it belongs to."""
    found = refused.problem.get("problems") or [
        {"severity": "error", "message": refused.title, "hint": refused.hint, "where": ""}
    ]
    return [{**problem, "pointer": _pointer(problem.get("where", ""))} for problem in found]


def _pointer(where: str) -> str:
    return where.rpartition("(")[2].rstrip(")") if "(" in where else ""


def _brief(fields: FormData) -> Row:
    pairs = [(name, value) for name, value in fields.multi_items() if isinstance(value, str)]
    kept = json.loads(text(fields, "kept") or "{}")
    # For a stored brand its own file speaks: the fields that describe one are out of sight then, but sent all the same.
    stored = bool(text(fields, "brand"))
    said = [pair for pair in pairs if pair[0] != "brand" and not (stored and pair[0].startswith("brand."))]
    return forms.to_plain(said, kept)


def _body(brief: Row) -> bytes:
    return forms.to_yaml(brief).encode()


async def _drawn(
    request: Request,
    api: Gateway,
    brief: Row,
    *,
    campaign: str = "",
    revision: object = "",
    brand: str = "",
    problems: Iterable[Row] = (),
    status: int = 200,
) -> Response:
    language = language_of(request)
    names = ("brands", "assets", "markets", "placements", "locales")
    answers = await asyncio.gather(*(api.get(f"/v1/{name}", limit=200) for name in names))
    brands, assets, markets, placements, locales = (answer["items"] for answer in answers)
    given = brief.get("brand")
    facts = given if isinstance(given, Mapping) else {}
    tags, message = forms.locales_of(brief), brief.get("message", {})
    refs, chosen = [asset["id"] for asset in assets], _chosen(brief, markets)
    others = [(tag, language_name(tag, language)) for tag in tags if tag != message.get("locale")]
    return page(
        request,
        "start.html.j2",
        status=status,
        campaign=campaign,
        revision=revision,
        brief={"name": "", "campaign": "", "audience": "", **brief},
        message=message,
        brands=[{"ref": b["id"], "name": b["name"] or b["slug"]} for b in brands],
        brand_ref=brand,
        brand_facts={"name": "", "colors": [], **facts},
        audiences=_AUDIENCES,
        products=_products(brief, assets),
        refs=refs,
        assets=[{"ref": a["id"], "name": a["name"]} for a in assets if a["kind"] not in ("font", "feed")],
        markets=_markets(markets, language, chosen),
        groups=_groups(markets, translator(language)),
        chosen=chosen,
        placements=offered(placements, brief.get("placements", [])),
        others=others,
        copy=brief.get("copy", {}),
        budget={"max": "", "currency": "", **(brief.get("budget") or {})},
        locales=localised(locales, language),
        problems=[p for p in problems if p.get("pointer")],
        notes=[p for p in problems if not p.get("pointer")],
        kept=json.dumps(forms.kept_of(brief)),
    )


def _products(brief: Row, assets: list[Row]) -> list[Row]:
    thumbs = {asset["id"]: asset["file_url"] for asset in assets}
    shown = []
    for product in brief.get("products", []) or [{}]:
        picture = product.get("picture") or {}
        ref = picture if isinstance(picture, str) else picture.get("file", "")
        shown.append(
            {
                "id": "",
                "name": "",
                "price": "",
                "description": "",
                **product,
                "ref": ref,
                "imagine": isinstance(picture, Mapping) and picture.get("imagine"),
                "thumb": thumbs.get(ref, ""),
            }
        )
    return shown


def _markets(markets: list[Row], language: str, chosen: Mapping[str, tuple[str, str]]) -> list[Row]:
    """Countries with their languages, named in the language of the page; what the brief chose comes first, as it chose it."""
    offered = [(area["id"], tag) for area in markets if area["kind"] == "country" for tag in (*area["locales"], *area["also"])]
    names, t = {area["id"]: area["name"] for area in markets}, translator(language)
    rows = []
    for region, tag in dict.fromkeys([*chosen.values(), *offered]):
        country = country_name(region, language) or t(names.get(region, region))
        name = language_name(tag.split("-")[0], language)
        rows.append(
            {
                "id": f"{region}-{tag}", "value": f"{region}:{tag}", "country": country, "language": f"{name} ({tag})",
                "words": f"{country} {names.get(region, '')} {region} {name} {tag}",
            }
        )  # fmt: skip
    return rows


def _groups(markets: list[Row], t: Callable[..., str]) -> list[Row]:
    known = {area["id"]: area for area in markets}
    return [
        {
            "name": t(known[id]["name"]),
            "members": " ".join(
                f"m-{code}-{tag}" for code in known[id]["countries"] for tag in known.get(code, {}).get("locales", [])
            ),
        }
        for id in GROUPS
        if id in known
    ]


def _chosen(brief: Row, markets: list[Row]) -> dict[str, tuple[str, str]]:
    """Value of its box -> region and locale, of all markets of a brief; a market that names no locale has the usual ones."""
    usual = {area["id"]: area["locales"] for area in markets}
    found = {}
    for market in brief.get("markets", []):
        region = str(market.get("region", ""))
        for tag in market.get("locales") or usual.get(region, []):
            found[f"{region}:{tag}"] = (region, str(tag))
    return found


def localised(locales: list[Row], language: str) -> list[Row]:
    """Locales with their names in the language of the page."""
    return [
        {"tag": item["id"], "name": f"{language_name(item['id'], language)} ({item['id']})"}
        for item in locales
    ]


def offered(placements: list[Row], wanted: list[object]) -> list[tuple[str, list[Row]]]:
    """By channel, all of a channel in one scale; what is wanted is chosen under the name that the brief gives it, also
    what no channel knows (a plain ratio)."""
    rank = {channel: number for number, channel in enumerate(_CHANNELS)}
    asked = {str(name): name for name in wanted if not isinstance(name, Mapping)}
    found: dict[str, list[Row]] = {}
    for place in sorted(placements, key=lambda p: rank.get(p["channel"], 99)):
        spelled = next((name for name in (place["id"], *place["aliases"]) if name in asked), "")
        asked.pop(spelled, None)
        if place["media"] == "video" and not spelled:
            continue
        seen = place["shown_width"] or place["width"]
        shown = {
            "id": spelled or (place["aliases"][0] if place["aliases"] else place["id"]),
            "name": place["name"],
            "size": f"{place['width']} × {place['height']}",
            "checked": bool(spelled),
            "seen": (seen, seen * place["height"] / place["width"]),
        }
        found.setdefault(place["channel"], []).append(shown)
    scaled = {channel: _to_scale(places) for channel, places in found.items()}
    if asked:
        scaled["other"] = [{"id": n, "name": n, "size": "", "checked": True, "w": 0, "h": 0} for n in asked]
    return list(scaled.items())


def _to_scale(places: list[Row]) -> list[Row]:
    """With `w` and `h` px: as large beside each other as people see them, the largest as large as the form has room."""
    scale = min(room / max(place["seen"][side] for place in places) for side, room in enumerate(_SHOWN_ROOM))
    sizes = [[max(3, round(side * scale)) for side in place["seen"]] for place in places]
    return [{**place, "w": w, "h": h} for place, (w, h) in zip(places, sizes, strict=True)]
