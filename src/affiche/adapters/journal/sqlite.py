"""The journal in a SQLite file of its own: any process may write, one at a time, each change one durable transaction.

Theory of operation. `begin` adds up what counts against each cap and inserts the row in one `BEGIN IMMEDIATE`, so two processes
cannot both take the last cent. The row is on disk (synchronous=FULL) before the caller may call anybody. Amounts are whole
millionths of a currency unit: sums are exact.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from affiche.adapters.journal.owner import living, under_way
from affiche.database import write_ahead
from affiche.errors import BudgetExhausted, StorageAway, StorageError
from affiche.values.digest import Digest
from affiche.values.money import Money
from affiche.values.spending import Call, CallState, Cap, Intent

FILE = "journal.sqlite"
FORMAT = 1
_BUSY_S = 30.0
_MICRO = Decimal(1_000_000)
_TABLES = """
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, call TEXT NOT NULL, goods TEXT NOT NULL, provider TEXT NOT NULL,
    model TEXT NOT NULL, offer TEXT NOT NULL, reserved INTEGER NOT NULL, currency TEXT NOT NULL, campaign TEXT NOT NULL,
    brand TEXT NOT NULL, month TEXT NOT NULL, owner TEXT NOT NULL, purpose TEXT NOT NULL,
    state TEXT NOT NULL, at REAL NOT NULL, job TEXT NOT NULL DEFAULT '', paid INTEGER, note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS calls_by_key ON calls (key);
CREATE INDEX IF NOT EXISTS calls_by_campaign ON calls (campaign);
CREATE INDEX IF NOT EXISTS calls_by_month ON calls (month);
CREATE TABLE IF NOT EXISTS learnt (name TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = (
    "id, key, call, goods, provider, model, offer, reserved, currency, campaign, brand, month, owner, purpose,"
    " state, at, job, paid, note"
)
#: What a call counts for: nothing when it was surely free, else what was settled, else what is reserved.
_COUNTS = "CASE WHEN state = 'free' THEN 0 WHEN paid IS NULL THEN reserved ELSE paid END"


class SqliteJournal:
    """The journal in `folder`; several threads may share one."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Raises StorageError when the file is no use."""
        self._path, self._clock = folder / FILE, clock
        self._guard = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "Set AFFICHE_HOME to a folder of yours."
            raise StorageAway(f"cannot write to {folder}: {error.strerror}", hint=hint) from error
        with self._translated():
            self._db = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            write_ahead(self._db.execute, within_s=_BUSY_S)
            self._db.execute("PRAGMA synchronous=FULL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > FORMAT:
                hint = "Update Affiche or set another AFFICHE_HOME."
                raise StorageError(f"{self._path} was made by a newer Affiche", hint=hint)
            if version < FORMAT:  # else nothing is written: who opens it to read waits for no disk and no writer
                self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version={FORMAT}; COMMIT;")

    def begin(self, intent: Intent, caps: Sequence[Cap]) -> Call:
        at = self._clock()
        with self._writing() as db:
            same = "SELECT 1 FROM calls WHERE key = ? AND goods = 'picture' AND state = 'sent' AND owner != ?"
            if intent.goods == "picture" and db.execute(same, (intent.key, intent.owner)).fetchone():
                raise under_way(intent)
            for cap in caps:
                _keep(db, intent, cap)
            made = db.execute(
                "INSERT INTO calls (key, call, goods, provider, model, offer, reserved, currency, campaign, brand, month, owner,"
                " purpose, state, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent', ?)",
                (
                    intent.key, intent.call, intent.goods, intent.provider, intent.model, intent.offer,
                    _micros(intent.estimate.amount), intent.estimate.currency, intent.campaign, intent.brand, intent.month,
                    intent.owner, intent.purpose, at,
                ),
            )  # fmt: skip
            return Call(id=int(made.lastrowid or 0), intent=intent, state="sent", at=at)

    def job(self, call: int, job: str) -> None:
        with self._writing() as db:
            db.execute("UPDATE calls SET job = ? WHERE id = ?", (job, call))

    def settle(self, call: int, state: CallState, paid: Money | None, note: str = "") -> None:
        amount = None if paid is None else _micros(paid.amount)
        with self._writing() as db:
            db.execute("UPDATE calls SET state = ?, paid = ?, note = ? WHERE id = ?", (state, amount, note, call))

    def calls(self, *, key: Digest | None = None, states: Sequence[CallState] = (), campaign: str = "") -> tuple[Call, ...]:
        tests = {"key = ?": key, "campaign = ?": campaign}
        wanted = {test: value for test, value in tests.items() if value}
        where = [*wanted, *([f"state IN ({','.join('?' * len(states))})"] if states else [])]
        query = f"SELECT {_COLUMNS} FROM calls WHERE {' AND '.join(where) or '1'} ORDER BY id"  # noqa: S608 - our own names
        with self._guard, self._translated():
            return tuple(_call(row) for row in self._db.execute(query, [*wanted.values(), *states]))

    def spent(self, cap: Cap) -> Money:
        with self._guard, self._translated():
            return Money(amount=_spent(self._db, cap) / _MICRO, currency=cap.limit.currency)

    def living(self, owner: str) -> bool:
        since = self._db.execute("SELECT max(at) FROM calls WHERE owner = ?", (owner,)).fetchone()[0]
        return living(owner, since or 0.0)

    def load(self, name: str) -> Mapping[str, Any]:
        with self._guard, self._translated():
            return _learnt(self._db, name)

    def update(self, name: str, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO learnt VALUES (?, ?)", (name, json.dumps(dict(change(_learnt(db, name))))))

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone."""
        with self._guard, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageAway(f"cannot use {self._path}: {error}", hint="Is the disk full or read-only?") from error


def _keep(db: sqlite3.Connection, intent: Intent, cap: Cap) -> None:
    """Raises BudgetExhausted when `intent` would pass `cap`."""
    if cap.limit.currency != intent.estimate.currency:
        raise BudgetExhausted(
            f"{intent.provider} is paid in {intent.estimate.currency}, the cap is {cap}",
            hint=f"Give the budget in {intent.estimate.currency}.",
        )
    spent, wanted, limit = _spent(db, cap), _micros(intent.estimate.amount), _micros(cap.limit.amount)
    if spent + wanted > limit:
        left = Money(amount=max(0, limit - spent) / _MICRO, currency=cap.limit.currency)
        message = f"the cap of {cap} leaves {left}; {intent.offer} may cost {intent.estimate}"
        raise BudgetExhausted(message, hint="Raise the budget.")


def _spent(db: sqlite3.Connection, cap: Cap) -> int:
    query = f"SELECT coalesce(sum({_COUNTS}), 0) FROM calls WHERE {cap.scope} = ? AND currency = ?"  # noqa: S608 - our own names
    return int(db.execute(query, (cap.name, cap.limit.currency)).fetchone()[0])


def _learnt(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    row = db.execute("SELECT data FROM learnt WHERE name = ?", (name,)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _micros(amount: Decimal) -> int:
    return int((amount * _MICRO).to_integral_value(ROUND_HALF_UP))


def _call(row: Sequence[Any]) -> Call:
    number, key, call, goods, provider, model, offer, reserved, currency, campaign, brand, month, owner, purpose, *end = row
    state, at, job, paid, note = end
    intent = Intent(
        key=key, call=call, goods=goods, provider=provider, model=model, offer=offer,
        estimate=Money(amount=reserved / _MICRO, currency=currency), campaign=campaign, brand=brand, month=month,
        owner=owner, purpose=purpose,
    )  # fmt: skip
    settled = None if paid is None else Money(amount=paid / _MICRO, currency=currency)
    return Call(id=number, intent=intent, state=state, at=at, job=job, paid=settled, note=note)
