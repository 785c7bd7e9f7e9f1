"""What render processes are asked to do in tests of the slots."""

from __future__ import annotations

import os
import signal
import time

_kept: list[bytearray] = []


def pid() -> int:
    return os.getpid()


def niceness() -> int:
    return os.nice(0)


def grow(size: int) -> int:
    _kept.append(bytearray(os.urandom(1) * size))
    return os.getpid()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def untold() -> None:
    """An error that another process cannot read."""

    class Local(Exception):
        pass

    raise Local("what went wrong")


def slow(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def refuse() -> None:
    raise ValueError("no")
