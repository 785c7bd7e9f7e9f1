"""Fix in place: a text, the picture, its focal point, the template, or leaving an ad out.

Each change is a new revision that builds at once; only what depends on it is made again. The page of the ad waits for it and
shows the newest by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from affiche.portal import revise
from affiche.portal.forms import fields_of, said, text, to
from affiche.portal.gateway import Gateway
from affiche.portal.pages.run import under_way
from affiche.portal.shape import Row
from affiche.portal.views import language_of
from affiche.portal.words import translator

IDENTITY = ("product", "locale", "placement", "variant")
_YAML = {"Content-Type": "application/yaml"}


async def words(request: Request, api: Gateway) -> Response:
    """Another text."""
    fields = await fields_of(request)
    role, value = text(fields, "role"), text(fields, "text")
    return await _changed(request, api, lambda brief, ad: revise.with_text(brief, ad, role, value))


async def picture(request: Request, api: Gateway) -> Response:
    """Another picture of the product, from the library."""
    asset = text(await fields_of(request), "asset")
    return await _changed(request, api, lambda brief, ad: revise.with_picture(brief, ad, asset))


async def focal(request: Request, api: Gateway) -> Response:
    """The point that must stay in view: a click on the picture (px of the picture as shown) or two numbers in percent."""
    fields = await fields_of(request)
    try:
        if "at.x" in fields and (float(text(fields, "at.x")) or float(text(fields, "at.y"))):
            x = float(text(fields, "at.x")) / float(text(fields, "w"))
            y = float(text(fields, "at.y")) / float(text(fields, "h"))
        else:
            x, y = float(text(fields, "x")) / 100, float(text(fields, "y")) / 100
    except (ValueError, ZeroDivisionError):
        raise HTTPException(400, "say where: two numbers from 0 to 100") from None
    x, y = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
    return await _changed(request, api, lambda brief, ad: revise.with_focal(brief, ad, x, y))


async def remedy(request: Request, api: Gateway) -> Response:
    """A remedy that was offered for a finding."""
    fields = await fields_of(request)
    verb, role, value = text(fields, "verb"), text(fields, "role"), text(fields, "value")
    changes: dict[str, Callable[[Any, Row], Row]] = {
        "words": lambda brief, ad: revise.with_text(brief, ad, role, value),
        "template": lambda brief, ad: revise.with_template(brief, ad, value),
        **{wish: lambda brief, ad: revise.with_wish(brief, ad, verb) for wish in revise.WISHES},
    }
    if verb not in changes:
        raise HTTPException(400, "this is no remedy")
    return await _changed(request, api, changes[verb])


async def exclude(request: Request, api: Gateway) -> Response:
    """Leaves this ad out; back to the wall, since it goes."""
    await fields_of(request)
    return await _changed(request, api, revise.without, stay=False)


async def _changed(request: Request, api: Gateway, change: Callable[[Any, Row], Row], *, stay: bool = True) -> Response:
    """Stores the changed brief on top of the revision that was read, which starts its run; the page after it can undo."""
    id = request.path_params["id"]
    creative = await api.get(f"/v1/creatives/{id}")
    campaign = await api.get(f"/v1/campaigns/{creative['campaign']}")
    revision = await api.get(f"/v1/campaigns/{campaign['id']}/revisions/{campaign['revision']}")
    made = change(yaml.safe_load(revision["brief"]), creative)
    await _store(api, campaign, yaml.safe_dump(made, allow_unicode=True, sort_keys=False).encode(), _YAML["Content-Type"])
    t = translator(language_of(request))
    where = f"/creatives/{id}" if stay else f"/campaigns/{campaign['id']}"
    undo = f"/campaigns/{campaign['id']}/back"
    words = t("Saved as revision {number}; what depends on it is made again.", number=campaign["revision"] + 1)
    return said(to(where), words, undo, [str(campaign["revision"])])


async def back(request: Request, api: Gateway) -> Response:
    """The brief as it was in an earlier revision, as a new one."""
    fields, id = await fields_of(request), request.path_params["id"]
    number = text(fields, "ids")
    if not number.isdecimal():
        raise HTTPException(400, "say which revision")
    campaign = await api.get(f"/v1/campaigns/{id}")
    before = await api.get(f"/v1/campaigns/{id}/revisions/{number}")
    await _store(api, campaign, before["brief"].encode(), before["media_type"])
    t = translator(language_of(request))
    return said(to(text(fields, "back") or f"/campaigns/{id}"), t("The brief is again as in revision {number}.", number=number))


async def _store(api: Gateway, campaign: Row, body: bytes, media_type: str) -> None:
    headers = {"Content-Type": media_type, "If-Match": f'"{campaign["revision"]}"'}
    await api.ask("PUT", f"/v1/campaigns/{campaign['id']}/brief", content=body, headers=headers)


async def newest(request: Request, api: Gateway) -> Response:
    """Where the newest file of the same ad is: asked by the page of an ad while it is made again. 204 while it still is."""
    id = request.path_params["id"]
    creative = await api.get(f"/v1/creatives/{id}")
    campaign = await api.get(f"/v1/campaigns/{creative['campaign']}")
    run = await api.get(f"/v1/runs/{campaign['run']}") if campaign["run"] else None
    asked = "hx-request" in request.headers
    if asked and run and under_way(run):
        return Response(status_code=204)
    wanted = {name: creative[name] for name in IDENTITY[:3]}
    same = (await api.get("/v1/creatives", campaign=campaign["id"], **wanted))["items"]
    found = next((row["id"] for row in same if row["variant"] == creative["variant"]), "")
    where = f"/creatives/{found}" if found else f"/campaigns/{campaign['id']}"
    return Response(status_code=204, headers={"HX-Redirect": where}) if asked else to(where)
