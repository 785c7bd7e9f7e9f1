"""A process beside this one for what takes long or may crash: plans of thousands of creatives, files of strangers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from affiche.errors import RenderCrash

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Aside:
    """One process, started when it is first needed, and again when something broke it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs) -> Result:
        """`work` over there; arguments, result and exceptions cross a process border. Blocks: call it from a thread.

        Raises RenderCrash when the process died of it.
        """
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
            pool = self._pool
        try:
            return pool.submit(work, *args, **named).result()
        except BrokenProcessPool:
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            raise RenderCrash("what was sent broke the process that looked at it") from None

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
