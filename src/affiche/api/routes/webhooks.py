"""Whom to tell, and how telling went: signed webhooks, Slack, Teams, e-mail; every try is in the log and can be replayed."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Response

from affiche.api.answer import Answer, Key, write
from affiche.api.body import JSON_MAX
from affiche.api.caller import Asked, InHouse
from affiche.api.paging import Wanted, sealed
from affiche.api.schema.shape import Page, page_of
from affiche.api.schema.webhook import Delivery, Webhook, WebhookChange, WebhookWanted
from affiche.errors import Refused, UsageError
from affiche.registry import ids, webhooks
from affiche.registry.scope import Scope, one, page
from affiche.registry.tables.flow import deliveries
from affiche.registry.tables.flow import webhooks as table

router = APIRouter(prefix="/v1", tags=["webhooks"], max_body_size=JSON_MAX)

Id = Annotated[str, Path(pattern=ids.pattern("whk"))]
DeliveryId = Annotated[str, Path(pattern=ids.pattern("dlv"))]
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,253}")


def _wide(scope: Scope) -> Scope:
    """Webhooks belong to the tenant; those who see only some brands do not manage them. Raises Refused."""
    if scope.brands is not None:
        raise Refused("webhooks are managed by those who see every brand")
    return scope


@router.post("/webhooks", operation_id="webhooks.create", status_code=201, response_model=Webhook)
def create(wanted: WebhookWanted, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Tells somebody of what happens from now on. The answer holds the secret that signs, this once."""
    _fit(wanted)
    id, secret = ids.new_id("whk"), secrets.token_urlsafe(32) if wanted.channel == "webhook" else ""

    def work(c: sa.Connection) -> Answer:
        kept = house.sealer.seal(secret.encode(), about=f"webhooks/{id}/secret") if secret else None
        values = {**wanted.model_dump(), "id": id, "secret": kept, "sealed": house.sealer.key_id if secret else ""}
        row = webhooks.add(c, _wide(asked.scope), values)
        body = Webhook.of(row, secret).model_dump(mode="json")
        return Answer(body=body, status=201, headers={"Location": f"/v1/webhooks/{id}"})

    return write(house, asked, work, key=key, asked=(wanted.model_dump_json(),))


def _fit(wanted: WebhookWanted) -> None:
    """Raises UsageError for a target that the channel cannot reach."""
    if wanted.channel == "email":
        if not _ADDRESS.fullmatch(wanted.target):
            raise UsageError("the target of an e-mail is one address")
        return
    try:
        parts = urlsplit(wanted.target)
    except ValueError:
        raise UsageError("the target is no URL") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password:
        raise UsageError("the target is a URL such as https://hooks.example.com/affiche, without a password")


@router.get("/webhooks", operation_id="webhooks.list", response_model=Page[Webhook])
def listed(asked: Asked, house: InHouse, part: Wanted) -> dict[str, Any]:
    """Who is told, newest first."""
    with house.registry.read() as c:
        where = [table.c.tenant == _wide(asked.scope).tenant]
        rows, cursor = page(c, table, where, before=part.before, limit=part.limit)
    return {"items": [Webhook.of(row) for row in rows], "next": sealed(cursor)}


@router.get("/webhooks/{id}", operation_id="webhooks.get", response_model=Webhook)
def get(id: Id, asked: Asked, house: InHouse) -> Webhook:
    """One webhook."""
    with house.registry.read() as c:
        return Webhook.of(one(c, _wide(asked.scope), table, id=id, what="webhook"))


@router.patch("/webhooks/{id}", operation_id="webhooks.change", response_model=Webhook)
def change(id: Id, wanted: WebhookChange, asked: Asked, house: InHouse) -> Response:
    """Changes of what it is told, or stops telling."""
    values = {name: value for name, value in wanted.model_dump().items() if value is not None}
    scope = _wide(asked.scope)
    return write(house, asked, lambda c: Answer(body=Webhook.of(webhooks.change(c, scope, id, values)).model_dump(mode="json")))


@router.delete("/webhooks/{id}", operation_id="webhooks.delete", status_code=204, response_class=Response)
def delete(id: Id, asked: Asked, house: InHouse) -> Response:
    """Stops telling, and forgets the log."""

    def work(c: sa.Connection) -> Answer:
        webhooks.remove(c, _wide(asked.scope), [id])
        return Answer(status=204)

    return write(house, asked, work)


@router.post("/webhooks/{id}/test", operation_id="webhooks.test", status_code=202, response_model=Delivery)
def test(id: Id, asked: Asked, house: InHouse) -> Response:
    """Tells it of something that did not happen (`webhook.test`), to see whether it arrives."""

    def work(c: sa.Connection) -> Answer:
        return Answer(body=Delivery(**webhooks.test(c, _wide(asked.scope), id)).model_dump(mode="json"), status=202)

    return write(house, asked, work)


@router.get("/deliveries", operation_id="deliveries.list", response_model=Page[Delivery])
def log(
    asked: Asked, house: InHouse, part: Wanted,
    webhook: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(pattern="^(waiting|delivered|failed)?$")] = "",
) -> dict[str, Any]:  # fmt: skip
    """How telling went, newest first."""
    named = {"webhook": webhook, "state": state}
    where = [deliveries.c.tenant == _wide(asked.scope).tenant, *(deliveries.c[n] == v for n, v in named.items() if v)]
    with house.registry.read() as c:
        rows, cursor = page(c, deliveries, where, before=part.before, limit=part.limit)
    return page_of(Delivery, (rows, sealed(cursor)))


@router.post("/deliveries/{id}/replay", operation_id="deliveries.replay", status_code=202, response_model=Delivery)
def replay(id: DeliveryId, asked: Asked, house: InHouse, key: Key = "") -> Response:
    """Tells the same again."""

    def work(c: sa.Connection) -> Answer:
        row = webhooks.replay(c, _wide(asked.scope), id)
        return Answer(body=Delivery(**row).model_dump(mode="json"), status=202)

    return write(house, asked, work, key=key, asked=(id,))
