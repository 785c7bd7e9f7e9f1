"""journal: paid calls on disk, written down before they are made. `sqlite.py` for one machine, `postgres.py` for
many (imported where it is needed: its library comes with the service), `memory.py` for tests."""

from affiche.adapters.journal.memory import MemoryJournal
from affiche.adapters.journal.sqlite import SqliteJournal

__all__ = ["MemoryJournal", "SqliteJournal"]
