"""A thread that tells the outside what happened, as long as the service runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from affiche.errors import AfficheError
from affiche.notices.send import Post, turn
from affiche.ports import Fetcher, Sealer
from affiche.registry.open import Registry

#: Between rounds that found nothing to do, s.
_POLL_S = 1.0

log = logging.getLogger("affiche.serve")


class Teller:
    """Tells until it is stopped."""

    def __init__(self, registry: Registry, fetcher: Callable[[], Fetcher], post: Post, sealer: Sealer) -> None:
        self._registry, self._fetcher, self._post, self._sealer = registry, fetcher, post, sealer
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="teller", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 20) -> None:
        self._stop.set()
        self._thread.join(timeout_s)

    def _tell(self) -> None:
        while not self._stop.is_set():
            try:
                told = turn(self._registry, self._fetcher, self._post, self._sealer)
            except AfficheError as error:
                log.warning("notices: %s", error)
                told = 0
            if not told:
                self._stop.wait(_POLL_S)
