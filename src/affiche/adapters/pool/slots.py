"""ProcessSlots: render processes of a worker, each doing one task at a time for whoever asks, from any thread.

A task goes to the free process that did the last task of the same *affinity*, if there is one: it still has the pictures decoded.
Processes are nice to the API beside them, end with their parent, and are replaced when they died, took too long, or grew beyond
their memory; a task whose process died raises RenderCrash, and only that task. It says whether somebody outside killed it.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as LateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

from affiche.adapters.pool import limits
from affiche.adapters.pool.deaths import killed
from affiche.errors import RenderCrash

P = ParamSpec("P")
R = TypeVar("R")


class ProcessSlots:
    """`count` processes with at most `memory_bytes` of data each; who keeps more than `keep_bytes` is replaced."""

    def __init__(self, *, count: int, memory_bytes: int = 0, keep_bytes: int = 0, niceness: int = 10) -> None:
        self._slots = [_Slot(memory_bytes, niceness) for _ in range(count)]
        self._keep_bytes = keep_bytes
        self._free = list(self._slots)
        self._changed = threading.Condition()
        self._closed = False

    def run(self, affinity: str, timeout_s: float, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns in a process. Raises what it raises, and RenderCrash."""
        with self._slot(affinity) as slot:
            try:
                result, grown = slot.submit(_measured, work, args, kwargs).result(timeout_s)
            except BrokenProcessPool as error:
                raise RenderCrash("a render process crashed", killed=slot.bury()) from error
            except LateError as error:
                slot.replace()
                raise RenderCrash(f"a render process took longer than {timeout_s:.0f} s and was ended") from error
            if self._keep_bytes and grown > self._keep_bytes:
                slot.replace()
            return result  # type: ignore[no-any-return]

    @property
    def closed(self) -> bool:
        """Whether the worker is ending."""
        return self._closed

    def pids(self) -> list[int]:
        """The processes that run now."""
        return [pid for slot in self._slots for pid in slot.pids()]

    def kill(self) -> None:
        """Ends all processes at once; tasks under way, and those that wait for a process, raise RenderCrash."""
        self._end()
        for slot in self._slots:
            slot.replace()

    def close(self) -> None:
        """Waits for tasks under way and ends the processes; those that wait for one raise RenderCrash."""
        self._end()
        for slot in self._slots:
            slot.close()

    def _end(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @contextmanager
    def _slot(self, affinity: str) -> Iterator[_Slot]:
        slot = self._taken(affinity)
        slot.affinity = affinity
        try:
            yield slot
        finally:
            with self._changed:
                self._free.append(slot)
                self._changed.notify()

    def _taken(self, affinity: str) -> _Slot:
        with self._changed:
            while not self._free and not self._closed:
                self._changed.wait()
            if self._closed:
                raise RenderCrash("the worker is ending")
            chosen = next((slot for slot in self._free if slot.affinity == affinity), self._free[0])
            self._free.remove(chosen)
            return chosen


class _Slot:
    """One process, started when it is needed."""

    def __init__(self, memory_bytes: int, niceness: int) -> None:
        self._memory_bytes, self._niceness = memory_bytes, niceness
        self._executor: ProcessPoolExecutor | None = None
        self.affinity = ""

    def submit(self, *task: Any) -> Future[Any]:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                1, mp_context=get_context("spawn"), initializer=_begin, initargs=(self._memory_bytes, self._niceness)
            )
        return self._executor.submit(*task)

    def pids(self) -> list[int]:
        return list(self._executor._processes or ()) if self._executor is not None else []

    def bury(self) -> bool:
        """Makes room for a new process after this one ended; whether it was killed from outside."""
        executor = self._executor
        processes = tuple((executor._processes or {}).values()) if executor is not None else ()
        self.close()
        self.affinity = ""
        return killed(processes)

    def replace(self) -> None:
        """Ends the process, whatever it does; the next task gets a new one."""
        executor, self._executor, self.affinity = self._executor, None, ""
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True)


def _begin(memory_bytes: int, niceness: int) -> None:
    """The first thing a render process does. It leaves signals from the terminal to its parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.start(memory_bytes)
    if hasattr(os, "nice") and niceness:
        os.nice(niceness)


def _measured(work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, int]:
    """What `work` returns, and the memory that the process keeps afterwards, bytes (0 where nobody knows)."""
    try:
        return work(*args, **kwargs), _resident()
    except Exception as error:
        if _travels(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from None


def _travels(error: Exception) -> bool:
    """Whether another process can read an error. One that it cannot read would look like a crash there."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever its class does
        return False
    return True


def _resident() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


