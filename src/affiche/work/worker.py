"""A worker: lives (beats, finds the dead, moves the outbox), lets its render processes work, and ends in order.

SIGTERM and SIGINT drain: nothing more is taken, what has begun is finished within the drain time, the lease is given back. A
second signal, or `kill -9`, is harmless too: others notice in a few seconds and continue. A worker that finds itself declared
dead, or the engine's database gone, ends its processes and begins anew under another name.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from affiche import outfit, wire
from affiche.engine import mover
from affiche.engine.durable import DurableEngine, default_queues
from affiche.engine.tables import EngineDatabase
from affiche.engine.verbs import Call
from affiche.errors import AfficheError, RegistryUnavailable, StorageAway
from affiche.ingest.ways import Doorman
from affiche.registry.migrate import upgrade
from affiche.registry.open import Registry, open_registry
from affiche.settings import Settings
from affiche.work.board import Board
from affiche.work.hands import RenderHands
from affiche.work.perform import Place

#: How often the outbox is looked at, and how old a run must be that the engine does not know to be called lost, s.
_MOVE_S, _LOST_S = 0.15, 20.0
#: How often runs are looked for that were lost, and rows of the engine that may go, s; how long these are kept.
_SWEEP_S, _FORGET_S = 10.0, 600.0
_KEPT = timedelta(days=3)
#: How often it says in the registry what it has in hand, s; not more rarely than it beats.
_TELL_S = 2.0
#: Between starts that found a database away, s.
_AGAIN_S = 2.0

log = logging.getLogger("affiche.work")


class Worker:
    """One worker in this process; `run` lives until it is told to end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._end, self._gone = threading.Event(), threading.Event()
        self._calls: dict[str, Call] = {}
        self._anew, self._first = False, True

    def run(self, ready: Callable[[], None] = lambda: None) -> bool:
        """Works until `stop`. True: begin anew in a fresh process (this one was declared dead, or lost its database)."""
        with ExitStack() as stack:
            registry, engine = self._opened(stack)
            ready()
            log.info("worker %s is ready with %d render processes", self.name, self._settings.processes)
            self._live(registry, engine)
        return self._anew

    def stop(self) -> None:
        """Ends in order."""
        self._end.set()

    def ends(self, timeout_s: float) -> bool:
        """Whether it is told to end within `timeout_s`."""
        return self._end.wait(timeout_s)

    def _opened(self, stack: ExitStack) -> tuple[Registry, DurableEngine]:
        settings = self._settings
        if not outfit.is_shared(settings):
            # One worker for one SQLite home: its render processes write under this lock.
            stack.enter_context(wire.ledger(settings, write=True))
        registry = open_registry(settings.database_url, settings.home, seals=wire.seals(settings))
        stack.callback(registry.close)
        upgrade(registry)
        self._slots = outfit.slots(settings)
        self._database = EngineDatabase(engine_url(settings))
        stack.callback(self._database.close)
        doorman = Doorman(settings, registry)
        doorman.start()
        stack.callback(doorman.stop)
        self._board = Board(registry, settings, self.name)
        place = Place(settings=settings, worker=self.name)
        hands = RenderHands(slots=self._slots, place=place, registry=registry, board=self._board)
        engine = DurableEngine(
            self._database, hands, worker=self.name, queues=default_queues(settings.processes), ttl_s=float(settings.lease_s),
            called=lambda schedule, at: mover.called(registry, schedule, at),
        )  # fmt: skip
        stack.callback(self._close, engine)
        alone = not outfit.is_shared(settings)
        engine.launch(alone=alone)
        if alone:
            self._board.clear()
        return registry, engine

    def _close(self, engine: DurableEngine) -> None:
        try:
            if self._anew:
                engine.leave()
            else:
                log.info("worker %s takes nothing more and finishes what it has begun", self.name)
                engine.drain(self._settings.drain_s)
        finally:
            self._gone.set()
            self._slots.kill()
            self._board.leave()

    # -- living -----------------------------------------------------------------------------------------------------------

    def _live(self, registry: Registry, engine: DurableEngine) -> None:
        beats = self._settings.lease_s / 4
        # It beats until it is gone: what it finishes while it drains must not be given to others. What people see of it is told
        # apart from that, so that a registry that is away keeps no beat from being heard.
        tells = min(beats, _TELL_S)
        for duty in (_Duty("beat", beats, lambda: self._beat(engine)), _Duty("tell", tells, self._tell)):
            threading.Thread(target=duty.do, args=(self._gone,), daemon=True).start()
        duties = (
            _Duty("recover", beats, lambda: self._recover(registry, engine)),
            _Duty("move", _MOVE_S, lambda: mover.move(registry, engine, self.name)),
            _Duty("sweep", _SWEEP_S, lambda: self._sweep(registry, engine)),
            _Duty("forget", _FORGET_S, lambda: engine.forget(datetime.now(UTC) - _KEPT)),
        )
        threads = [threading.Thread(target=duty.do, args=(self._end,), name=duty.name, daemon=True) for duty in duties]
        for thread in threads:
            thread.start()
        while not self._end.wait(0.5):
            pass
        for thread in threads:
            thread.join(timeout=5)

    def _beat(self, engine: DurableEngine) -> None:
        if self._gone.is_set() or self._anew:
            return
        if self._database.lost() or not engine.lease.beat():
            log.warning("worker %s was declared dead or lost the engine's database: it begins anew", self.name)
            self._anew = True
            self._end.set()

    def _tell(self) -> None:
        self._board.tell(draining=self._end.is_set())

    def _recover(self, registry: Registry, engine: DurableEngine) -> None:
        found = engine.recover()
        if found.workers:
            log.warning("workers %s are dead; %d pieces of work continue", ", ".join(found.workers), found.orders)
        for order in found.stranded:
            log.warning("run %s was queued by a version that nobody runs any more: it gets another attempt", order.run)
            mover.again(registry, order.run)

    def _sweep(self, registry: Registry, engine: DurableEngine) -> None:
        mover.sweep(registry, engine, older_s=0 if self._first and self._is_new(engine) else _LOST_S)
        self._first = False
        mover.due(registry)
        calls = mover.calls(registry)
        if calls != self._calls:
            engine.schedule(calls)
            self._calls = calls

    def _is_new(self, engine: DurableEngine) -> bool:
        """Whether the engine's database holds no other worker: it may have been made a moment ago."""
        return set(engine.lease.living()) == {self.name}


class _Duty:
    """Something that is done again and again, and that may fail: then it is done again."""

    def __init__(self, name: str, every_s: float, action: Callable[[], object]) -> None:
        self.name, self._every_s, self._action = name, every_s, action

    def do(self, end: threading.Event) -> None:
        while not end.is_set():
            started = time.monotonic()
            try:
                self._action()
            except Exception as error:  # noqa: BLE001 - it is done again
                log.warning("%s failed: %s", self.name, error.public if isinstance(error, AfficheError) else type(error).__name__)
                end.wait(1.0)
            end.wait(max(0.01, self._every_s - (time.monotonic() - started)))


def engine_url(settings: Settings) -> str:
    """The engine's own database."""
    return settings.engine_url or settings.database_url or f"sqlite:///{(settings.home / 'engine.db').absolute()}"


def work(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Works until a signal says to end; begins anew as long as needed, and waits for databases that are away."""
    worker = Worker(settings)
    with _signals(worker):
        try:
            anew = worker.run(ready)
        except (StorageAway, RegistryUnavailable) as away:
            log.warning("worker %s cannot begin: %s", worker.name, away.public)
            anew = not worker.ends(_AGAIN_S)
    if anew:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - itself


@contextmanager
def _signals(worker: Worker) -> Iterator[None]:
    """The first signal drains, the second ends at once."""

    def told(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        worker.stop()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
