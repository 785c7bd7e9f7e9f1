"""Proposals: pictures that were paid for before, offered where a campaign is planned; taken at a click, and given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from affiche.portal.dropped import ours
from affiche.portal.forms import fields_of, said, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.sentences import plain
from affiche.portal.shape import Row, names
from affiche.portal.views import environment, frame, language_of
from affiche.portal.words import translator

#: From which likeness words are the same, or nearly; and pictures look alike (`imagine/alike.py` proposes by the same).
_SAME, _NEARLY, _LOOKS_ALIKE = 0.995, 0.75, 0.8
#: What the API answers when there is nothing (any more) to take, or to give back.
_GONE = (404, 409, 412)


async def part(request: Request, api: Gateway) -> Response:
    """The part of a campaign's page that offers pictures; empty when there are none, and while a run is under way."""
    id = request.path_params["id"]
    campaign, found = await asyncio.gather(api.get(f"/v1/campaigns/{id}"), api.get(f"/v1/campaigns/{id}/proposals"))
    kept = [row for row in found["accepted"] if not row["used"]]
    if kept:
        brief = ours((await api.get(f"/v1/campaigns/{id}/revisions/{campaign['revision']}"))["brief"])
        called = {product.get("id"): product.get("name") for product in brief.get("products", [])}
        kept = [{**row, "product_name": called.get(row["product"]) or row["product"]} for row in kept]
    offered = await offers(request, api, found["items"], own=campaign["brand"])
    template = environment().get_template("proposals.html.j2")
    return HTMLResponse(template.render(**frame(request), id=id, offered=offered, kept=kept))


async def take(request: Request, api: Gateway) -> Response:
    """Takes what was offered, and says so with a way back."""
    fields, id = await fields_of(request), request.path_params["id"]
    pictures = [str(value) for value in fields.getlist("picture")]
    return await taken(request, api, id, products=[text(fields, "product")] if fields.get("product") else [], pictures=pictures)


async def taken(request: Request, api: Gateway, id: str, *, products: list[str], pictures: list[str]) -> Response:
    """The campaign's page, once what is proposed for `products` is used; or with the reason why it is not."""
    t = translator(language_of(request))
    try:
        made = await api.post(f"/v1/campaigns/{id}/proposals", {"products": products, "pictures": pictures})
    except Refused as refused:
        if refused.status not in _GONE:
            raise
        return said(to(f"/campaigns/{id}"), plain(refused.title, language_of(request)))
    ids = [row["id"] for row in made["items"]]
    words = t("It is used. The next build pays nothing for it.")
    return said(to(f"/campaigns/{id}"), words, f"/campaigns/{id}/proposals/back", ids)


async def back(request: Request, api: Gateway) -> Response:
    """Gives back what was taken; what a run used meanwhile stays."""
    fields, id = await fields_of(request), request.path_params["id"]
    for accepted in text(fields, "ids").split():
        try:
            await api.post(f"/v1/campaigns/{id}/proposals/{accepted}/withdraw")
        except Refused as refused:
            if refused.status not in _GONE:
                raise
            return said(to(f"/campaigns/{id}"), plain(refused.title, language_of(request)))
    return to(f"/campaigns/{id}")


async def offers(request: Request, api: Gateway, items: Sequence[Mapping[str, Any]], *, own: str) -> list[Row]:
    """Proposals as pages show them: what they are alike in, in words and in figures; the brand when it is not the `own`."""
    foreign = any(one["bought_brand"] not in ("", own) for one in items)
    brands = names((await api.get("/v1/brands", limit=200))["items"]) if foreign else {}
    brands, t = {id: name for id, name in brands.items() if id != own}, translator(language_of(request))
    return [{**one, "said": _said(one, brands, t), "figures": _figures(one, t)} for one in items]


def _said(one: Mapping[str, Any], brands: Mapping[str, str], t: Callable[..., str]) -> str:
    brand = brands.get(one["bought_brand"], "")
    other = f"{one['bought_for']} ({brand})" if brand else one["bought_for"]
    if one["likeness"] >= _SAME:
        words = t("Bought for {other} in the same words.", other=other)
    elif one["likeness"] >= _NEARLY:
        words = t("Bought for {other} in nearly the same words.", other=other)
    else:
        words = t("Bought for {other} in other words.", other=other)
    if one["looks_alike"] is None:
        return words
    alike = one["looks_alike"] >= _LOOKS_ALIKE
    looks = t("It looks much like what is shown now.") if alike else t("It looks different from what is shown now.")
    return f"{words} {looks}"


def _figures(one: Mapping[str, Any], t: Callable[..., str]) -> list[str]:
    looks = [] if one["looks_alike"] is None else [t("look {percent} alike", percent=f"{one['looks_alike']:.0%}")]
    least, most = float(one["least"]), float(one["most"])
    cost = f"{least:.2f}–{most:.2f} {one['currency']}"
    return [t("words {percent} the same", percent=f"{one['likeness']:.0%}"), *looks, t("a new one: {cost}", cost=cost)]
