"""The service for tests: the real application on a real socket, in a thread, with its worker when wanted."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2 as httpx
import uvicorn

from affiche import wire
from affiche.api.app import make_app
from affiche.api.gate import Gate, LocalGate
from affiche.api.house import House, open_house
from affiche.registry import outbox, runs
from affiche.registry.migrate import upgrade
from affiche.registry.open import Registry, open_registry
from affiche.serve.worker import Hand
from affiche.settings import Settings

TODAY = date(2026, 11, 25)
BRIEF = """\
affiche: 1
campaign: summer-yuzu
name: Summer Yuzu
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, body: Sparkling yuzu. Nothing added., cta: Find a can}
markets: [{region: US, locales: [en-US]}]
products: [{id: yuzu, name: Sparkling Yuzu}]
placements: [iab-medium-rectangle]
"""


@dataclass
class Service:
    url: str
    house: House
    registry: Registry
    http: httpx.Client

    def wait(self, run: str, timeout_s: float = 60) -> dict[str, Any]:
        """The run when it rests."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            row = self.http.get(f"/v1/runs/{run}").json()
            if row["state"] in {"needs-review", "partial", "failed", "cancelled"}:
                return row
            time.sleep(0.1)
        raise AssertionError(f"the run is still {row['state']}")


@contextmanager
def service(
    home: Path, *, work: bool = False, gate: Gate | None = None, url: str = "", portal: bool = False, **more: Any
) -> Iterator[Service]:
    settings = Settings(home=home, jobs=1, database_url=url, **more)
    registry = open_registry(url, home, seals=wire.seals(settings))
    upgrade(registry)
    house = open_house(settings, registry, gate or LocalGate(), lambda: TODAY)
    worker = Hand(settings) if work else None
    # Said to be TCP: asyncio switches Nagle's algorithm off for such sockets only, and with it 40 ms of every answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    port = listening.getsockname()[1]
    app = make_app(house)
    if portal:
        from affiche.portal.app import mount

        mount(app, house)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    if worker:
        worker.start()
    base = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=base, timeout=30) as http:
            yield Service(url=base, house=house, registry=registry, http=http)
    finally:
        server.should_exit = True
        thread.join(20)
        if worker:
            worker.stop()
        listening.close()
        registry.close()


def give_up(at: Service, run: str, why: str) -> None:
    """Gives a run that was just ordered up for dead, with its row of the outbox, which failed because of `why`."""
    with at.registry.write() as c:
        for _ in range(outbox.MAX_TRIES):
            row = outbox.take(c, "w", hold_s=-1)[0]
            outbox.failed(c, row["seq"], why, again_s=-1)
        moved = runs.own(c, run, "w")
        runs.move(c, run, "failed", reason="given up after 3 tries: disk")
        runs.note(c, moved, "run.dead-letter", {"reason": "disk"})
