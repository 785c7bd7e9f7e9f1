"""Catalogs: templates with their proof sheets, providers and what they cost."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.gateway import Gateway, Refused
from affiche.portal.pages import playground
from affiche.portal.shape import Row, role_name
from affiche.portal.views import language_of, page
from affiche.portal.words import translator

#: Language -> the case of the proofs that a template is shown by.
_SHOWN_CASE = {"de": "german", "ar": "arabic", "ja": "japanese"}


async def templates(request: Request, api: Gateway) -> Response:
    """Every template."""
    t = translator(language_of(request))
    case = _SHOWN_CASE.get(language_of(request), "plain")
    rows = [
        {**_template(item, t), "sample": f"/templates/{item['id']}/sample.jpg?case={case}"}
        for item in (await api.get("/v1/templates"))["items"]
    ]
    return page(request, "templates.html.j2", templates=rows)


async def template(request: Request, api: Gateway) -> Response:
    """One template: a playground, and its proof."""
    item = await _named(api, request.path_params["id"])
    told = await api.get(f"/v1/templates/{item['id']}/proof")
    offers = await playground.choices(request, api, item, told["cells"])
    t = translator(language_of(request))
    cells = [_cell(item["id"], cell, t) for cell in told["cells"]]
    rows = [{"case": group[0]["case"], "locale": group[0]["locale"], "cells": group} for group in _by_case(cells)]
    sizes = list(dict.fromkeys(cell["size"] for cell in cells))
    chosen = sample_locale(language_of(request))
    shown = {**offers, "proof": rows, "sizes": sizes, "chosen_locale": chosen}
    return page(request, "template.html.j2", item=_template(item, t), **shown)


async def proof(request: Request, api: Gateway) -> Response:
    """The proof sheet, or one place of it."""
    wanted = {name: request.query_params.get(name, "") for name in ("case", "size")}
    return await _drawn(request, api, "proof/sheet", "image/png", wanted)


async def sample(request: Request, api: Gateway) -> Response:
    """What a template looks like, small."""
    wanted = {"case": request.query_params["case"]} if "case" in request.query_params else {}
    return await _drawn(request, api, "sample", "image/jpeg", wanted)


async def _drawn(request: Request, api: Gateway, what: str, kind: str, wanted: dict[str, str]) -> Response:
    answer = await api.ask(
        "GET", f"/v1/templates/{request.path_params['id']}/{what}", params=wanted,
        headers={"If-None-Match": request.headers.get("if-none-match", "")},
    )  # fmt: skip
    headers = {name: answer.headers[name] for name in ("etag", "cache-control") if name in answer.headers}
    return Response(answer.body or None, status_code=answer.status, media_type=kind, headers=headers)


def sample_locale(language: str) -> str:
    """The locale that the sample copy of the playground is written in."""
    return {"de": "de-DE", "ar": "ar-SA", "ja": "ja-JP"}.get(language, "en-US")


def _by_case(cells: list[Row]) -> list[list[Row]]:
    return [[cell for cell in cells if cell["case"] == case] for case in dict.fromkeys(cell["case"] for cell in cells)]


def _cell(id: str, cell: Row, t: Callable[..., str]) -> Row:
    """One place of the proof: a mark, and in words which texts do not simply fit."""
    outcomes = {text["outcome"] for text in cell["texts"]}
    size = f"{cell['width']}x{cell['height']}"
    wrong, eased = outcomes & {"too-long", "glyphs"}, outcomes & {"helped", "left-out"}
    tone = "failed" if wrong else "flagged" if eased else "passed"
    odd = [role_name(text["slot"], t) for text in cell["texts"] if text["outcome"] != "fits"]
    said = t("Look at: {names}", names=", ".join(odd)) if odd else t("Everything fits")
    href = f"/templates/{id}/proof.png?case={cell['case']}&size={size}"
    return {**cell, "size": size, "tone": tone, "said": said, "href": href}


async def _named(api: Gateway, id: str) -> Row:
    found: list[Row] = [item for item in (await api.get("/v1/templates"))["items"] if item["id"] == id]
    if not found:
        raise HTTPException(404)
    return found[0]


def _template(item: Row, t: Callable[..., str]) -> Row:
    """What is shipped is described in the language of the page."""
    return {**item, "name": t(item["name"]), "description": t(item["description"])}


async def providers(request: Request, api: Gateway) -> Response:
    """What was paid, and where pictures and words come from: what is set up, and apart from it what could be."""
    t = translator(language_of(request))
    items = (await api.get("/v1/providers"))["items"]
    parts = await _money(api, t) if request.state.may("spend.get") else []
    columns = [
        {"key": "name", "name": "Name"}, {"key": "note", "name": "What it gives"}, {"key": "price", "name": "Price"},
        {"key": "key", "name": "Key"}, {"key": "health", "name": "Health", "badge": True},
    ]  # fmt: skip
    for gives, title, rest in (
        ("pictures", t("Pictures"), t("Makers of pictures that are not set up")),
        ("words", t("Words"), t("Writers that are not set up")),
    ):
        rows = [{**item, "price": _price(item)} for item in items if item.get("gives") == gives]
        there = [row for row in rows if not str(row["key"]).startswith("missing") and row["health"] != "not set up"]
        others = [row for row in rows if row not in there]
        parts.append({"title": title, "rows": there, "columns": columns, "none": ""})
        if others:
            parts.append({"title": rest, "rows": others, "columns": columns[:4], "none": "", "folded": True})
    lead = t("Without any key everything works; nothing is bought without a budget.")
    return page(
        request, "table.html.j2", title=t("Providers and money"), lead=lead, links=[], notes=[], parts=parts
    )


async def _money(api: Gateway, t: Callable[..., str]) -> list[Row]:
    """What was paid this month, by provider and campaign, and the calls whose end nobody knows."""
    try:
        told = await api.get("/v1/spend")
    except Refused:
        return []  # of another house: its runs tell what they cost
    columns: list[Row] = [
        {"key": "name", "name": "Provider"}, {"key": "calls", "name": "Calls", "number": True},
        {"key": "failed", "name": "Not usable", "number": True}, {"key": "paid", "name": "Paid", "number": True},
    ]  # fmt: skip
    total = f"{told['amount']} {told['currency']}"
    spent = t("{amount} of {cap}", amount=total, cap=told["cap"]) if told["cap"] else total
    title = t("Paid in {month}: {amount}", month=told["month"], amount=spent)
    none = t("Nothing was bought this month.")
    parts: list[Row] = [{"title": title, "rows": _paid(told["providers"]), "columns": columns, "none": none}]
    if told["campaigns"]:
        named = [{**columns[0], "name": "Campaign"}, *columns[1:]]
        parts.append({"title": t("By campaign"), "rows": _paid(told["campaigns"]), "columns": named, "none": ""})
    if told["uncertain"]:
        open_columns = [
            {"key": "id", "name": "Number", "number": True}, {"key": "provider", "name": "Provider"},
            {"key": "purpose", "name": "What for"}, {"key": "campaign", "name": "Campaign"},
            {"key": "paid", "name": "Counts as", "number": True},
        ]  # fmt: skip
        title = t("Nobody knows whether these were billed: look at the provider’s account, then `affiche spend resolve`")
        parts.append({"title": title, "rows": _paid(told["uncertain"]), "columns": open_columns, "none": ""})
    return parts


def _paid(rows: list[Row]) -> list[Row]:
    return [{**row, "paid": f"{row['amount']} {row['currency']}"} for row in rows]


def _price(item: Row) -> str:
    price = item.get("price") or {}
    amount = price.get("amount", 0) if isinstance(price, dict) else price
    return f"{float(amount):.2g} {price.get('currency', '')}".strip() if amount else "–"
