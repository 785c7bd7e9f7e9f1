"""Limits of requests per minute that hold over all API processes, counted in the registry.

A process takes shares of a window from the shared counter and spends them by itself, so that most requests cost no write.
Never more than `limit` requests pass in a window, whatever the number of processes; a process that dies with a share
leaves a little of it unused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from affiche.registry.open import Registry
from affiche.registry.tables.people import counters
from affiche.values.principal import Allowance

WINDOW_S = 60
#: A share is this part of the limit, one request at least.
_SHARES = 20


@dataclass(slots=True)
class _Purse:
    window: int
    left: int = 0
    taken: int = 0
    empty: bool = False


class Limits:
    """Counts by name. Safe between threads."""

    def __init__(self, registry: Registry, *, clock: Callable[[], float] = time.time) -> None:
        self._registry, self._clock = registry, clock
        self._purses: dict[str, _Purse] = {}
        self._lock = threading.Lock()

    def charge(self, name: str, limit: int) -> Allowance:
        """Counts one request of `name` against `limit` per window."""
        moment = self._clock()
        window = int(moment // WINDOW_S)
        reset_s = max(1, round((window + 1) * WINDOW_S - moment))
        with self._lock:
            purse = self._purses.get(name)
            if purse is None or purse.window != window:
                self._forget(window)
                purse = self._purses[name] = _Purse(window=window)
            if not purse.left and not purse.empty:
                self._refill(name, purse, limit)
            if not purse.left:
                return Allowance(limit=limit, remaining=-1, reset_s=reset_s)
            purse.left -= 1
            return Allowance(limit=limit, remaining=max(0, limit - purse.taken) + purse.left, reset_s=reset_s)

    def _refill(self, name: str, purse: _Purse, limit: int) -> None:
        share = max(1, limit // _SHARES)
        with self._registry.write() as c:
            taken = _count(c, name, purse.window, share)
        purse.left = max(0, share - max(0, taken - limit))
        purse.taken = min(taken, limit)
        purse.empty = taken >= limit

    def _forget(self, window: int) -> None:
        self._purses = {name: purse for name, purse in self._purses.items() if purse.window >= window}


def _count(connection: sa.Connection, name: str, window: int, share: int) -> int:
    """Adds `share` to the counter; what it is now, that of all processes."""
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    end = datetime.fromtimestamp((window + 2) * WINDOW_S, UTC)
    statement = insert(counters).values(name=name[:200], window=window, count=share, expires_at=end)
    same = [counters.c.name, counters.c.window]
    added = statement.on_conflict_do_update(index_elements=same, set_={"count": counters.c.count + share})
    return int(connection.execute(added.returning(counters.c.count)).scalar_one())
