"""The ledger in PostgreSQL: for workers in many processes and on many machines, which all may write.

The first outcome of a key and the last one are equal in what they say (equal key, equal result), so two workers that made the
same thing at the same time do no harm: the later row replaces the earlier one. Connections are opened when they are needed and
once more after a break; one commit for each `record`. Contract: `tests/contract/test_ledger.py`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import psycopg

from affiche.database import patient
from affiche.errors import StorageAway, StorageError
from affiche.ports import Outcome
from affiche.values.digest import Digest

#: Version of the tables, kept in a comment on them; a schema of a higher one is from a newer Affiche.
FORMAT = 1
_TABLES = """
SELECT pg_advisory_xact_lock(7402655);
CREATE SCHEMA IF NOT EXISTS ledger;
CREATE TABLE IF NOT EXISTS ledger.format (version integer NOT NULL);
CREATE TABLE IF NOT EXISTS ledger.outcomes (key text PRIMARY KEY, kind text NOT NULL, blobs text NOT NULL, data text NOT NULL);
CREATE TABLE IF NOT EXISTS ledger.made_from (subject text PRIMARY KEY, inputs text NOT NULL);
INSERT INTO ledger.format SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ledger.format);
"""
_NEXT = "SELECT key, blobs FROM ledger.outcomes WHERE key > ANY(%s) ORDER BY key LIMIT 5000"
#: Arrays go in their binary form (`%b`): as text every quote in a JSON would be looked for and escaped, in Python.
_PUT_OUTCOME = """
INSERT INTO ledger.outcomes (key, kind, blobs, data) SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])
ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, blobs = excluded.blobs, data = excluded.data
"""
_PUT_SUBJECT = """
INSERT INTO ledger.made_from (subject, inputs) SELECT * FROM unnest(%b::text[], %b::text[])
ON CONFLICT (subject) DO UPDATE SET inputs = excluded.inputs
"""

_Made = TypeVar("_Made")


class PostgresLedger:
    """The ledger in the schema `ledger` of the database at `url` (`postgresql://...`). Several threads may share one."""

    def __init__(self, url: str, *, write: bool) -> None:
        """Raises StorageError when the database cannot be used."""
        self._url, self._write = url, write
        self._guard = threading.Lock()
        self._db: psycopg.Connection[tuple[Any, ...]] | None = None
        try:
            self._again(self._prepare)
        except StorageError:
            self.close()
            raise

    def known(self, keys: Iterable[Digest]) -> dict[Digest, Mapping[str, Digest]]:
        rows = self._rows("SELECT key, blobs FROM ledger.outcomes WHERE key = ANY(%s)", keys)
        return {key: json.loads(blobs) for key, blobs in rows}

    def find(self, keys: Iterable[Digest]) -> dict[Digest, Outcome]:
        rows = self._rows("SELECT key, kind, blobs, data FROM ledger.outcomes WHERE key = ANY(%s)", keys)
        return {
            key: Outcome(key=key, kind=kind, blobs=json.loads(blobs), data=json.loads(data))
            for key, kind, blobs, data in rows
        }

    def record(self, outcomes: Sequence[Outcome], made_from: Mapping[str, Mapping[str, str]] | None = None) -> None:
        if not self._write:
            raise StorageError("this ledger was opened for reading")
        # By key, so that two workers take row locks in the same order; a key that comes twice counts once, the later row.
        rows = sorted({o.key: (o.key, o.kind, _dumps(o.blobs), _dumps(o.data)) for o in outcomes}.values())
        subjects = sorted((subject, _dumps(inputs)) for subject, inputs in (made_from or {}).items())

        def put() -> None:
            db = self._opened()
            with db.transaction():
                if rows:
                    db.execute(_PUT_OUTCOME, [list(column) for column in zip(*rows, strict=True)])
                if subjects:
                    db.execute(_PUT_SUBJECT, [list(column) for column in zip(*subjects, strict=True)])

        with self._guard:
            self._again(put)

    def blobs(self) -> Iterator[Digest]:
        after = ""
        while rows := self._rows(_NEXT, [after]):
            after = rows[-1][0]
            for _, blobs in rows:
                yield from json.loads(blobs).values()

    def last_made_from(self, subjects: Iterable[str]) -> dict[str, Mapping[str, str]]:
        rows = self._rows("SELECT subject, inputs FROM ledger.made_from WHERE subject = ANY(%s)", subjects)
        return {subject: json.loads(inputs) for subject, inputs in rows}

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _rows(self, select: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
        wanted = list(keys)
        if not wanted:
            return []
        with self._guard:
            try:
                return self._again(lambda: self._opened().execute(select, [wanted]).fetchall())
            except psycopg.errors.UndefinedTable:
                if self._write:
                    raise StorageError("the ledger's tables are gone", hint="Start the worker again: it makes them.") from None
                return []  # what a reader sees before the first build

    def _prepare(self) -> None:
        db = self._opened()
        if self._write:
            with db.transaction():
                db.execute(_TABLES)
        elif db.execute("SELECT to_regclass('ledger.format')").fetchone() == (None,):
            return
        version = db.execute("SELECT max(version) FROM ledger.format").fetchone()
        if version is not None and version[0] > FORMAT:
            raise StorageError("the ledger was made by a newer Affiche", hint="Update Affiche or set another database.")

    def _opened(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._db is None:
            self._db = psycopg.connect(patient(self._url), autocommit=True)
        return self._db

    def _again(self, action: Callable[[], _Made]) -> _Made:
        """What `action` returns; tried once more on a new connection when the old one broke. Every action may run twice."""
        try:
            try:
                return action()
            except psycopg.OperationalError:
                self.close()
                return action()
        except psycopg.errors.UndefinedTable:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise StorageAway(f"the ledger does not answer: {_said(error)}", hint="Does the database run?") from error
        except psycopg.Error as error:
            self.close()
            raise StorageError(f"the ledger cannot be used: {_said(error)}", hint="Does the database run?") from error


def _said(error: psycopg.Error) -> str:
    """The first line of what the database says; connection strings, which may hold a password, are not in it."""
    return (error.diag.message_primary or str(error).strip() or type(error).__name__).splitlines()[0]


def _dumps(value: Mapping[str, object]) -> str:
    # PostgreSQL has no NUL in text; JSON writes it as an escape, which is not one.
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
