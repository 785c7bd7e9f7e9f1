"""How a process ended: by itself, or killed from outside."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from multiprocessing.process import BaseProcess

#: Signals that code does not raise over itself: somebody else sent them. What a codec breaks with is SIGSEGV, SIGABRT, SIGBUS.
_SENT = frozenset(-getattr(signal, name) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))


def killed(processes: Iterable[BaseProcess]) -> bool:
    """Whether processes that have ended, and were waited for, were all killed from outside."""
    ends = [process.exitcode for process in processes]
    return bool(ends) and all(end in _SENT for end in ends)
