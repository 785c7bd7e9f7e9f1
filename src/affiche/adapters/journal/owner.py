"""Owner: the name of a process, which tells whether it is still there: host, pid and when it started (pids are used again)."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from affiche.errors import CallUncertain
from affiche.values.spending import Intent

#: A call of another machine is taken to be under way for so long: longer than any provider is waited for.
PATIENCE_S = 900.0


def this_process() -> str:
    """The name of the process that asks."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def living(owner: str, since: float) -> bool:
    """Whether `owner` can still be waiting for an answer to a call made at `since` (seconds since 1970)."""
    host, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname():
        return time.time() - since < PATIENCE_S
    return pid.isdigit() and _started(int(pid)) == started != ""


def under_way(intent: Intent) -> CallUncertain:
    """Somebody else is buying the same picture at this moment."""
    message = f"another process is asking for this picture ({intent.purpose or intent.offer})"
    return CallUncertain(message, hint="Wait for it to end and build again: the picture is then there and costs nothing.")


def _started(pid: int) -> str:
    """Start time of a process in clock ticks since the machine started; "" when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]
