"""Spawned processes that work on batches, and survive each other's deaths.

Theory of operation. `spawn`, never `fork`: a child must not inherit locks, caches and open files of its parent. A codec
that crashes takes its process with it, and Python then declares the whole pool broken without saying which task did it.
So every batch that was under way becomes a *suspect*: suspects run alone, one at a time, in a pool of one; one that
breaks it again is split in half, until the culprit stands alone. Everything else is delivered.

Each process is a pool of its own and gets its batches by name: those of a kin go to the same one where that leaves nobody idle,
because a process remembers what it worked out for the last ones.

Nobody is blamed for a process that was killed from outside (an operator, the kernel): that says nothing of the work, which is
simply done again. And whoever stands alone and breaks its process gets further chances before it is called the culprit.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, Generic

from affiche.adapters.pool import limits
from affiche.adapters.pool.deaths import killed
from affiche.errors import StorageError
from affiche.ports import Done, Item, Result

#: Batches handed out per process: one in work, one waiting (none at the end: another process may be free first).
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
        self._executors: dict[int, ProcessPoolExecutor] = {}

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]],
        kin: Callable[[Sequence[Item]], Hashable] | None = None,
    ) -> Iterator[Done[Item, Result]]:  # fmt: skip
        queue = _Queue(list(batches), self._jobs, kin)
        running: dict[Future[Result], tuple[Sequence[Item], int]] = {}
        suspects: deque[_Suspect[Item]] = deque()
        while True:
            self._hand_out(work, queue, running, suspects)
            if not running and not suspects:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done if not suspects else ():
                batch, _ = running.pop(future)
                outcome = _outcome(future, batch)
                if outcome is None:
                    suspects.append(_Suspect(batch=batch))
                else:
                    yield outcome
            if suspects:
                yield from self._after_crash(work, running, suspects)

    def close(self) -> None:
        self._stop()

    def _hand_out(
        self, work: Callable[[Sequence[Item]], Result], queue: _Queue[Item],
        running: dict[Future[Result], tuple[Sequence[Item], int]], suspects: deque[_Suspect[Item]],
    ) -> None:  # fmt: skip
        while (found := queue.next_for(Counter(place for _, place in running.values()))) is not None:
            batch, place = found
            if place not in self._executors:
                self._executors[place] = self._started()
            try:
                running[self._executors[place].submit(work, batch)] = batch, place
            except BrokenProcessPool:  # a process ended while nobody looked
                suspects.append(_Suspect(batch=batch))
                return

    def _after_crash(
        self, work: Callable[[Sequence[Item]], Result], running: dict[Future[Result], tuple[Sequence[Item], int]],
        suspects: deque[_Suspect[Item]],
    ) -> Iterator[Done[Item, Result]]:  # fmt: skip
        """Collects what was under way, then tries the suspects one by one."""
        for future, (batch, _) in list(running.items()):
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
        if 0 not in self._executors:
            self._executors[0] = self._started()
        executor = self._executors[0]
        try:
            future = executor.submit(work, batch)
        except BrokenProcessPool:  # it ended while it had nothing to do
            self._stop()
            return _Broken(why="", died=True, killed=True)
        processes = tuple(executor._processes.values())
        error = future.exception()
        outcome = _outcome(future, batch)
        if outcome is not None:
            return outcome
        if isinstance(error, BrokenProcessPool):
            self._stop()
            return _Broken(why="the process that drew it crashed", died=True, killed=killed(processes))
        return _Broken(why=f"{type(error).__name__}: {error}")

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=limits.start, initargs=(self._memory_bytes,)
        )

    def _stop(self) -> None:
        for executor in self._executors.values():
            executor.shutdown(wait=True, cancel_futures=True)
        self._executors.clear()


class _Queue(Generic[Item]):
    """What is still to be handed out, and which process had the last batch of a kin."""

    def __init__(
        self, waiting: list[Sequence[Item]], jobs: int, kin: Callable[[Sequence[Item]], Hashable] | None
    ) -> None:
        few = sum(map(len, waiting)) < _WORTH
        self._waiting = waiting
        self._places, self._ahead = (1, 1) if few else (jobs, _AHEAD)
        self._kin = kin
        self._had: dict[Hashable, int] = {}

    def next_for(self, busy: Counter[int]) -> tuple[Sequence[Item], int] | None:
        """The next batch and the place of the process that gets it, `busy` being how many each has; None for now."""
        place = min(range(self._places), key=lambda place: busy[place])
        if not self._waiting or busy[place] >= (self._ahead if len(self._waiting) >= self._places else 1):
            return None
        return self._waiting.pop(self._fitting(place)), place

    def _fitting(self, place: int) -> int:
        """The first batch whose kin nobody else had; the very first when there is none."""
        if self._kin is None:
            return 0
        kins = [self._kin(batch) for batch in self._waiting]
        at = next((at for at, kin in enumerate(kins) if self._had.get(kin, place) == place), 0)
        self._had[kins[at]] = place
        return at


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
