"""Everything in one process: the registry is upgraded, the worker works, the server serves until it is told to stop."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import uvicorn

from affiche import wire
from affiche.access.gate import KeyGate
from affiche.access.signing_in import offer_first
from affiche.api.app import make_app
from affiche.api.gate import LocalGate
from affiche.api.house import open_house, session_rules
from affiche.notices.send import Post
from affiche.portal.app import mount
from affiche.registry.migrate import upgrade
from affiche.registry.open import Registry, open_registry
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


def _tell_first(registry: Registry, settings: Settings, address: str, tell: Callable[[str], None]) -> None:
    """Says in the terminal how the first account is made: who sees it is whoever runs the service."""
    ticket = offer_first(registry)
    if ticket:
        place = settings.public_url.rstrip("/") or address.replace("//0.0.0.0:", "//127.0.0.1:")
        line = f"There is no account yet. Make the first one, within a day: {place}/welcome?ticket={ticket}"
        tell(line)


def serve(
    settings: Settings, *, host: str, port: int, tell: Callable[[str], None], work: bool = True, local: bool = False
) -> None:
    """Serves until it is told to stop (SIGINT, SIGTERM). `tell`: to the terminal, not to the log, which others keep."""
    set_up()
    registry = open_registry(settings.database_url, settings.home, seals=wire.seals(settings))
    upgrade(registry)
    gate = LocalGate() if local else KeyGate(registry, per_minute=settings.rate_per_minute, rules=session_rules(settings))
    house = open_house(settings, registry, gate, today)
    if not local:
        _tell_first(registry, settings, f"http://{host}:{port}", tell)
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
        # What is loaded stays: a search for cycles among it would make some page wait a tenth of a second.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        uvicorn.Server(config).run()
    finally:
        teller.stop()
        if worker is not None:
            worker.stop()
        registry.close()
