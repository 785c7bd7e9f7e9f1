"""The board: what a worker has in hand, and the row of the registry by which people see that it lives."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from affiche.errors import RegistryUnavailable
from affiche.registry import workers
from affiche.registry.open import Registry
from affiche.settings import Settings
from affiche.versions import own_version


class Board:
    """What one worker has in hand. Tasks come and go on many threads."""

    def __init__(self, registry: Registry, settings: Settings, worker: str) -> None:
        self._registry, self._settings, self._worker = registry, settings, worker
        self._began = time.monotonic()
        self._tasks: dict[object, tuple[str, str, str, float]] = {}
        self._lock = threading.Lock()
        #: Held while the row is written, so that it does not come back after it was taken away.
        self._writing = threading.Lock()
        self._left = False

    @contextmanager
    def holding(self, run: str, stage: str, part: str = "") -> Iterator[None]:
        """A task is in hand while this is open: a render process has it, gets it next, or it waits for what is away."""
        mark = object()
        with self._lock:
            self._tasks[mark] = (run, stage, part, time.monotonic())
        try:
            yield
        finally:
            with self._lock:
                del self._tasks[mark]

    def tell(self, *, draining: bool) -> None:
        """Writes it down, and lets go who has been silent for long. Raises RegistryUnavailable."""
        sign = workers.Sign(
            id=self._worker, host=socket.gethostname(), pid=os.getpid(), version=own_version(), draining=draining,
            processes=self._settings.processes, lease_s=self._settings.lease_s, age_s=time.monotonic() - self._began,
            work=self._in_hand(),
        )  # fmt: skip
        with self._writing:
            if self._left:
                return
            with self._registry.write() as connection:
                workers.say(connection, sign)
                workers.forget(connection)

    def leave(self) -> None:
        """Takes the row away, for good. With the registry away it stays, and is forgotten like that of a dead worker."""
        with self._writing:
            self._left = True
            with suppress(RegistryUnavailable), self._registry.write() as connection:
                workers.leave(connection, self._worker)

    def clear(self) -> None:
        """Takes all rows away: for the only worker there can be, others are left-overs. Raises RegistryUnavailable."""
        with self._registry.write() as connection:
            workers.clear(connection)

    def _in_hand(self) -> tuple[workers.Task, ...]:
        now = time.monotonic()
        with self._lock:
            held = list(self._tasks.values())
        return tuple(workers.Task(run=run, stage=stage, part=part, for_s=now - at) for run, stage, part, at in held)
