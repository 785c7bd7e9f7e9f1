"""Requests: repeated when that is safe, refused with what the service says is wrong.

Every writing request carries an idempotency key of its own, so that repeating it after a broken connection does the work once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import httpx2

from affiche.client.shapes import Note
from affiche.errors import AfficheError

#: How often a request is made in all, and the longest that a service may ask us to wait, s.
TRIES, WAIT_MAX_S = 4, 60.0
_AGAIN = {429, 502, 503, 504}


class Problem(AfficheError):
    """The service refused a request. `status`, `reason` (its stable code), `pointer`, `problems` say what is wrong with it."""

    code = "refused-by-service"

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body.get("detail") or f"answered {status}"), hint=str(body.get("hint", "")))
        self.status, self.reason, self.pointer = status, str(body.get("code", "")), str(body.get("pointer", ""))
        self.problems = tuple(Note(**item) for item in body.get("problems", ()))
        self.request_id = str(body.get("request_id", ""))


class Unreachable(AfficheError):
    """The service does not answer."""

    code = "service-unreachable"
    retry = "later"


async def call(
    http: httpx2.AsyncClient, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None,
    content: bytes | None = None, headers: Mapping[str, str] | None = None,
) -> httpx2.Response:  # fmt: skip
    """The answer, when it is a good one. Raises Problem, Unreachable."""
    sent = {"Idempotency-Key": uuid.uuid4().hex, **(headers or {})} if method in ("POST", "PUT") else dict(headers or {})
    for left in range(TRIES - 1, -1, -1):
        try:
            answer = await http.request(method, path, params=params, json=json, content=content, headers=sent)
        except httpx2.TransportError as error:
            if not left:
                raise Unreachable(f"{http.base_url} does not answer: {type(error).__name__}") from error
            await asyncio.sleep(0.5 * (TRIES - left))
            continue
        if answer.status_code in _AGAIN and left:
            await asyncio.sleep(_pause(answer, TRIES - left))
            continue
        if answer.is_success:
            return answer
        raise Problem(answer.status_code, _said(answer))
    raise AssertionError("the last try returns or raises")


def _pause(answer: httpx2.Response, turn: int) -> float:
    """What the service asks for, else a little more each time, s."""
    asked = answer.headers.get("retry-after", "")
    return min(WAIT_MAX_S, float(asked)) if asked.isdigit() else 0.5 * turn


def _said(answer: httpx2.Response) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
