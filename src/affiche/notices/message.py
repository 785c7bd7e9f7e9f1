"""What is said of an event: all of it to a webhook, a sentence to people."""

from __future__ import annotations

import json
from typing import Any

from affiche.registry.scope import Row

_SENTENCES = {
    "run.state": "Run {run} is {state}{why}.",
    "approval.made": "A creative was {decision} ({stage}){why}.",
    "comment.made": "A comment: {text}",
    "package.made": "A {kind} package with {creatives} creatives is ready.",
    "campaign.made": "Campaign {campaign} was made.",
    "picture.accepted": "A picture that was bought for {bought_for} is used for {product}.",
    "asset.ready": "Asset {name} is ready.",
    "webhook.test": "This is a try: Affiche reaches you here.",
}


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


def body_of(event: Row, delivery: str) -> bytes:
    """The event as JSON; `id` is the delivery's, equal in every try."""
    fields = {name: event[name] for name in ("seq", "kind", "brand", "campaign", "run", "actor", "data")}
    return json.dumps({"id": delivery, **fields, "at": event["at"].isoformat()}, ensure_ascii=False).encode()


def sentence(event: Row) -> str:
    """The event for people, one line."""
    data = event["data"]
    why = f": {data['reason']}" if data.get("reason") else ""
    known = _Known({**{k: v for k, v in event.items() if k != "data"}, **data, "why": why})
    text = _SENTENCES.get(event["kind"], "{kind}").format_map(known)
    return " ".join(text.split())[:500]


def slack(event: Row) -> bytes:
    """For an incoming webhook of Slack. `&<>` are escaped as Slack wants it, so that nobody is mentioned by a brief."""
    text = sentence(event).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return json.dumps({"text": text}).encode()


def teams(event: Row) -> bytes:
    """For a workflow webhook of Teams: an adaptive card with plain text."""
    card = {
        "type": "AdaptiveCard", "version": "1.4", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "body": [{"type": "TextBlock", "text": sentence(event), "wrap": True}],
    }  # fmt: skip
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}).encode()
