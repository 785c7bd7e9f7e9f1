"""A process beside this one for what takes long or may crash: plans of thousands of creatives, files of strangers.

It does one thing at a time, so that the clock of each starts when it is begun and not while it waits behind another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as LateError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from affiche.errors import RenderCrash

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

Given = ParamSpec("Given")
Result = TypeVar("Result")

#: What one file of a stranger may take, s (the start of the process included) and bytes of data. The largest picture that is
#: taken (100 megapixels, four channels, held twice) needs less than half of it.
FILE_S, FILE_BYTES = 30.0, 2_000_000_000


class Aside:
    """One process, started when it is first needed, and again when something broke it.

    Whatever takes longer than `longest_s` is ended with its process; so is what asks for more than `memory_bytes` of data
    (0 = no limit).
    """

    def __init__(self, *, longest_s: float = FILE_S, memory_bytes: int = FILE_BYTES) -> None:
        self._longest_s, self._memory_bytes = longest_s, memory_bytes
        self._turn = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs) -> Result:
        """`work` over there; arguments, result and exceptions cross a process border. Blocks: call it from a thread.

        Raises RenderCrash when the process died of it, or it took too long or too much memory. The next one gets a new process.
        """
        with self._turn:
            try:
                return self._started().submit(work, *args, **named).result(self._longest_s)
            except BrokenProcessPool:
                self._end()
                raise RenderCrash("what was sent broke the process that looked at it") from None
            except LateError:
                self._end()
                raise RenderCrash(f"what was sent took longer than {self._longest_s:g} s and was given up") from None
            except MemoryError:
                self._end()
                raise RenderCrash("what was sent took more memory than there is for it") from None

    def close(self) -> None:
        """Ends the process, once it is done with what it does."""
        with self._turn:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1, mp_context=get_context("spawn"), initializer=_limited, initargs=(self._memory_bytes,)
            )
        return self._pool

    def _end(self) -> None:
        """Ends the process, whatever it does."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _limited(memory_bytes: int) -> None:
    """The first thing that the process does. Data, not address space: libraries reserve more addresses than they touch."""
    if resource is not None and memory_bytes:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
