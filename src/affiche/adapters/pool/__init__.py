"""The Pool: render processes (`processes.py`) with limits (`limits.py`), or this process itself (`inline.py`)."""

from affiche.adapters.pool.inline import InlinePool
from affiche.adapters.pool.processes import ProcessPool

__all__ = ["InlinePool", "ProcessPool"]
