"""Leases: who lives, found out without trusting any clock.

Every worker counts up a number in its row. A worker is dead for an observer when its number has stood still for `ttl_s` of the
observer's own monotonic clock. Nothing that is written is a time, so that a clock that jumps (on this machine, on another one, in
the database) kills nobody. An observer that was frozen itself, or could not reach the database, starts to observe anew.

Declaring somebody dead deletes the row. Whoever finds his own row gone has been declared dead: his work continues elsewhere, and
he must stop (`Lease.beat` answers False).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import sqlalchemy as sa

from affiche.engine.tables import WORKERS

Clock = Callable[[], float]


class Lease:
    """The row of one worker, and what he sees of the others."""

    def __init__(self, db: sa.Engine, worker: str, *, version: str, ttl_s: float, clock: Clock = time.monotonic) -> None:
        self._db, self.worker, self._version, self._ttl_s, self._clock = db, worker, version, ttl_s, clock
        self._seen: dict[str, tuple[int, float]] = {}
        self._looked = clock()

    def take(self, *, alone: bool = False) -> None:
        """Begins to live. `alone`: nobody else can (the lock of the home is held), so rows of others are left-overs."""
        with self._db.begin() as db:
            db.execute(sa.delete(WORKERS) if alone else sa.delete(WORKERS).where(WORKERS.c.id == self.worker))
            db.execute(sa.insert(WORKERS).values(id=self.worker, beats=0, version=self._version))

    def beat(self) -> bool:
        """Says that this worker lives; False when the others have given him up."""
        with self._db.begin() as db:
            mine = sa.update(WORKERS).where(WORKERS.c.id == self.worker).values(beats=WORKERS.c.beats + 1)
            return bool(db.execute(mine).rowcount)

    def give_back(self) -> None:
        """Ends, in order: what was not finished continues elsewhere at once, or when the lease has run out (database away)."""
        with suppress(sa.exc.SQLAlchemyError), self._db.begin() as db:
            db.execute(sa.delete(WORKERS).where(WORKERS.c.id == self.worker))

    def bury(self) -> tuple[str, ...]:
        """Declares dead whose number stood still for too long; their ids. Only one observer gets each."""
        with self._db.connect() as db:
            rows = {row.id: row.beats for row in db.execute(sa.select(WORKERS.c.id, WORKERS.c.beats))}
        late = [(worker, beats) for worker, beats in self._still(rows) if worker != self.worker]
        return tuple(worker for worker, beats in late if self._buried(worker, beats))

    def living(self) -> dict[str, str]:
        """Workers with a row, and the version that each runs."""
        with self._db.connect() as db:
            return {row.id: row.version for row in db.execute(sa.select(WORKERS.c.id, WORKERS.c.version))}

    def _still(self, rows: dict[str, int]) -> list[tuple[str, int]]:
        """Numbers that have not moved for the length of a lease."""
        now, before = self._clock(), self._looked
        self._looked = now
        if now - before > self._ttl_s / 2:
            self._seen.clear()  # who slept has no right to call others dead
        self._seen = {w: self._seen[w] if self._seen.get(w, (None,))[0] == beats else (beats, now) for w, beats in rows.items()}
        return [(worker, beats) for worker, (beats, since) in self._seen.items() if now - since > self._ttl_s]

    def _buried(self, worker: str, beats: int) -> bool:
        with self._db.begin() as db:
            row = sa.delete(WORKERS).where(WORKERS.c.id == worker, WORKERS.c.beats == beats)
            return bool(db.execute(row).rowcount)
