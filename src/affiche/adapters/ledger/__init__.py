"""The ledger: key -> outcome, in a SQLite file (`sqlite.py`), in PostgreSQL (`postgres.py`, loaded when set) or in memory."""

from affiche.adapters.ledger.memory import MemoryLedger
from affiche.adapters.ledger.sqlite import SqliteLedger

__all__ = ["MemoryLedger", "SqliteLedger"]
