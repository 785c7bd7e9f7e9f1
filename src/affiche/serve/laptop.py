"""Everything in one process: the registry is upgraded, the worker works, the server serves until it is told to stop."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from functools import partial

import uvicorn

from affiche import wire
from affiche.access.gate import KeyGate
from affiche.api.app import make_app
from affiche.api.gate import LocalGate
from affiche.api.house import open_house, session_rules
from affiche.notices.send import Post
from affiche.portal.app import mount
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.serve.logs import set_up
from affiche.serve.teller import Teller
from affiche.serve.worker import Hand
from affiche.settings import Settings

#: How long open requests may take when the server is told to stop, s. Streams of events never end by themselves.
_GRACE_S = 5

#: How long an idle connection is kept, s: longer than clients and proxies in front keep theirs.
_IDLE_S = 75

log = logging.getLogger("affiche.serve")


def today() -> date:
    """The day by which rules are in force: in the service the same for everyone, UTC."""
    return datetime.now(UTC).date()


def serve(settings: Settings, *, host: str, port: int, work: bool = True, local: bool = False) -> None:
    """Serves until it is told to stop (SIGINT, SIGTERM)."""
    set_up()
    registry = open_registry(settings.database_url, settings.home)
    upgrade(registry)
    gate = LocalGate() if local else KeyGate(registry, per_minute=settings.rate_per_minute, rules=session_rules(settings))
    house = open_house(settings, registry, gate, today)
    worker = Hand(settings) if work else None
    if worker is not None:
        worker.start()
    post = Post(server=settings.smtp, sender=settings.smtp_sender)
    teller = Teller(registry, partial(wire.fetcher, settings), post, house.sealer)
    teller.start()
    try:
        app = make_app(house)
        mount(app, house)
        config = uvicorn.Config(
            app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=_GRACE_S,
            server_header=False, timeout_keep_alive=_IDLE_S,
        )  # fmt: skip
        uvicorn.Server(config).run()
    finally:
        teller.stop()
        if worker is not None:
            worker.stop()
        registry.close()
