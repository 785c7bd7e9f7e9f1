"""The ledger in a SQLite file: write-ahead log, full synchronisation, one commit per sheet, one writing process.

Theory of operation. Readers (`affiche plan`) open the file without a lock and see the last commit. A writer first takes
a lock file beside it, which the system releases when the process ends, however it ends; so a `kill -9` never leaves a
ledger locked. A result counts when its row is committed, and its blobs are written before that: whatever was lost with
a process is simply made again. Next: `adapters/blobs`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from affiche.adapters.ledger.lock import FileLock
from affiche.database import write_ahead
from affiche.errors import LedgerBusy, StorageAway, StorageError
from affiche.ports import Outcome
from affiche.values.digest import Digest

FILE = "ledger.sqlite"
#: Version of the tables (PRAGMA user_version); a file of a higher one is from a newer Affiche.
FORMAT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS outcomes (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, blobs TEXT NOT NULL, data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS made_from (subject TEXT PRIMARY KEY, inputs TEXT NOT NULL) WITHOUT ROWID;
"""
#: SQLite takes 32,766 variables per statement since 3.32; smaller pieces are as quick.
_PIECE = 500
_BUSY_S = 10.0

_Text = TypeVar("_Text", bound=str)


class SqliteLedger:
    """The ledger in `folder`. With `write` it holds the lock until `close`; without, `record` raises StorageError."""

    def __init__(self, folder: Path, *, write: bool, wait_s: float = 0.0, lock: bool = True) -> None:
        """Without `lock` another process of ours holds it for this one: render processes of a worker write too.

        Raises LedgerBusy when another process still writes after `wait_s`, StorageError when the file is no use."""
        self._path = folder / FILE
        self._write = write
        self._lock: FileLock | None = None
        if write:
            self._make(folder)
            self._lock = FileLock(folder / "ledger.lock", wait_s=wait_s) if lock else None
        try:
            self._db = self._connect()
        except StorageError:
            self._unlock()
            raise

    def known(self, keys: Iterable[Digest]) -> dict[Digest, Mapping[str, Digest]]:
        rows = self._rows("SELECT key, blobs FROM outcomes WHERE key IN", keys)
        return {key: json.loads(blobs) for key, blobs in rows}

    def find(self, keys: Iterable[Digest]) -> dict[Digest, Outcome]:
        rows = self._rows("SELECT key, kind, blobs, data FROM outcomes WHERE key IN", keys)
        return {
            key: Outcome(key=key, kind=kind, blobs=json.loads(blobs), data=json.loads(data))
            for key, kind, blobs, data in rows
        }

    def record(self, outcomes: Sequence[Outcome], made_from: Mapping[str, Mapping[str, str]] | None = None) -> None:
        if not self._write:
            raise StorageError("this ledger was opened for reading")
        rows = [(o.key, o.kind, _dumps(o.blobs), _dumps(o.data)) for o in outcomes]
        subjects = [(subject, _dumps(inputs)) for subject, inputs in (made_from or {}).items()]
        with _translated(self._path), self._db:
            self._db.executemany("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?)", rows)
            self._db.executemany("INSERT OR REPLACE INTO made_from VALUES (?, ?)", subjects)

    def blobs(self) -> Iterator[Digest]:
        with _translated(self._path):
            for (blobs,) in self._db.execute("SELECT blobs FROM outcomes"):
                yield from json.loads(blobs).values()

    def last_made_from(self, subjects: Iterable[str]) -> dict[str, Mapping[str, str]]:
        rows = self._rows("SELECT subject, inputs FROM made_from WHERE subject IN", subjects)
        return {subject: json.loads(inputs) for subject, inputs in rows}

    def close(self) -> None:
        self._db.close()
        self._unlock()

    def _rows(self, select: str, keys: Iterable[_Text]) -> Iterator[tuple[_Text, ...]]:
        wanted = list(keys)
        with _translated(self._path):
            for start in range(0, len(wanted), _PIECE):
                piece = wanted[start : start + _PIECE]
                yield from self._db.execute(f"{select} ({','.join('?' * len(piece))})", piece)

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "Set AFFICHE_HOME to a folder of yours."
            raise StorageAway(f"cannot write to {folder}: {error.strerror}", hint=hint) from error

    def _connect(self) -> sqlite3.Connection:
        with _translated(self._path):
            if not self._write and not self._path.exists():
                return _empty()
            mode = "rwc" if self._write else "rw"
            db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_S)
            db.execute("PRAGMA synchronous=FULL")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > FORMAT:
                db.close()
                hint = "Update Affiche or set another AFFICHE_HOME."
                raise StorageError(f"{self._path} was made by a newer Affiche", hint=hint)
            if self._write and version < FORMAT:
                write_ahead(db.execute, within_s=_BUSY_S)
                db.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version={FORMAT}; COMMIT;")
            elif version < FORMAT:
                db.close()
                return _empty()
            return db

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _empty() -> sqlite3.Connection:
    """What a reader sees before the first build, without making a file."""
    db = sqlite3.connect(":memory:")
    db.executescript(_TABLES)
    return db


def _dumps(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Errors of SQLite as ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LedgerBusy(f"{path} is in use by another process") from error
        raise StorageAway(f"cannot use {path}: {error}", hint="Is the disk full or read-only?") from error
    except sqlite3.DatabaseError as error:
        hint = "Move the file away; the next build makes everything again."
        raise StorageError(f"{path} is damaged: {error}", hint=hint) from error
