"""Webhooks, notices and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from affiche.api.schema.shape import In, Out

Channel = Literal["webhook", "slack", "teams", "email"]


class WebhookWanted(In):
    """Whom to tell of what. `kinds` are kinds of events, `*` stands for anything: `run.*`; all when empty."""

    channel: Channel = "webhook"
    target: str = Field(min_length=3, max_length=2000, description="An https URL, or an address for e-mail.")
    name: str = Field("", max_length=200)
    kinds: list[str] = Field(default_factory=list, max_length=50)
    brand: str = Field("*", max_length=64, description="Only of this brand (its id); `*` = of all.")


class WebhookChange(In):
    """Only what is given changes."""

    name: str | None = Field(None, max_length=200)
    kinds: list[str] | None = Field(None, max_length=50)
    active: bool | None = None


class Webhook(Out):
    """Who is told. The address of Slack and Teams is a secret: only its host is shown."""

    id: str
    channel: Channel
    target: str
    name: str
    kinds: list[str]
    brand: str
    active: bool
    created_by: str
    created_at: datetime
    secret: str = Field("", description="Signs what is sent. Shown once, when the webhook is made.")

    @classmethod
    def of(cls, row: Any, secret: str = "") -> Webhook:
        target = row["target"]
        if row["channel"] in ("slack", "teams"):
            target = "/".join(target.split("/")[:3]) + "/..."
        return cls(**{**row, "target": target, "secret": secret})


class Delivery(Out):
    """An event for one webhook, with every try."""

    id: str
    webhook: str
    event: int
    state: Literal["waiting", "delivered", "failed"]
    tries: int
    replay: int
    log: list[dict[str, Any]]
    next_at: datetime | None = None
    created_at: datetime
    done_at: datetime | None = None
