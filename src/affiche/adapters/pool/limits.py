"""What a render process may use, and how long it lives: set once, at its start."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
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
    give_back_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def seldom_collect() -> None:
    """Looks for garbage in cycles every 100,000 values instead of every 700: a creative makes thousands, and hardly a cycle."""
    gc.set_threshold(100_000, 20, 50)


#: mallopt(3): parameters of the C library. Large is what is larger than a story's canvas (1080 x 1920 px): such a canvas
#: comes with every sheet, and new memory for it cost 8 % of a build while large began at 4 MB.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGE_BYTES, _ROOM_BYTES = 9_000_000, 32_000_000


def give_back_memory() -> None:
    """Pictures that are let go return to the system at once; else the C library (glibc) keeps up to 64 MB of room for others.

    Room for canvases stays.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if set_option is not None:
        set_option(_MMAP_THRESHOLD, _LARGE_BYTES)
        set_option(_TRIM_THRESHOLD, _ROOM_BYTES)


def _end_with_parent() -> None:
    """Waits for the end of the parent; a killed parent cannot tell its children to stop."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
