"""The engine's database: opened, made ready for many writers, and the few rows of our own beside those of DBOS.

`sqlite:///file` or `postgresql://...` (schema `engine`). Nothing in it is precious: whoever deletes it costs time, not results.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from affiche.database import patient, write_ahead
from affiche.errors import StorageAway

#: Where DBOS and we keep our tables in PostgreSQL.
SCHEMA = "engine"

#: How long a file of SQLite is waited for.
_BUSY_S = 30

META = sa.MetaData()
#: Live workers. `beats` counts up while a worker lives; no clock is stored, so no clock can be wrong.
WORKERS = sa.Table(
    "affiche_workers",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("beats", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
)
#: Parts that are done, by stage: when all are there the next stage begins.
JOINS = sa.Table(
    "affiche_joins",
    META,
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
)


class EngineDatabase:
    """An open engine database. `lost` says whether it was deleted under our feet."""

    def __init__(self, url: str) -> None:
        """Raises StorageAway when it cannot be opened."""
        self.url = sa.make_url(patient(url))
        self.sqlite = self.url.get_backend_name() == "sqlite"
        try:
            self.db = self._sqlite() if self.sqlite else self._postgres()
            self._identity = self._now()
        except (sa.exc.SQLAlchemyError, OSError) as error:
            hint = "Does the database run? Is the disk full or read-only?"
            raise StorageAway(f"the engine's database cannot be opened: {_said(error)}", hint=hint) from error

    def dbos(self) -> dict[str, object]:
        """What DBOS has to know of it."""
        if self.sqlite:
            return {"system_database_url": str(self.url)}
        return {
            "system_database_url": self.url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False),
            "dbos_system_schema": SCHEMA,
            "sys_db_pool_size": 10,
        }

    def lost(self) -> bool:
        """Whether this is no longer the database that was opened. Raises SQLAlchemyError while it cannot be reached."""
        return self._now() != self._identity

    def close(self) -> None:
        self.db.dispose()

    def _now(self) -> object:
        """What tells one database from another that was made in its place: the file's inode, the table's number."""
        if self.sqlite:
            path = Path(self.url.database or "")
            return path.stat().st_ino if path.exists() else None
        with self.db.connect() as db:
            return db.execute(sa.text(f"SELECT to_regclass('{SCHEMA}.affiche_workers')::oid::bigint")).scalar()

    def _sqlite(self) -> sa.Engine:
        Path(self.url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
        db = sa.create_engine(self.url, connect_args={"timeout": _BUSY_S})
        with db.connect() as connection:
            # DBOS leaves the journal as it finds it; write-ahead doubles what it can do. Readers of other processes go on.
            write_ahead(connection.exec_driver_sql, within_s=_BUSY_S)
        with db.begin() as connection:
            # Not `create_all`, which looks first and then makes: of several workers that start at once some would break.
            for table in META.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
        return db

    def _postgres(self) -> sa.Engine:
        url = self.url.set(drivername="postgresql+psycopg")
        db = sa.create_engine(url, pool_size=2, pool_pre_ping=True).execution_options(schema_translate_map={None: SCHEMA})
        with db.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7402656)")
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            META.create_all(connection)
        return db


def _said(error: Exception) -> str:
    """What went wrong, without the statement and without the URL, which may hold a password."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
