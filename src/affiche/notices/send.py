"""Delivers what is due: events become deliveries, each is tried, the outcome is written down.

A server that answers 410 is not asked again; an address that is not allowed is not tried again. Everything else comes back
with growing pauses. `turn` is one round; whoever has a loop calls it. Several may: a delivery is handed to one of them.
"""

from __future__ import annotations

import asyncio
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from affiche.errors import AddressRefused, AfficheError
from affiche.notices import message
from affiche.notices.sign import HEADER, signature
from affiche.ports import Fetcher, Sealer
from affiche.registry import webhooks
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.values.fetch import FetchRequest

#: How long a receiver may take, s, and how much it may say, bytes.
_TIMEOUT_S, _ANSWER_MAX = 15.0, 64_000
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The mail server: `host:port` (empty = there is none) and who writes."""

    server: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a try went. `status` of the answer, 0 when there was none or none is usual (mail)."""

    status: int = 0
    error: str = ""
    final: bool = False


def turn(registry: Registry, fetcher: Callable[[], Fetcher], post: Post, sealer: Sealer) -> int:
    """One round; how many deliveries were tried. Blocks: call it from a thread."""
    with registry.write() as c:
        webhooks.spread(c)
        found = webhooks.due(c)
    if not found:
        return 0
    found = [(delivery, _opened(hook, sealer), event) for delivery, hook, event in found]
    outcomes = asyncio.run(_all(found, fetcher, post))
    with registry.write() as c:
        for (delivery, _hook, _event), outcome in zip(found, outcomes, strict=True):
            webhooks.tried(c, delivery, status=outcome.status, error=outcome.error, final=outcome.final)
    return len(found)


def _opened(hook: Row, sealer: Sealer) -> Row:
    """The webhook with its secret in clear."""
    if not hook["sealed"]:
        return hook
    return {**hook, "secret": sealer.open(hook["secret"], about=f"webhooks/{hook['id']}/secret")}


async def _all(found: list[tuple[Row, Row, Row]], fetcher: Callable[[], Fetcher], post: Post) -> list[Tried]:
    opened = fetcher()
    try:
        return await asyncio.gather(*(_one(delivery, hook, event, opened, post) for delivery, hook, event in found))
    finally:
        await opened.close()


async def _one(delivery: Row, hook: Row, event: Row, fetcher: Fetcher, post: Post) -> Tried:
    if hook["channel"] == "email":
        return await asyncio.to_thread(_mail, hook["target"], event, post)
    body, headers = _request(delivery, hook, event)
    request = FetchRequest(
        url=hook["target"], method="POST", body=body, headers=headers, timeout_s=_TIMEOUT_S, max_bytes=_ANSWER_MAX, redirects=0
    )
    try:
        answer = await fetcher.fetch(request)
    except AddressRefused as error:
        return Tried(error=error.public, final=True)
    except AfficheError as error:
        return Tried(error=error.public)
    good = 200 <= answer.status < 300
    return Tried(status=answer.status, error="" if good else f"answered {answer.status}", final=answer.status == _GONE)


def _request(delivery: Row, hook: Row, event: Row) -> tuple[bytes, dict[str, str]]:
    headers = {"content-type": "application/json", "user-agent": "affiche"}
    if hook["channel"] == "slack":
        return message.slack(event), headers
    if hook["channel"] == "teams":
        return message.teams(event), headers
    body = message.body_of(event, delivery["id"])
    signed = signature(hook["secret"] or b"", body, int(time.time()))
    return body, {**headers, HEADER.lower(): signed, "affiche-delivery": delivery["id"], "affiche-event": event["kind"]}


def _mail(address: str, event: Row, post: Post) -> Tried:
    if not post.server:
        return Tried(error="no mail server is set (AFFICHE_SMTP)", final=True)
    mail = EmailMessage()
    text = message.sentence(event)
    mail["Subject"], mail["From"], mail["To"] = text[:120], post.sender, address
    mail.set_content(text + "\n")
    host, _, port = post.server.rpartition(":")
    try:
        with smtplib.SMTP(host or port, int(port) if host else 25, timeout=_TIMEOUT_S) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        return Tried(error=f"{type(error).__name__}: {error}"[:300])
    return Tried()
