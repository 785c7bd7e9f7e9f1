"""A reader that leaves a stream is no fault; anything else that breaks still is one."""

from __future__ import annotations

import anyio
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from affiche.api.left import LeftStreams


def asked(error: BaseException | None) -> int:
    app = FastAPI()
    app.add_middleware(LeftStreams)

    async def page(_: Request) -> PlainTextResponse:
        if error is not None:
            raise error
        return PlainTextResponse("well")

    app.add_route("/", page)
    sent: list[int] = []

    async def outer(scope: object, receive: object, send: object) -> None:
        await app(scope, receive, send)  # type: ignore[arg-type]
        sent.append(1)

    if error is None:
        return TestClient(app).get("/").status_code
    scope = {
        "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [],
        "http_version": "1.1", "scheme": "http", "server": ("here", 80), "client": ("here", 1), "root_path": "",
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: object) -> None:
        return None

    anyio.run(outer, scope, receive, send)
    return len(sent)


def test_a_reader_that_left_is_no_fault() -> None:
    assert asked(None) == 200
    assert asked(ExceptionGroup("one", [anyio.BrokenResourceError()])) == 1
    assert asked(ExceptionGroup("two", [ExceptionGroup("one", [anyio.BrokenResourceError()])])) == 1


@pytest.mark.parametrize("error", [ValueError("x"), ExceptionGroup("both", [anyio.BrokenResourceError(), ValueError("x")])])
def test_what_else_breaks_still_is_one(error: Exception) -> None:
    with pytest.raises((ValueError, ExceptionGroup)):
        asked(error)
