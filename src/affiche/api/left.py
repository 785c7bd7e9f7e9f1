"""Left: a reader that goes in the moment in which a stream of events is written to is no fault."""

from __future__ import annotations

import logging

from anyio import BrokenResourceError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("affiche.api")


class LeftStreams:
    """ASGI: what the writer of an answer says because nobody reads any more ends there.

    Every other error goes on, and so does this one before the answer has begun: then nobody can have left it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except* BrokenResourceError:
            if not begun:
                raise
            log.info("a reader left a stream")
