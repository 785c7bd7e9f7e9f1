"""Owner: the name of a build, which tells whether it is still at work: host, pid, when the process started, number in it.

Pids are used again, hence the start. Several builds may run in threads of one process, hence the number: only this process knows
which of its own are at work (`at_work`); of another process all are taken to be while it lives.
"""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from affiche.errors import UnderWay
from affiche.values.spending import Intent

#: A call of another machine is taken to be under way for so long: longer than any provider is waited for.
PATIENCE_S = 900.0
_NUMBERS = itertools.count(1)
_AT_WORK: set[str] = set()


def this_process() -> str:
    """The name of the process that asks."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def new_owner() -> str:
    """The name of a build that this process is about to begin."""
    return f"{this_process()}/{next(_NUMBERS)}"


@contextmanager
def at_work(owner: str) -> Iterator[None]:
    """While it lasts, `owner` is living."""
    _AT_WORK.add(owner)
    try:
        yield
    finally:
        _AT_WORK.discard(owner)


def living(owner: str, since: float) -> bool:
    """Whether `owner` can still be waiting for an answer to a call made at `since` (seconds since 1970)."""
    host, _, rest = owner.partition("/")
    pid, _, rest = rest.partition("/")
    started, _, number = rest.partition("/")
    if host != socket.gethostname():
        return time.time() - since < PATIENCE_S
    if number and f"{host}/{pid}/{started}" == this_process():
        return owner in _AT_WORK
    return pid.isdigit() and _started(int(pid)) == started != ""


def under_way(intent: Intent) -> UnderWay:
    """Somebody else is buying the same picture at this moment."""
    message = f"another process is asking for this picture ({intent.purpose or intent.offer})"
    return UnderWay(message, hint="Wait for it to end and build again: the picture is then there and costs nothing.")


def _started(pid: int) -> str:
    """Start time of a process in clock ticks since the machine started; "" when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]
