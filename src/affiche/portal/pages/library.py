"""Library: pictures, logos and fonts that campaigns share."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import Row, every, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

_NEAR = 60.0
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/avif")


async def listed(request: Request, api: Gateway) -> Response:
    """Assets, newest first; by words, or by how near their colours are."""
    query = request.query_params
    wish, color = query.get("q", ""), query.get("color", "") if query.get("by_color") else ""
    if color:
        rows = sorted(
            (a for a in await every(api.get, "/v1/assets", text=wish) if _far(a, color) < _NEAR),
            key=lambda a: _far(a, color),
        )
        found: Row = {"items": rows, "next": ""}
    else:
        found = await api.get("/v1/assets", text=wish, cursor=query.get("after", ""), limit=60)
    return page(
        request,
        "library.html.j2",
        assets=[_asset(a) for a in found["items"]],
        q=wish,
        color=color,
        next=found["next"],
    )


async def shown(request: Request, api: Gateway) -> Response:
    """One asset: facts, rights, what looks like it."""
    asset = await api.get(f"/v1/assets/{request.path_params['id']}")
    language = language_of(request)
    facts = [
        ("Kind", asset["kind"]),
        ("Format", asset["media_type"]),
        ("Size", f"{asset['width']} × {asset['height']}" if asset["width"] else "–"),
        ("Weight", f"{asset['bytes'] / 1000:.0f} kB"),
        ("Focal point", ", ".join(f"{v:.2f}" for v in asset["focal"] or []) or "–"),
        ("Added", when(asset["created_at"], language)),
        ("Id", asset["id"]),
    ]
    others = [a for a in await every(api.get, "/v1/assets") if a["id"] != asset["id"] and a["palette"]]
    near = sorted(others, key=lambda a: _far(a, asset["palette"][0]))[:6] if asset["palette"] else []
    used = [
        {"id": c["id"], "name": c["name"] or c["slug"]}
        for c in (await api.get("/v1/campaigns", text=asset["id"]))["items"]
    ]
    return page(
        request, "asset.html.j2", a=_asset(asset), facts=facts, used=used, similar=[_asset(a) for a in near]
    )


async def upload(request: Request, api: Gateway) -> Response:
    """Takes files; what is there already is recognised and not stored twice."""
    fields = await fields_of(request)
    t = translator(language_of(request))
    answers: list[Row] = []
    for file in fields.getlist("file"):
        if isinstance(file, UploadFile) and file.filename:
            answers.append(await _taken(api, file, t("stored"), t("was here already")))
    if "json" in request.headers.get("accept", "") and answers:
        return JSONResponse(answers[0], status_code=200 if "id" in answers[0] else 422)
    return to("/library")


async def _taken(api: Gateway, file: UploadFile, stored: str, known: str) -> Row:
    try:
        answer = await api.ask(
            "POST",
            "/v1/assets",
            params={"name": file.filename},
            content=await file.read(),
            headers={"Content-Type": "application/octet-stream"},
        )
    except Refused as refused:
        return {"said": f"{refused.title} {refused.hint}".strip()}
    asset = answer.body
    return {
        "id": asset["id"],
        "name": asset["name"],
        "url": asset["file_url"],
        "said": known if asset["duplicates"] else stored,
    }


async def rights(request: Request, api: Gateway) -> Response:
    """Who may use it, until when."""
    fields, id = await fields_of(request), request.path_params["id"]
    until = text(fields, "expires")
    change: Row = {"rights": {"licence": text(fields, "licence")}}
    if until:
        change["rights_expire_at"] = f"{until}T00:00:00Z"
    await api.ask("PATCH", f"/v1/assets/{id}", json=change)
    return to(f"/library/{id}")


def _asset(asset: Row) -> Row:
    picture = asset["media_type"] in _PICTURES
    expires = (asset["rights_expire_at"] or "")[:10]
    size = f"{asset['width']} × {asset['height']} · " if asset["width"] else ""
    return {
        **asset,
        "thumbnail_url": asset["file_url"] if picture else "",
        "preview_url": asset["file_url"] if picture else "",
        "note": f"{size}{asset['kind']}",
        "licence": asset["rights"].get("licence", ""),
        "expires": expires,
        "expired": False,
    }


def _far(asset: Row, color: str) -> float:
    """How far the nearest main colour is, in RGB (0 to 441)."""
    wanted = _rgb(color)
    found = [
        sum((a - b) ** 2 for a, b in zip(_rgb(known), wanted, strict=True)) ** 0.5
        for known in asset["palette"][:3]
    ]
    return min(found, default=999.0)


def _rgb(text: str) -> tuple[int, int, int]:
    try:
        r, g, b = bytes.fromhex(text.lstrip("#")[:6])
    except ValueError:
        return (128, 128, 128)
    return r, g, b
