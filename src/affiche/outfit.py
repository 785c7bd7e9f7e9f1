"""Outfit: which ledger, journal and render processes a worker has. With `wire.py` the only modules that import adapters.

Ledger and journal are SQLite files in `home`, or PostgreSQL when the service has a database. All else is joined in `wire.py`.
"""

from __future__ import annotations

from affiche.adapters.ledger.sqlite import SqliteLedger
from affiche.ports import Journal, Ledger, Slots
from affiche.settings import Settings

#: A render process that keeps more than this after a task makes room for a new one.
RECYCLED_MB = 700


def open_ledger(settings: Settings, *, write: bool) -> Ledger:
    """The ledger; a writer has a file alone. Raises LedgerBusy, StorageError."""
    if is_shared(settings):
        return _postgres(settings, write=write)
    return SqliteLedger(settings.home, write=write, wait_s=settings.ledger_wait_s if write else 0)


def shared_ledger(settings: Settings) -> Ledger:
    """The ledger for one of several processes that write: in PostgreSQL, else in the file whose lock their worker holds."""
    return _postgres(settings, write=True) if is_shared(settings) else SqliteLedger(settings.home, write=True, lock=False)


def open_journal(settings: Settings) -> Journal:
    """The journal of paid calls: beside the ledger in PostgreSQL, so that caps hold over machines, else a file in `home`."""
    if not is_shared(settings):
        from affiche.adapters.journal import SqliteJournal

        return SqliteJournal(settings.home)
    from affiche.adapters.journal.postgres import (
        PostgresJournal,  # psycopg is only there where the service is installed
    )

    return PostgresJournal(settings.database_url)


def is_shared(settings: Settings) -> bool:
    """Whether several workers may use the ledger."""
    return settings.database_url.startswith("postgresql")


def slots(settings: Settings) -> Slots:
    """The render processes of a worker."""
    from affiche.adapters.pool.slots import ProcessSlots

    memory = settings.render_memory_mb * 1_000_000
    return ProcessSlots(count=settings.processes, memory_bytes=memory, keep_bytes=RECYCLED_MB * 1_000_000)


def _postgres(settings: Settings, *, write: bool) -> Ledger:
    from affiche.adapters.ledger.postgres import (
        PostgresLedger,  # psycopg is only there where the service is installed
    )

    return PostgresLedger(settings.database_url, write=write)
