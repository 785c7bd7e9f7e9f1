"""The API without a socket: for tools that run on this machine and want the service only while they run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from affiche import wire
from affiche.api.app import make_app
from affiche.api.gate import LocalGate
from affiche.api.house import open_house
from affiche.registry.migrate import upgrade
from affiche.registry.open import open_registry
from affiche.serve.laptop import today
from affiche.serve.worker import Hand
from affiche.settings import Settings


@contextmanager
def in_process(settings: Settings) -> Iterator[httpx2.AsyncBaseTransport]:
    """A transport to an API of this process, with a worker. Its registry is the one that `affiche serve --local` uses."""
    registry = open_registry(settings.database_url, settings.home, seals=wire.seals(settings))
    upgrade(registry)
    house = open_house(settings, registry, LocalGate(), today)
    worker = Hand(settings)
    worker.start()
    try:
        yield httpx2.ASGITransport(make_app(house))
    finally:
        worker.stop()
        house.close()
        registry.close()
