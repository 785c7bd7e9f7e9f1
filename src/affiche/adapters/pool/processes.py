"""Spawned processes that work on batches, and survive each other's deaths.

Theory of operation. `spawn`, never `fork`: a child must not inherit locks, caches and open files of its parent. A codec
that crashes takes its process with it, and Python then declares the whole pool broken without saying which task did it.
So every batch that was under way becomes a *suspect*: suspects run alone, one at a time, in a pool of one; one that
breaks it again is split in half, until the culprit stands alone. Everything else is delivered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from affiche.adapters.pool import limits
from affiche.errors import StorageError
from affiche.ports import Done, Item, Result

#: Batches handed out per process: one in work, one waiting.
_AHEAD = 2


class ProcessPool:
    """`jobs` processes with at most `memory_bytes` of data each (0 = no limit). Processes start when work comes."""

    def __init__(self, *, jobs: int, memory_bytes: int = 0) -> None:
        self._jobs = jobs
        self._memory_bytes = memory_bytes
        self._executor: ProcessPoolExecutor | None = None

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Done[Item, Result]]:
        waiting = iter(batches)
        running: dict[Future[Result], Sequence[Item]] = {}
        suspects: deque[Sequence[Item]] = deque()
        while True:
            self._hand_out(work, waiting, running)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                batch = running.pop(future)
                outcome = _outcome(future, batch)
                if outcome is None:
                    suspects.append(batch)
                else:
                    yield outcome
            if suspects:
                yield from self._after_crash(work, running, suspects)

    def close(self) -> None:
        self._stop()

    def _hand_out(
        self, work: Callable[[Sequence[Item]], Result], waiting: Iterator[Sequence[Item]],
        running: dict[Future[Result], Sequence[Item]],
    ) -> None:  # fmt: skip
        while len(running) < self._jobs * _AHEAD:
            batch = next(waiting, None)
            if batch is None:
                return
            if self._executor is None:
                self._executor = self._started(self._jobs)
            running[self._executor.submit(work, batch)] = batch

    def _after_crash(
        self, work: Callable[[Sequence[Item]], Result], running: dict[Future[Result], Sequence[Item]],
        suspects: deque[Sequence[Item]],
    ) -> Iterator[Done[Item, Result]]:  # fmt: skip
        """Collects what was under way, then tries the suspects one by one."""
        for future, batch in list(running.items()):
            outcome = _outcome(future, batch)
            if outcome is None:
                suspects.append(batch)
            else:
                yield outcome
        running.clear()
        self._stop()
        while suspects:
            batch = suspects.popleft()
            outcome, crash = self._alone(work, batch)
            if outcome is not None:
                yield outcome
            elif len(batch) == 1:
                yield Done(batch=batch, result=None, crash=crash)
            else:
                half = len(batch) // 2
                suspects.extendleft((batch[half:], batch[:half]))

    def _alone(
        self, work: Callable[[Sequence[Item]], Result], batch: Sequence[Item]
    ) -> tuple[Done[Item, Result] | None, str]:
        if self._executor is None:
            self._executor = self._started(1)
        future = self._executor.submit(work, batch)
        error = future.exception()
        outcome = _outcome(future, batch)
        if outcome is None and isinstance(error, BrokenProcessPool):
            self._stop()
            return None, "the process that drew it crashed"
        return outcome, f"{type(error).__name__}: {error}"

    def _started(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            jobs, mp_context=get_context("spawn"), initializer=limits.start, initargs=(self._memory_bytes,)
        )

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _outcome(future: Future[Result], batch: Sequence[Item]) -> Done[Item, Result] | None:
    """The result; None when the work broke. Errors of storage stop everything: the next batch would meet them too."""
    error: Any = future.exception()
    if isinstance(error, StorageError):
        raise error
    return None if error is not None else Done(batch=batch, result=future.result())
