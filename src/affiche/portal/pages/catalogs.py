"""Catalogs: templates with their proof sheets, providers and what they cost."""

from __future__ import annotations

from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.gateway import Gateway
from affiche.portal.shape import Row
from affiche.portal.views import language_of, page
from affiche.portal.words import translator


async def templates(request: Request, api: Gateway) -> Response:
    """Every template."""
    rows = [_template(item) for item in (await api.get("/v1/templates"))["items"]]
    return page(request, "templates.html.j2", templates=rows)


async def template(request: Request, api: Gateway) -> Response:
    """One template with its proof."""
    return page(request, "template.html.j2", item=_template(await _named(api, request.path_params["id"])))


async def proof(request: Request, api: Gateway) -> Response:
    """The proof sheet, drawn once a process."""
    item = await _named(api, request.path_params["id"])
    data = await run_in_threadpool(_sheet, item["id"])
    return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


async def _named(api: Gateway, id: str) -> Row:
    found: list[Row] = [item for item in (await api.get("/v1/templates"))["items"] if item["id"] == id]
    if not found:
        raise HTTPException(404)
    return found[0]


def _template(item: Row) -> Row:
    return {
        **item,
        "name": item.get("name") or item["id"].title(),
        "description": item.get("description") or item.get("about") or "",
    }


@cache
def _sheet(id: str) -> bytes:
    from affiche import wire
    from affiche.compose.template.shipped import shipped_template

    return wire.proof_sheet(shipped_template(id))


async def providers(request: Request, api: Gateway) -> Response:
    """Where pictures and words come from, with key, price and health."""
    t = translator(language_of(request))
    items = (await api.get("/v1/providers"))["items"]
    columns = [
        {"key": "name", "name": "Name"},
        {"key": "note", "name": "What it gives"},
        {"key": "key", "name": "Key"},
        {"key": "price", "name": "Price"},
        {"key": "health", "name": "Health", "badge": True},
    ]
    parts = []
    for gives, title in (("pictures", t("Pictures")), ("words", t("Words"))):
        rows = [{**item, "price": _price(item)} for item in items if item.get("gives") == gives]
        parts.append({"title": title, "rows": rows, "columns": columns, "none": ""})
    lead = t("Without any key everything works; nothing is bought without a budget.")
    return page(
        request, "table.html.j2", title=t("Providers and money"), lead=lead, links=[], notes=[], parts=parts
    )


def _price(item: Row) -> str:
    price = item.get("price") or {}
    amount = price.get("amount", 0) if isinstance(price, dict) else price
    return f"{amount} {price.get('currency', '')}".strip() if amount else "–"
