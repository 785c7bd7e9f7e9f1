"""Webhooks: whom to tell of what, a try, and the log of telling."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from affiche.portal.forms import fields_of, text, to
from affiche.portal.gateway import Gateway, Refused
from affiche.portal.shape import Row, every, names, when
from affiche.portal.views import language_of, page, refusal
from affiche.portal.words import translator

#: What people are told of, by the kinds of events behind it.
_KINDS = {
    "Builds": ["run.state"],
    "Decisions": ["approval.*"],
    "Comments": ["comment.*"],
    "Campaigns": ["campaign.*"],
    "Deliveries": ["package.*"],
}
_CHANNELS = {"webhook": "Webhook", "slack": "Slack", "teams": "Teams", "email": "Email"}


async def listed(request: Request, api: Gateway) -> Response:
    """Everybody who is told, and the form for another."""
    return await _webhooks(request, api)


async def create(request: Request, api: Gateway) -> Response:
    """Tells somebody from now on; the secret that signs is shown once."""
    fields, t = await fields_of(request), translator(language_of(request))
    chosen = [kind for name in fields.getlist("kinds") for kind in _KINDS.get(str(name), ())]
    said = {
        "channel": text(fields, "channel") or "webhook", "target": text(fields, "target"), "name": text(fields, "name"),
        "kinds": chosen, "brand": text(fields, "brand") or "*",
    }  # fmt: skip
    try:
        made = await api.post("/v1/webhooks", said)
    except Refused as no:
        return await _webhooks(request, api, refusal(request, no), typed=said, status=no.status)
    if not made["secret"]:
        return to(f"/webhooks/{made['id']}")
    lead = t("Check with it that a message comes from here (Affiche-Signature). It is shown once.")
    return page(
        request, "key.html.j2", title=t("The webhook's secret"), lead=lead, key=made["secret"], more=[],
        onward=f"/webhooks/{made['id']}", done=t("I have kept it"),
    )  # fmt: skip


async def shown(request: Request, api: Gateway) -> Response:
    """One of them with its log."""
    id, language = request.path_params["id"], language_of(request)
    t, hook = translator(language), await api.get(f"/v1/webhooks/{id}")
    found = await api.get("/v1/deliveries", webhook=id, cursor=request.query_params.get("after", ""), limit=50)
    rows = [_delivery(one, language) for one in found["items"]]
    tried = request.query_params.get("tried")
    said = ("note", t("A try is on its way. Reload in a moment to see how it went."), "") if tried else None
    return page(request, "webhook.html.j2", h=_shaped(hook), rows=rows, next=found["next"], said=said)


async def test(request: Request, api: Gateway) -> Response:
    """Tells something that did not happen."""
    id = request.path_params["id"]
    await api.post(f"/v1/webhooks/{id}/test")
    return to(f"/webhooks/{id}?tried=1")


async def switch(request: Request, api: Gateway) -> Response:
    """Tells no more for a while, or again."""
    fields, id = await fields_of(request), request.path_params["id"]
    await api.ask("PATCH", f"/v1/webhooks/{id}", json={"active": text(fields, "active") == "1"})
    return to(f"/webhooks/{id}")


async def remove(request: Request, api: Gateway) -> Response:
    """Tells no more, and forgets the log."""
    await api.ask("DELETE", f"/v1/webhooks/{request.path_params['id']}")
    return to("/webhooks")


async def replay(request: Request, api: Gateway) -> Response:
    """Tells the same again."""
    id = request.path_params["id"]
    await api.post(f"/v1/deliveries/{request.path_params['delivery']}/replay")
    return to(f"/webhooks/{id}?tried=1")


async def _webhooks(
    request: Request, api: Gateway, said: tuple[str, str, str] | None = None, *, typed: Row | None = None, status: int = 200
) -> Response:
    hooks = [_shaped(one) for one in (await api.get("/v1/webhooks", limit=200))["items"]]
    blank = typed or {"channel": "webhook", "target": "", "name": "", "kinds": [], "brand": "*"}
    return page(
        request, "webhooks.html.j2", status=status, hooks=hooks, kinds=_KINDS, channels=_CHANNELS, said=said, typed=blank,
        brands=names(await every(api.get, "/v1/brands")),
    )  # fmt: skip


def _shaped(hook: Row) -> Row:
    said = [name for name, kinds in _KINDS.items() if set(kinds) <= set(hook["kinds"])]
    other = [kind for kind in hook["kinds"] if not any(kind in kinds for kinds in _KINDS.values())]
    return {**hook, "title": hook["name"] or hook["target"], "told": said, "other": other, "kind": _CHANNELS[hook["channel"]]}


def _delivery(row: Row, language: str) -> Row:
    last = row["log"][-1] if row["log"] else {"status": 0, "error": ""}
    answer = last["error"] or (str(last["status"]) if last["status"] else "")
    return {**row, "when": when(row["created_at"], language), "again": when(row["next_at"] or "", language), "answer": answer}
