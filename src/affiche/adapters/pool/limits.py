"""What a render process may use, and how long it lives: set once, at its start."""

from __future__ import annotations

import gc
import os
import threading
from multiprocessing import connection, parent_process

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]


def start(memory_bytes: int) -> None:
    """The first thing a render process does: limit its memory, ignore nothing, end with its parent."""
    if resource is not None and memory_bytes:
        # Data, not address space: libraries reserve far more addresses than they ever touch.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seldom_collect()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def seldom_collect() -> None:
    """Looks for garbage in cycles every 20,000 values instead of every 700: a creative makes thousands, and hardly a cycle."""
    gc.set_threshold(20_000, 20, 50)


def _end_with_parent() -> None:
    """Waits for the end of the parent; a killed parent cannot tell its children to stop."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
