"""Writing requests: one registry transaction, and an answer that is remembered under the caller's `Idempotency-Key`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Header, Response

from affiche.api.caller import Caller
from affiche.api.house import House
from affiche.registry import audit, remembered
from affiche.values.digest import digest

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", max_length=200, pattern=r"^[\x21-\x7e]*$",
        description="Any unique text. The same key with the same request gives the same answer, and the work is done once.",
    ),
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, plain JSON data (None = no body) and headers."""

    body: Mapping[str, Any] | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    #: What the audit log says that the body cannot: `id` and `brand` of the thing, and `data`.
    about: Mapping[str, Any] = field(default_factory=dict)


def write(
    house: House, caller: Caller, work: Callable[[sa.Connection], Answer], *, key: str = "", asked: Sequence[object] = ()
) -> Response:
    """Does `work` in one transaction. `asked`: what is wanted, to tell a repeated request from another one with the same key."""
    name = f"{caller.principal.id}:{caller.action}:{digest('key', key)}" if key else ""
    with house.registry.write() as c:
        known = remembered.begin(c, caller.scope.tenant, name, digest("asked", *asked)) if name else None
        if known is not None:
            headers = {**known["headers"], "Idempotent-Replayed": "true"}
            return _response(known["status"], headers, _opened(house, name, known["answer"]))
        answer = work(c)
        _note(c, caller, answer)
        data = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
        if name:
            kept = house.sealer.seal(data, about=f"remembered/{name}") if data else data
            remembered.finish(c, name, status=answer.status, headers=answer.headers, answer=kept)
    return _response(answer.status, answer.headers, data)


def _opened(house: House, name: str, kept: bytes) -> bytes:
    """A remembered answer, which may hold a secret that is shown once: kept sealed. Those of before are plain JSON."""
    return kept if kept[:1] in (b"", b"{") else house.sealer.open(kept, about=f"remembered/{name}")


def _note(connection: sa.Connection, caller: Caller, answer: Answer) -> None:
    """Who did what, for the audit log: in the same transaction, so neither is ever without the other."""
    body = answer.body or {}
    thing = answer.about or (body if "id" in body else body.get("campaign") or {})
    audit.append(
        connection, caller.scope.tenant, caller.action, actor=caller.principal.id, actor_kind=caller.principal.kind,
        subject=str(thing.get("id") or ""), brand=str(thing.get("brand") or ""), request=caller.request_id,
        data={"path": caller.path, **answer.about.get("data", {})},
    )  # fmt: skip


def _response(status: int, headers: Mapping[str, str], data: bytes) -> Response:
    return Response(data or None, status_code=status, headers=dict(headers), media_type="application/json" if data else None)


def etag(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"{revision}"'
