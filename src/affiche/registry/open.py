"""Opens the registry: SQLite in WAL mode (one file, many readers, one writer at a time) or PostgreSQL.

`Registry.write` is one transaction, `Registry.read` a snapshot; both give an open connection that the verbs of this package
take. SQLite takes its write lock at the start of a writing transaction, so that two writers wait and never fail half way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from affiche.database import patient, write_ahead
from affiche.errors import RegistryUnavailable
from affiche.registry.sealing import OPTION, Seals

FILE = "registry.db"
#: How long a writer waits for another one, ms. Longer than any transaction of ours by far.
_BUSY_MS = 10_000
#: Connections per process on PostgreSQL; SQLite gets as many as there are threads.
_POOL = 10


@dataclass(frozen=True, slots=True)
class Registry:
    """An open registry; safe to share between threads."""

    engine: sa.Engine
    #: What documents are sealed with; None stores them as they are.
    seals: Seals | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: committed at the end, undone by an exception. Raises RegistryUnavailable."""
        with _reachable(), self._open(affiche_write=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A snapshot for reading. Raises RegistryUnavailable."""
        with _reachable(), self._open() as connection:
            yield connection

    def _open(self, **more: Any) -> sa.Connection:
        return self.engine.connect().execution_options(**{OPTION: self.seals}, **more)

    def close(self) -> None:
        self.engine.dispose()


def open_registry(url: str, home: Path, *, seals: Seals | None = None) -> Registry:
    """The registry at `url` (`postgresql://...`), or the SQLite file in `home` when it is empty. Tables must be there already."""
    return Registry(engine=_sqlite(home / FILE) if not url else _postgresql(url), seals=seals)


def _sqlite(path: Path) -> sa.Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        f"sqlite:///{path}", pool_size=_POOL, max_overflow=40, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves: the driver would say it too late
        write_ahead(raw.execute, within_s=_BUSY_MS / 1000)
        for pragma in (f"busy_timeout={_BUSY_MS}", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("affiche_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> sa.Engine:
    """psycopg 3, whatever the scheme says; stale connections are noticed before they are used."""
    parsed = sa.make_url(patient(url)).set(drivername="postgresql+psycopg")
    return sa.create_engine(parsed, pool_size=_POOL, max_overflow=20, pool_pre_ping=True, pool_timeout=10)


@contextmanager
def _reachable() -> Iterator[None]:
    """The database away, or locked for too long, is a thing of its own: later it may work."""
    try:
        yield
    except OperationalError as error:
        raise RegistryUnavailable(f"the registry does not answer: {type(error.orig).__name__}") from error
    except SQLAlchemyError as error:
        if getattr(error, "connection_invalidated", False) or isinstance(error, sa.exc.TimeoutError):
            raise RegistryUnavailable("the registry does not answer") from error
        raise
