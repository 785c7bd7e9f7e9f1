"""Library: pictures, logos and fonts that campaigns share; found by words, colour and likeness, with rights, versions, uses."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from affiche.portal.forms import fields_of, guard, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.sentences import plain
from affiche.portal.shape import Row, when
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

#: How rights are asked for, as the API names them -> as the page calls it.
_RIGHTS = (("", "All"), ("soon", "Rights end soon"), ("expired", "Rights ended"), ("none", "No rights said"))
_KINDS = (("", "Everything"), ("picture", "Pictures"), ("font", "Fonts"), ("feed", "Product lists"))
_SHOWN = 60
#: Rights that end within so many days are told on a tile.
_SOON = timedelta(days=30)


async def listed(request: Request, api: Gateway) -> Response:
    """Assets, newest first; by words, kind, rights, colour, or what they mean."""
    query, can = request.query_params, await api.get("/v1/search/meaning")
    asked: Row = {name: query.get(name, "") for name in ("text", "kind", "rights", "tag")}
    asked["text"] = asked["text"] or query.get("q", "")
    meant = _meant(query, can["available"], asked["text"])
    color = query.get("color", "") if query.get("by_color") and not any(meant.values()) else ""
    known = {name for name, _ in _RIGHTS}, {name for name, _ in _KINDS}
    asked["rights"] = asked["rights"] if asked["rights"] in known[0] else ""
    asked["kind"] = asked["kind"] if asked["kind"] in known[1] else ""
    words = {**asked, **meant, **({"text": ""} if meant["meaning"] else {})}
    found, refused, like = await asyncio.gather(
        api.get("/v1/assets", **words, color=color.lstrip("#"), cursor=query.get("after", ""), limit=_SHOWN),
        api.get("/v1/arrivals", state="refused", limit=1), _shown_one(api, meant["like"]),
    )  # fmt: skip
    return page(
        request, "library.html.j2", assets=[_asset(a) for a in found["items"]], **asked, color=color, next=found["next"],
        rights_choices=_RIGHTS, kinds=_KINDS, refused=bool(refused["items"]), can_mean=can["available"], like=like,
        by_meaning=bool(meant["meaning"]), filtered=any(asked.values()) or bool(color) or like is not None,
    )  # fmt: skip


def _meant(query: Mapping[str, str], can: bool, text: str) -> dict[str, str]:
    """What is asked for by meaning: the words of the field when that is ticked, or what is like an asset."""
    like = query.get("like", "") if can else ""
    return {"meaning": text if can and query.get("by_meaning") and not like else "", "like": like}


async def _shown_one(api: Gateway, id: str) -> Row | None:
    return _asset(await api.get(f"/v1/assets/{id}")) if id else None


async def shown(request: Request, api: Gateway) -> Response:
    """One asset: facts, rights, versions, where it is used, what looks like it, what the file says of itself."""
    id = request.path_params["id"]
    asset, uses, alike, can = await asyncio.gather(
        api.get(f"/v1/assets/{id}"), api.get(f"/v1/assets/{id}/uses"), api.get(f"/v1/assets/{id}/alike", limit=8),
        api.get("/v1/search/meaning"),
    )  # fmt: skip
    versions = [_asset(v) for v in uses["versions"]][::-1]
    return page(
        request, "asset.html.j2", a=_asset(asset), facts=_facts(asset, language_of(request)), said=_said(asset["metadata"]),
        used=[*({**u, "href": f"/campaigns/{u['id']}"} for u in uses["campaigns"]),
              *({**u, "href": f"/brands/{u['id']}"} for u in uses["brands"])],
        versions=versions if len(versions) > 1 else [], newest=versions[0]["id"] if versions else id,
        similar=[{**_asset(one["asset"]), "how": one["how"]} for one in alike["items"]], can_mean=can["available"],
    )  # fmt: skip


async def arrivals(request: Request, api: Gateway) -> Response:
    """What came in by folders and prefixes, and why something was refused."""
    found = await api.get("/v1/arrivals", limit=100, cursor=request.query_params.get("after", ""))
    language = language_of(request)
    rows = [{**row, "when": when(row["updated_at"], language)} for row in found["items"]]
    return page(request, "arrivals.html.j2", rows=rows, next=found["next"])


# -- files that come ----------------------------------------------------------------------------------------------------------


async def upload(request: Request, api: Gateway) -> Response:
    """Takes files whole; what is there already is recognised and not stored twice."""
    fields = await fields_of(request)
    answers: list[Row] = []
    replaces = text(fields, "replaces")
    for file in fields.getlist("file"):
        if isinstance(file, UploadFile) and file.filename:
            params = {"name": file.filename, **({"replaces": replaces} if replaces else {"reuse": "true"})}
            answers.append(await _taken(request, api, "/v1/assets", params, await file.read()))
    if "json" in request.headers.get("accept", "") and answers:
        return JSONResponse(answers[0], status_code=200 if "id" in answers[0] else 422)
    new = answers[0].get("id", "") if replaces and answers else ""
    return to(f"/library/{new}" if new else "/library")


async def begin(request: Request, api: Gateway) -> Response:
    """Begins the upload of a large file in parts."""
    guard(request)
    try:
        answer = await api.ask("POST", "/v1/uploads", json=await request.json())
    except Refused as refused:
        return _no(request, refused)
    return JSONResponse({"id": answer.body["id"], "received": answer.body["received"]})


async def part(request: Request, api: Gateway) -> Response:
    """How far an upload is (GET), or the next bytes of it (POST)."""
    place = f"/v1/uploads/{request.path_params['id']}"
    try:
        if request.method == "GET":
            row = await api.get(place)
        else:
            guard(request)
            headers = {"Upload-Offset": request.headers.get("upload-offset", "0"), "Content-Type": "application/octet-stream"}
            row = (await api.ask("PATCH", place, content=await request.body(), headers=headers)).body
    except Refused as refused:
        return _no(request, refused)
    return JSONResponse({"id": row["id"], "received": row["received"], "state": row["state"]})


async def complete(request: Request, api: Gateway) -> Response:
    """All parts are there: the file becomes an asset."""
    guard(request)
    made = await _taken(request, api, f"/v1/uploads/{request.path_params['id']}/complete", {"reuse": "true"}, b"")
    return JSONResponse(made, status_code=200 if "id" in made else 422)


async def _taken(request: Request, api: Gateway, place: str, params: Mapping[str, str], data: bytes) -> Row:
    """The asset, and in words what became of the file."""
    t = translator(language_of(request))
    kind = {"Content-Type": "application/octet-stream"}
    try:
        answer = await api.ask("POST", place, params=params, content=data, headers=kind)
    except Refused as refused:
        return {"said": _no_words(request, refused), "state": "refused"}
    asset = answer.body
    known = answer.status == 200 or bool(asset["duplicates"])
    near = t("stored; it looks like a copy of another one") if asset["near"] else t("stored")
    return {
        "id": asset["id"], "name": asset["name"], "url": asset["file_url"], "said": t("was here already") if known else near,
        "state": "known" if known else "stored",
    }  # fmt: skip


def _no(request: Request, refused: Refused) -> JSONResponse:
    return JSONResponse({"said": _no_words(request, refused)}, status_code=refused.status)


def _no_words(request: Request, refused: Refused) -> str:
    """What the API refused, as plain words for scripts."""
    language = language_of(request)
    return f"{plain(refused.title, language)} {plain(refused.hint, language)}".strip()


# -- what people say of an asset ----------------------------------------------------------------------------------------------


async def rights(request: Request, api: Gateway) -> Response:
    """Who may use it, until when."""
    fields, id = await fields_of(request), request.path_params["id"]
    before = (await api.get(f"/v1/assets/{id}"))["rights"]
    said = {name: text(fields, name) for name in ("licence", "holder")}
    kept = {name: value for name, value in before.items() if name not in (*said, "from")}
    change: Row = {"rights": {**kept, **{name: value for name, value in said.items() if value}}}
    change["rights_expire_at"] = _end_of(text(fields, "expires"))
    await api.ask("PATCH", f"/v1/assets/{id}", json=change)
    return to(f"/library/{id}")


async def tags(request: Request, api: Gateway) -> Response:
    """What it is found by besides its name."""
    fields, id = await fields_of(request), request.path_params["id"]
    said = dict.fromkeys(tag.strip()[:80] for tag in text(fields, "tags").replace("،", ",").replace("、", ",").split(","))
    await api.ask("PATCH", f"/v1/assets/{id}", json={"tags": [tag for tag in said if tag][:50]})
    return to(f"/library/{id}")


def _end_of(day: str) -> str | None:
    """The moment after the last day; None for no end, or for what is no day."""
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat() + "T00:00:00Z"
    except (ValueError, OverflowError):
        return None


# -- shapes -------------------------------------------------------------------------------------------------------------------


def _asset(asset: Row) -> Row:
    end = datetime.fromisoformat(asset["rights_expire_at"]) if asset["rights_expire_at"] else None
    now = datetime.now(UTC)
    size = f"{asset['width']} × {asset['height']}" if asset["width"] else ""
    kind = "" if asset["kind"] == "picture" else asset["kind"]
    return {
        **asset,
        "preview_url": asset["file_url"] if asset["media_type"] in _SAFE else asset["thumbnail_url"],
        "note": " · ".join(part for part in (size, kind) if part),
        "licence": asset["rights"].get("licence", ""), "holder": asset["rights"].get("holder", ""),
        "claimed": asset["rights"].get("from", ""),
        "expires": (end - timedelta(microseconds=1)).date().isoformat() if end else "",
        "expired": end is not None and end <= now, "ending": end is not None and now < end <= now + _SOON,
    }  # fmt: skip


_SAFE = ("image/png", "image/jpeg", "image/webp", "image/avif", "image/gif")


def _facts(asset: Row, language: str) -> list[tuple[str, str]]:
    focal = " / ".join(f"{value:.0%}" for value in asset["focal"] or [])
    facts = [
        ("Format", asset["media_type"].removeprefix("image/")),
        ("Size", f"{asset['width']} × {asset['height']} px" if asset["width"] else ""),
        ("Weight", f"{asset['bytes'] / 1000:,.0f} kB"),
        ("Focal point", focal),
        ("Version", str(asset["version"]) if asset["version"] > 1 else ""),
        ("Came from", "" if asset["source"] in ("", "upload") else asset["source"]),
        ("Added", when(asset["created_at"], language)),
        ("Id", asset["id"]),
    ]
    return [(name, value) for name, value in facts if value]


def _said(metadata: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the file says of itself, each name once: XMP before IPTC before EXIF."""
    told: dict[str, str] = {}
    for part in ("xmp", "iptc", "exif"):
        for name, value in (metadata.get(part) or {}).items():
            told.setdefault(name, ", ".join(value) if isinstance(value, list) else str(value))
    if metadata.get("icc"):
        told["colour profile"] = metadata["icc"]
    return [(name.replace("_", " "), value) for name, value in told.items()]
