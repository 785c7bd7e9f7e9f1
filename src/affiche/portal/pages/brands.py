"""Brands: the kits; one of them with contrasts and sample ads beside the file while it is edited, versions, differences."""

from __future__ import annotations

import asyncio
import difflib
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.brand.model import Brand
from affiche.brand.read import read_brand
from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import Row, every, when
from affiche.portal.views import environment, frame, language_of, page
from affiche.values.color import contrast

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
words:
  forbidden:
    "*": []
"""
_SAMPLE = """affiche: 1
campaign: sample
message: {locale: en-US, headline: A headline to look at, body: One supporting line beneath it., cta: Learn more}
markets: [{region: US, locales: [en-US]}, {region: SA, locales: [ar-SA]}, {region: JP, locales: [ja-JP]}]
products: [{id: one, name: One product}]
placements: ["1:1", "9:16", "16:9"]
copy:
  ar-SA: {headline: عنوان للمعاينة, body: سطر داعم واحد تحته., cta: اعرف المزيد}
  ja-JP: {headline: 見出しの見本, body: 下に添える一行。, cta: 詳しく見る}
"""


async def listed(request: Request, api: Gateway) -> Response:
    """Every brand."""
    rows = []
    for brand in await every(api.get, "/v1/brands"):
        file = await api.get(f"/v1/brands/{brand['id']}/revisions/{brand['revision']}")
        read, _ = read_brand(file["document"].encode(), file="brand.yaml")
        colors = [color.hex for color in read.colors.values()] if read else []
        type_of = f"{read.display.family}, {read.text.family}" if read else ""
        rows.append({**brand, "colors": colors[:8], "type": type_of})
    return page(request, "brands.html.j2", brands=rows)


async def new(request: Request, api: Gateway) -> Response:  # noqa: ARG001 - nothing is asked yet
    """A kit to fill in."""
    brand = {"id": "", "name": "", "revision": 0, "etag": ""}
    return page(request, "brand.html.j2", brand=brand, text=_NEW, problems=[], versions=[], changes="")


async def create(request: Request, api: Gateway) -> Response:
    """A new brand from its file."""
    document = text(await fields_of(request), "text")
    read, _ = read_brand(document.encode(), file="brand.yaml")
    slug = "".join(
        c if c.isalnum() else "-"
        for c in (read.name if read else "brand").lower().encode("ascii", "ignore").decode()
    )
    try:
        answer = await api.ask(
            "POST",
            "/v1/brands",
            params={"slug": "-".join(filter(None, slug.split("-")))[:60] or "brand"},
            content=document.encode(),
            headers={"Content-Type": "application/yaml"},
        )
    except Refused as refused:
        return _again(request, {"id": "", "name": "", "revision": 0, "etag": ""}, document, refused)
    return to(f"/brands/{answer.body['id']}")


async def shown(request: Request, api: Gateway) -> Response:
    """One brand, at its newest version or an earlier one, with what changed before it."""
    id = request.path_params["id"]
    brand = await api.get(f"/v1/brands/{id}")
    language = language_of(request)
    files = [
        await api.get(f"/v1/brands/{id}/revisions/{n}")
        for n in range(max(1, brand["revision"] - 9), brand["revision"] + 1)
    ]
    at = int(request.query_params.get("version", brand["revision"]))
    index = next((n for n, file in enumerate(files) if file["number"] == at), len(files) - 1)
    versions = [
        {"revision": f["number"], "when": when(f["created_at"], language), "by": f["created_by"]}
        for f in reversed(files)
    ]
    return page(
        request,
        "brand.html.j2",
        brand={**brand, "etag": brand["revision"]},
        text=files[index]["document"],
        problems=[],
        versions=versions,
        changes=_difference(files[index - 1]["document"], files[index]["document"]) if index else "",
    )


async def revise(request: Request, api: Gateway) -> Response:
    """A new version, only on top of the one that was edited."""
    fields, id = await fields_of(request), request.path_params["id"]
    document = text(fields, "text")
    headers = {"Content-Type": "application/yaml", "If-Match": f'"{text(fields, "etag")}"'}
    try:
        await api.ask("PUT", f"/v1/brands/{id}/file", content=document.encode(), headers=headers)
    except Refused as refused:
        return _again(
            request, {**await api.get(f"/v1/brands/{id}"), "etag": text(fields, "etag")}, document, refused
        )
    return to(f"/brands/{id}")


def _again(request: Request, brand: Row, document: str, refused: Refused) -> Response:
    found = refused.problem.get("problems") or [
        {"severity": "error", "message": refused.title, "hint": refused.hint}
    ]
    return page(
        request,
        "brand.html.j2",
        status=422,
        brand=brand,
        text=document,
        problems=found,
        versions=[],
        changes="",
    )


async def look(request: Request, api: Gateway) -> Response:
    """What a brand file gives: palette, contrasts, words, sample ads; drawn again with every change."""
    document = text(await fields_of(request), "text")
    brand, problems = read_brand(document.encode(), file="brand.yaml")
    kit = await _kit(brand, api) if brand is not None else None
    wrong = [{"severity": p.severity, "message": p.message, "hint": p.hint} for p in problems]
    body = environment().get_template("kit.html.j2").render(**frame(request), problems=wrong, kit=kit)
    return HTMLResponse(body)


async def _kit(brand: Brand, api: Gateway) -> Row:
    colors = [(role, color.hex) for role, color in brand.colors.items()]
    facts = {"name": brand.name, "colors": [color for _, color in colors][:8]}
    sample = _SAMPLE + f"brand: {facts!r}\n"
    try:
        shots = (await asyncio.wait_for(api.post("/v1/plans/preview", {"brief": sample}), 20))["shots"]
    except (Refused, TimeoutError):
        shots = []
    return {
        "colors": colors,
        "matrix": [_row(role, ground, colors) for role, ground in colors],
        "words": [
            ("Never", ", ".join(brand.never)),
            ("Tone", ", ".join(brand.tone)),
            ("Forbidden", _words(brand.forbidden)),
            ("Required", _words(brand.required)),
        ],
        "shots": [
            {
                **shot,
                "data": shot["jpeg"],
                "w": round(shot["width"] * 0.18),
                "h": round(shot["height"] * 0.18),
            }
            for shot in shots
        ],
    }


def _row(role: str, ground: str, colors: list[tuple[str, str]]) -> Row:
    cells: list[Row] = []
    for other, ink in colors:
        ratio = 0.0 if other == role else _ratio(ink, ground)
        cells.append(
            {
                "ratio": f"{ratio:.1f}" if ratio else "",
                "ground": ground,
                "ink": ink,
                "title": f"{other} on {role}",
            }
        )
    return {"role": role, "cells": cells}


def _ratio(ink: str, ground: str) -> float:
    from affiche.values.color import Color

    return float(contrast(Color.parse(ink), Color.parse(ground)))


def _words(table: Any) -> str:
    return "; ".join(f"{locale}: {', '.join(words)}" for locale, words in table.items() if words)


def _difference(before: str, after: str) -> str:
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))
