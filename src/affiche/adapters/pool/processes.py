"""Spawned processes that work on batches, and survive each other's deaths.

Theory of operation. `spawn`, never `fork`: a child must not inherit locks, caches and open files of its parent. A codec
that crashes takes its process with it, and Python then declares the whole pool broken without saying which task did it.
So every batch that was under way becomes a *suspect*: suspects run alone, one at a time, in a pool of one; one that
breaks it again is split in half, until the culprit stands alone. Everything else is delivered.

Nobody is blamed for a process that was killed from outside (an operator, the kernel): that says nothing of the work, which is
simply done again. And whoever stands alone and breaks its process gets further chances before it is called the culprit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing import get_context
from typing import Any, Generic

from affiche.adapters.pool import limits
from affiche.adapters.pool.deaths import killed
from affiche.errors import StorageError
from affiche.ports import Done, Item, Result

#: Batches handed out per process: one in work, one waiting.
_AHEAD = 2
#: Fewer items than this are done one batch after the other: a second process takes a second of a processor to start.
_WORTH = 4
#: How often an item breaks a process that has nothing else to do before it is the culprit.
CHANCES = 3
#: How often a process may be killed from outside over the same batch before that is held against it: the kernel, short of
#: memory, kills so, too.
KILLS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suspect(Generic[Item]):
    """A batch that was under way when a process ended, and what happened since it runs alone."""

    batch: Sequence[Item]
    crashes: int = 0
    kills: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """How a batch that ran alone broke: its process `died`, perhaps `killed` from outside; or an exception."""

    why: str
    died: bool = False
    killed: bool = False


class ProcessPool:
    """`jobs` processes with at most `memory_bytes` of data each (0 = no limit). Processes start when work comes."""

    def __init__(self, *, jobs: int, memory_bytes: int = 0) -> None:
        self._jobs = jobs
        self._memory_bytes = memory_bytes
        self._executor: ProcessPoolExecutor | None = None

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Done[Item, Result]]:
        waiting, room = self._measured(batches)
        running: dict[Future[Result], Sequence[Item]] = {}
        suspects: deque[_Suspect[Item]] = deque()
        while True:
            self._hand_out(work, waiting, running, suspects, room)
            if not running and not suspects:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done if not suspects else ():
                batch = running.pop(future)
                outcome = _outcome(future, batch)
                if outcome is None:
                    suspects.append(_Suspect(batch=batch))
                else:
                    yield outcome
            if suspects:
                yield from self._after_crash(work, running, suspects)

    def close(self) -> None:
        self._stop()

    def _measured(self, batches: Iterable[Sequence[Item]]) -> tuple[Iterator[Sequence[Item]], int]:
        """The batches, and how many of them may be under way at a time."""
        waiting, first = iter(batches), list[Sequence[Item]]()
        while sum(map(len, first)) < _WORTH:
            batch = next(waiting, None)
            if batch is None:
                return iter(first), 1
            first.append(batch)
        return chain(first, waiting), self._jobs * _AHEAD

    def _hand_out(
        self, work: Callable[[Sequence[Item]], Result], waiting: Iterator[Sequence[Item]],
        running: dict[Future[Result], Sequence[Item]], suspects: deque[_Suspect[Item]], room: int,
    ) -> None:  # fmt: skip
        while len(running) < room:
            batch = next(waiting, None)
            if batch is None:
                return
            if self._executor is None:
                self._executor = self._started(self._jobs)
            try:
                running[self._executor.submit(work, batch)] = batch
            except BrokenProcessPool:  # a process ended while nobody looked
                suspects.append(_Suspect(batch=batch))
                return

    def _after_crash(
        self, work: Callable[[Sequence[Item]], Result], running: dict[Future[Result], Sequence[Item]],
        suspects: deque[_Suspect[Item]],
    ) -> Iterator[Done[Item, Result]]:  # fmt: skip
        """Collects what was under way, then tries the suspects one by one."""
        for future, batch in list(running.items()):
            outcome = _outcome(future, batch)
            if outcome is None:
                suspects.append(_Suspect(batch=batch))
            else:
                yield outcome
        running.clear()
        self._stop()
        while suspects:
            suspect = suspects.popleft()
            end = self._alone(work, suspect.batch)
            if not isinstance(end, _Broken):
                yield end
                continue
            tried = _again(suspect, end)
            suspects.extendleft(reversed(tried))
            if not tried:
                yield Done(batch=suspect.batch, result=None, crash=end.why)
        self._stop()  # what follows gets all processes again

    def _alone(
        self, work: Callable[[Sequence[Item]], Result], batch: Sequence[Item]
    ) -> Done[Item, Result] | _Broken:
        if self._executor is None:
            self._executor = self._started(1)
        try:
            future = self._executor.submit(work, batch)
        except BrokenProcessPool:  # it ended while it had nothing to do
            self._stop()
            return _Broken(why="", died=True, killed=True)
        processes = tuple(self._executor._processes.values())
        error = future.exception()
        outcome = _outcome(future, batch)
        if outcome is not None:
            return outcome
        if isinstance(error, BrokenProcessPool):
            self._stop()
            return _Broken(why="the process that drew it crashed", died=True, killed=killed(processes))
        return _Broken(why=f"{type(error).__name__}: {error}")

    def _started(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            jobs, mp_context=get_context("spawn"), initializer=limits.start, initargs=(self._memory_bytes,)
        )

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _again(suspect: _Suspect[Item], broken: _Broken) -> list[_Suspect[Item]]:
    """What is tried next; nothing when the item that breaks is found."""
    if broken.killed and suspect.kills < KILLS:
        return [replace(suspect, kills=suspect.kills + 1)]
    batch = suspect.batch
    if len(batch) > 1:
        half = len(batch) // 2
        return [_Suspect(batch=batch[:half]), _Suspect(batch=batch[half:])]
    if broken.died and not broken.killed and suspect.crashes + 1 < CHANCES:
        return [replace(suspect, crashes=suspect.crashes + 1)]
    return []


def _outcome(future: Future[Result], batch: Sequence[Item]) -> Done[Item, Result] | None:
    """The result; None when the work broke. Errors of storage stop everything: the next batch would meet them too."""
    error: Any = future.exception()
    if isinstance(error, StorageError):
        raise error
    return None if error is not None else Done(batch=batch, result=future.result())
