"""The ledger: key -> outcome, in a SQLite file (`sqlite.py`) or in memory (`memory.py`)."""

from affiche.adapters.ledger.memory import MemoryLedger
from affiche.adapters.ledger.sqlite import SqliteLedger

__all__ = ["MemoryLedger", "SqliteLedger"]
