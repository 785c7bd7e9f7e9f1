"""A reader that leaves a stream is no fault; anything else that breaks still is one."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from anyio import BrokenResourceError

from affiche.api.left import LeftStreams

LEFT = ExceptionGroup("two", [ExceptionGroup("one", [BrokenResourceError()])])


def asked(error: Exception | None, *, begun: bool = True) -> list[str]:
    """What is sent by an application that breaks with `error`, after its answer has `begun` or before."""
    sent: list[str] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        if begun:
            await send({"type": "http.response.start"})
        if error is not None:
            raise error

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    anyio.run(LeftStreams(application), {"type": "http"}, receive, send)
    return sent


@pytest.mark.parametrize("error", [None, BrokenResourceError(), LEFT])
def test_a_reader_that_left_is_no_fault(error: Exception | None) -> None:
    assert asked(error) == ["http.response.start"]


@pytest.mark.parametrize("error", [ValueError("x"), ExceptionGroup("both", [BrokenResourceError(), ValueError("x")])])
def test_what_else_breaks_still_is_one(error: Exception) -> None:
    with pytest.raises((ValueError, ExceptionGroup)):
        asked(error)


def test_nobody_leaves_an_answer_that_has_not_begun() -> None:
    with pytest.raises(ExceptionGroup):
        asked(LEFT, begun=False)
