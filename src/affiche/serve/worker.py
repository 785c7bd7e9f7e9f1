"""One worker in a thread: takes runs from the outbox and carries them out, one after the other, with its own render processes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date

from affiche import wire
from affiche.errors import AfficheError
from affiche.ports import Ledger
from affiche.registry import outbox, runs
from affiche.registry.open import Registry
from affiche.registry.scope import Row
from affiche.runs.carry import carry
from affiche.settings import Settings
from affiche.steps import Crew

#: How often the outbox is looked at, s.
_POLL_S = 0.2
#: How long a run may be worked on before its row is given to another, s.
_HOLD_S = 3600.0
#: How soon what went wrong is tried again, s.
_AGAIN_S = 2.0

log = logging.getLogger("affiche.serve")


class Worker:
    """Works until it is stopped; what it is at when it is stopped is finished first."""

    def __init__(self, registry: Registry, settings: Settings, today: Callable[[], date], *, name: str = "laptop") -> None:
        self._registry, self._settings, self._today, self._name = registry, settings, today, name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 60) -> None:
        self._stop.set()
        self._thread.join(timeout_s)

    def _work(self) -> None:
        with wire.ledger(self._settings, write=True) as ledger, wire.crew(self._settings) as crew:
            while not self._stop.is_set():
                if not self._turn(crew, ledger):
                    self._stop.wait(_POLL_S)

    def _turn(self, crew: Crew, ledger: Ledger) -> bool:
        """Handles one row; False when there was none."""
        with self._registry.write() as c:
            rows = outbox.take(c, self._name, kinds=("run.submit", "run.wish"), limit=1, hold_s=_HOLD_S)
        for row in rows:
            try:
                self._handle(row, crew, ledger)
            except AfficheError as error:
                log.warning("run %s: %s", row["subject"], error)
                self._again(row, error)
            else:
                with self._registry.write() as c:
                    outbox.done(c, [row["seq"]])
        return bool(rows)

    def _handle(self, row: Row, crew: Crew, ledger: Ledger) -> None:
        if row["kind"] == "run.submit":
            carry(
                row["subject"], owner=self._name, registry=self._registry, settings=self._settings, crew=crew, ledger=ledger,
                today=self._today(),
            )  # fmt: skip
            return
        with self._registry.write() as c:
            runs.settle(c, row["subject"])

    def _again(self, row: Row, error: AfficheError) -> None:
        with self._registry.write() as c:
            outbox.failed(c, row["seq"], str(error), again_s=_AGAIN_S)
            if row["tries"] >= outbox.MAX_TRIES and row["kind"] == "run.submit":
                runs.move(c, row["subject"], "failed", reason=error.public[:1000])
