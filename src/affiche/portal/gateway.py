"""Gateway: the API, asked in this process as the person who looks at a page. What the API refuses, a page cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.requests import Request
from starlette.types import ASGIApp

from affiche.access.table import TABLE

#: What of a visitor's request goes along: who they are, and which request it was.
_FORWARDED = ("cookie", "authorization", "x-api-key", "x-request-id", "traceparent", "host", "origin", "user-agent")
_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the API said: its `body`, and the headers that matter to a page."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Refused(Exception):
    """The API said no: `problem` is its problem+json document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("title", ""))
        self.status = status
        self.problem = problem

    @property
    def title(self) -> str:
        return str(self.problem.get("detail") or self.problem.get("title") or "")

    @property
    def hint(self) -> str:
        return str(self.problem.get("hint") or "")


def allowed(request: Request, action: str) -> None:
    """Nothing, for who may do `action`: a page that only leads to it is for nobody else. Raises Refused."""
    if not request.state.may(action):
        roles = ", ".join(sorted(TABLE[action].roles))
        raise Refused(403, {"code": "forbidden", "detail": f"{action} needs one of the roles {roles}"})


@dataclass(frozen=True, slots=True)
class Gateway:
    """One visitor's way to the API; a page makes as many calls as it needs, each a function call and no network."""

    app: ASGIApp
    headers: Mapping[str, str]
    client: tuple[str, int]
    scheme: str = "http"

    @classmethod
    def of(cls, request: Request, app: ASGIApp) -> Gateway:
        given = {name: value for name in _FORWARDED if (value := request.headers.get(name))}
        if getattr(request.state, "signed_in", False):
            given["x-csrf-token"] = request.state.csrf  # the page's own form was looked at before (`enter.py`)
        address = request.client
        place = (address.host, address.port) if address else ("0.0.0.0", 0)  # noqa: S104 - nobody's address
        return cls(app, given, place, request.url.scheme)

    async def get(self, path: str, **params: Any) -> Any:
        """The body of a GET. Raises Refused."""
        return (await self.ask("GET", path, params=params)).body

    async def post(self, path: str, data: Any = None, **headers: str) -> Any:
        """The body of a POST of JSON. Raises Refused."""
        return (await self.ask("POST", path, json=data, headers=headers)).body

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> Answer:
        """Any call. Raises Refused."""
        wanted = {name: value for name, value in (params or {}).items() if value not in (None, "")}
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        async with self._open() as api:
            answer = await api.request(method, path, params=wanted, headers=named, **body)
        kind = answer.headers.get("content-type", "")
        content: Any = answer.json() if "json" in kind and answer.content else answer.content
        if answer.status_code >= 400:
            raise Refused(
                answer.status_code, content if isinstance(content, dict) else {"title": answer.reason_phrase}
            )
        return Answer(status=answer.status_code, body=content, headers=dict(answer.headers))

    def _open(self) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app, client=self.client, raise_app_exceptions=False)
        return httpx2.AsyncClient(
            transport=transport,
            base_url=f"{self.scheme}://portal.local",
            headers=dict(self.headers),
            timeout=_TIMEOUT_S,
        )
