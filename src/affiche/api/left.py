"""Left: a reader that goes in the moment in which a stream of events is written to is no fault."""

from __future__ import annotations

import logging

from anyio import BrokenResourceError
from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("affiche.api")


class LeftStreams:
    """ASGI: what the writer of a stream says because nobody reads any more ends there; every other error goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except* BrokenResourceError:
            log.info("a reader left a stream")
