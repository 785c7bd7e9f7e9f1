"""The worker of `affiche work` in a thread of the service: engine and render processes as on many machines, on one."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from affiche.errors import AfficheError
from affiche.settings import Settings
from affiche.work.worker import Worker

#: Between starts that failed (another process builds in the same home, the database is away), s.
_AGAIN_S = 2.0
#: Whoever stops the service at a terminal waits for no more than this, s: what was begun continues at the next start.
_DRAIN_S = 10

log = logging.getLogger("affiche.serve")


class Hand:
    """Works until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = replace(settings, drain_s=min(settings.drain_s, _DRAIN_S))
        self._stop = threading.Event()
        self._worker = Worker(self._settings)
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 60) -> None:
        self._stop.set()
        self._worker.stop()
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._worker.run()
            except AfficheError as error:
                log.warning("no work is done now: %s", error.public)
                self._stop.wait(_AGAIN_S)
            self._worker = Worker(self._settings)
