"""Brands: the kits; one of them on a page, with what it gives drawn beside its fields as it is edited; versions, differences."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.brand.model import COLOR_ROLES
from affiche.notation.rewrite import Path, Value, rewritten
from affiche.portal import kit
from affiche.portal.forms import fields_of, said, text, to
from affiche.portal.gateway import Gateway, Refused, allowed
from affiche.portal.said import called, who
from affiche.portal.shape import Row, every, inside, language_name, when
from affiche.portal.views import environment, frame, language_of, page
from affiche.portal.words import translator

_NEW = """brand: 1
name: Your brand
colors:
  primary: "#0F5C4E"
  accent: "#F27B50"
  ink: "#0B2E27"
  paper: "#FBF3DF"
type:
  display: {family: Bricolage Grotesque, weight: 700}
  text: {family: Manrope, weight: 500}
voice:
  tone: [bright, dry, short sentences]
"""
_SAMPLE = """affiche: 1
campaign: sample
message: {locale: en-US, headline: Worth a second look, body: One supporting line beneath it., cta: Learn more}
markets: [{region: US, locales: [en-US]}, {region: SA, locales: [ar-SA]}, {region: JP, locales: [ja-JP]}]
products: [PRODUCT]
placements: ["1:1", "9:16", "16:9"]
copy:
  ar-SA: {headline: يستحق نظرة ثانية, body: سطر داعم واحد تحته., cta: اعرف المزيد}
  ja-JP: {headline: もう一度、見たくなる。, body: 下に添える一行。, cta: 詳しく見る}
"""
#: Scripts that a page draws at once; the others when they are asked for.
_FIRST = "Latn,Cyrl,Arab,Deva,Thai,Jpan"
#: The faces that a brand may name without bringing a file, most asked first.
_FAMILIES = (
    "Bricolage Grotesque", "Manrope", "Inter", "Fraunces", "Cormorant Garamond", "Noto Serif Display", "Anton", "Oswald",
    "Barlow Condensed", "Noto Sans",
)  # fmt: skip
_YAML = {"Content-Type": "application/yaml"}
#: Widest and tallest side of a sample ad on the page, px.
_SHOWN = 190


async def listed(request: Request, api: Gateway) -> Response:
    """Every brand."""
    rows = []
    for brand in await every(api.get, "/v1/brands"):
        file = await api.get(f"/v1/brands/{brand['id']}/revisions/{brand['revision']}")
        told = await _examined(api, file["document"])
        looks = told["kit"] or {"colors": [], "display": {"family": ""}, "text": {"family": ""}}
        faces = dict.fromkeys((looks["display"]["family"], looks["text"]["family"]))
        rows.append({**brand, "colors": [one["hex"] for one in looks["colors"]], "type": ", ".join(filter(None, faces))})
    return page(request, "brands.html.j2", brands=rows)


async def new(request: Request, api: Gateway) -> Response:
    """A kit to fill in, for who may save it."""
    allowed(request, "brands.create")
    return await _page(request, api, {"id": "", "name": "", "revision": 0, "etag": ""}, _NEW)


async def create(request: Request, api: Gateway) -> Response:
    """A new brand from its fields, or from its file."""
    fields = await fields_of(request)
    document = _document(fields)
    name = kit.shown(document)["name"] or "brand"
    slug = "".join(c if c.isalnum() else "-" for c in name.lower().encode("ascii", "ignore").decode())
    params = {"slug": "-".join(filter(None, slug.split("-")))[:60].strip("-") or "brand"}
    try:
        answer = await api.ask("POST", "/v1/brands", params=params, content=document.encode(), headers=_YAML)
    except Refused as refused:
        brand = {"id": "", "name": "", "revision": 0, "etag": ""}
        return await _page(request, api, brand, document, problems=_problems(refused), status=422)
    return to(f"/brands/{answer.body['id']}")


async def shown(request: Request, api: Gateway) -> Response:
    """One brand, at its newest version or an earlier one."""
    id = request.path_params["id"]
    brand = await api.get(f"/v1/brands/{id}")
    at = request.query_params.get("version", "")
    number = int(at) if at.isascii() and at.isdigit() and 0 < int(at) <= brand["revision"] else brand["revision"]
    file = await api.get(f"/v1/brands/{id}/revisions/{number}")
    return await _page(request, api, {**brand, "etag": brand["revision"], "at": number}, file["document"])


async def revise(request: Request, api: Gateway) -> Response:
    """A new version, only on top of the one that was edited: what somebody else saved meanwhile stays, these edits go over it."""
    fields, id = await fields_of(request), request.path_params["id"]
    document = _document(fields)
    headers = {**_YAML, "If-Match": f'"{text(fields, "etag")}"'}
    try:
        await api.ask("PUT", f"/v1/brands/{id}/file", content=document.encode(), headers=headers)
    except Refused as refused:
        if refused.status != 412:
            brand = {**await api.get(f"/v1/brands/{id}"), "etag": text(fields, "etag")}
            return await _page(request, api, brand, document, problems=_problems(refused), status=422)
        return await _merged(request, api, fields, document)
    return said(to(f"/brands/{id}"), translator(language_of(request))("Saved."))


async def _merged(request: Request, api: Gateway, fields: FormData, document: str) -> Response:
    """The page again, with the edits of this one over what somebody else has saved."""
    brand = await api.get(f"/v1/brands/{request.path_params['id']}")
    newest = await api.get(f"/v1/brands/{brand['id']}/revisions/{brand['revision']}")
    if "base" in fields:
        document = _tried(newest["document"], fields, kit.edits(text(fields, "base"), fields))
    known = text(fields, "etag")
    theirs = await _changes(api, brand["id"], known, str(brand["revision"]))
    conflict = {"by": newest["created_by"], "number": brand["revision"], "changes": theirs}
    return await _page(request, api, {**brand, "etag": brand["revision"]}, document, conflict=conflict, status=409)


def _tried(newest: str, fields: FormData, edits: Mapping[Path, Value | None]) -> str:
    try:
        return rewritten(newest, edits)
    except ValueError:
        return text(fields, "base")


async def look(request: Request, api: Gateway) -> Response:
    """What the edited brand gives: contrasts, sample ads, what is wrong."""
    document = _document(await fields_of(request))
    told, shots = await asyncio.gather(_examined(api, document), _sample(api, document, request.query_params.get("brand", "")))
    return _part(request, "kit.html.j2", problems=told["problems"], kit=_matrix(told["kit"]), shots=shots, swapped=True)


async def specimens(request: Request, api: Gateway) -> Response:
    """Its type in some scripts, or in every one when that is ticked."""
    scripts = "" if (await fields_of(request)).get("every") else _FIRST
    found = await _drawn(request, api, "/v1/brands/specimens", "specimens", scripts=scripts)
    language = language_of(request)
    rows = [{**one, "name": language_name(one["locale"].partition("-")[0], language)} for one in found]
    return _part(request, "specimens.html.j2", specimens=rows, every=not scripts)


async def marks(request: Request, api: Gateway) -> Response:
    """Its logo on each of its colours, with the room that it wants."""
    found = await _drawn(request, api, "/v1/brands/marks", "marks")
    return _part(request, "marks.html.j2", marks=[_room(mark) for mark in found])


# -- what pages show ------------------------------------------------------------------------------------------------------


async def _page(
    request: Request, api: Gateway, brand: Row, document: str, *, problems: list[Row] | None = None, conflict: Row | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    told, assets = await asyncio.gather(_examined(api, document), api.get("/v1/assets", limit=200))
    form = kit.shown(document)
    logos = {a["id"]: a["name"] for a in assets["items"] if a["kind"] not in ("font", "feed")}
    for name in ("file", "on_dark"):
        named = form["logo"].get(name, "")
        logos.setdefault(named, named)
    return page(
        request, "brand.html.j2", status=status, brand={"at": brand["revision"], **brand}, document=document, form=form,
        roles=COLOR_ROLES, problems=told["problems"] if problems is None else problems, kit=_matrix(told["kit"]),
        logos=logos.items(),
        families=dict.fromkeys((*form["fonts"], *_FAMILIES)), conflict=conflict, **await _history(request, api, brand),
    )  # fmt: skip


async def _history(request: Request, api: Gateway, brand: Row) -> Row:
    """Its last versions, and what one says otherwise than another."""
    newest, language = brand["revision"], language_of(request)
    numbers = range(newest, max(0, newest - 10), -1)
    files = await asyncio.gather(*(api.get(f"/v1/brands/{brand['id']}/revisions/{n}") for n in numbers))
    names, t = await called(api, (f["created_by"] for f in files)), translator(language)
    versions = [
        {"number": f["number"], "when": when(f["created_at"], language), "by": who(f["created_by"], names, t)} for f in files
    ]
    asked = request.query_params
    since, until = asked.get("since", str(newest - 1)), asked.get("until", str(newest))
    changes = await _changes(api, brand["id"], since, until) if newest > 1 else []
    return {"versions": versions, "since": since, "until": until, "changes": changes}


async def _changes(api: Gateway, brand: str, since: str, until: str) -> list[Row]:
    try:
        return list((await api.get(f"/v1/brands/{brand}/changes", since=since, until=until))["changes"])
    except Refused:
        return []


async def _examined(api: Gateway, document: str) -> Row:
    try:
        told: Row = (await api.ask("POST", "/v1/brands/examine", content=document.encode(), headers=_YAML)).body
    except Refused as refused:
        return {"problems": _problems(refused), "kit": None}
    return told


async def _sample(api: Gateway, document: str, brand: str) -> list[Row]:
    """Ads of the edited brand, with a product of its newest campaign where there is one; none for who may not have them drawn."""
    try:
        shown = await _own_picture(api, brand) if brand else ""
        product = {"id": "one", "name": "One product", **({"picture": shown} if shown else {})}
        wanted = {"brief": _SAMPLE.replace("PRODUCT", json.dumps(product)), "brand_file": document}
        shots = (await asyncio.wait_for(api.post("/v1/plans/preview", wanted), 20))["shots"]
    except (Refused, TimeoutError):
        return []
    return [{**shot, **inside(shot["width"], shot["height"], broad=_SHOWN, high=_SHOWN)} for shot in shots]


async def _own_picture(api: Gateway, brand: str) -> str:
    """The first picture that the brand's newest campaign names; empty without one."""
    newest = (await api.get("/v1/campaigns", brand=brand, limit=1))["items"]
    if not newest:
        return ""
    file = await api.get(f"/v1/campaigns/{newest[0]['id']}/revisions/{newest[0]['revision']}")
    return str(next(iter(file["assets"]), ""))


async def _drawn(request: Request, api: Gateway, path: str, name: str, **params: str) -> list[Row]:
    document = _document(await fields_of(request))
    try:
        found: list[Row] = (await api.ask("POST", path, params=params, content=document.encode(), headers=_YAML)).body[name]
    except Refused:
        return []  # what is wrong stands beside its field already
    return found


def _matrix(told: Row | None) -> Row | None:
    """The contrasts as rows of grounds and columns of inks."""
    if told is None:
        return None
    pairs = {(one["ground"], one["ink"]): one for one in told["contrasts"]}
    by = {one["role"]: one for one in told["colors"]}
    rows = [{**ground, "cells": [{**by[ink], **pairs.get((role, ink), {})} for ink in by]} for role, ground in by.items()]
    return {**told, "rows": rows}


def _room(mark: Row) -> Row:
    """The box of a logo and the room around it, in px of its picture."""
    x, y, w, h = mark["logo"]
    clear = mark["clear"]
    return {**mark, "x": x, "y": y, "w": w, "h": h, "around": (x - clear, y - clear, w + 2 * clear, h + 2 * clear)}


def _part(request: Request, template: str, **shown: Any) -> Response:
    return HTMLResponse(environment().get_template(template).render(**frame(request), **shown))


def _document(fields: FormData) -> str:
    """The brand file that a form says: typed as a file, or an earlier one with the fields of the form."""
    if "base" not in fields:
        return text(fields, "text")
    base = str(fields.get("base", ""))
    try:
        return kit.edited(base, fields)
    except ValueError:
        return base


def _problems(refused: Refused) -> list[Row]:
    return refused.problem.get("problems") or [{"severity": "error", "message": refused.title, "hint": refused.hint}]
