"""The journal in PostgreSQL: for workers in many processes and on many machines, which share caps.

Theory of operation. `begin` takes one advisory lock, adds up what counts against each cap and inserts the row, all in one
transaction: two workers cannot both take the last cent. It has committed (synchronously, as servers do by default) before the
caller may call anybody. A connection is opened when it is needed; what was under way when it broke is not tried again by
itself, because nobody knows here whether the row is there: the error says so, and nobody was called. Contract:
`tests/contract/test_journal.py`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import psycopg

from affiche.adapters.journal.owner import living, under_way
from affiche.database import patient
from affiche.errors import BudgetExhausted, StorageError
from affiche.values.digest import Digest
from affiche.values.money import Money
from affiche.values.spending import Call, CallState, Cap, Intent

#: Version of the tables; one of a higher number is from a newer Affiche.
FORMAT = 1
#: The advisory lock of everybody who writes.
_LOCK = 7402656
_MICRO = Decimal(1_000_000)
_TABLES = """
CREATE SCHEMA IF NOT EXISTS journal;
CREATE TABLE IF NOT EXISTS journal.format (version integer NOT NULL);
CREATE TABLE IF NOT EXISTS journal.calls (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL, call text NOT NULL, goods text NOT NULL,
    provider text NOT NULL, model text NOT NULL, offer text NOT NULL, reserved bigint NOT NULL, currency text NOT NULL,
    campaign text NOT NULL, brand text NOT NULL, month text NOT NULL, owner text NOT NULL, purpose text NOT NULL,
    state text NOT NULL, at double precision NOT NULL, job text NOT NULL DEFAULT '', paid bigint, note text NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS calls_by_key ON journal.calls (key);
CREATE INDEX IF NOT EXISTS calls_by_campaign ON journal.calls (campaign);
CREATE INDEX IF NOT EXISTS calls_by_month ON journal.calls (month);
CREATE TABLE IF NOT EXISTS journal.learnt (name text PRIMARY KEY, data text NOT NULL);
INSERT INTO journal.format SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM journal.format);
"""
_COLUMNS = (
    "id, key, call, goods, provider, model, offer, reserved, currency, campaign, brand, month, owner, purpose,"
    " state, at, job, paid, note"
)
#: Scope of a cap -> what calls are added up: nothing for one that was surely free, else what was settled, else what is reserved.
_SPENT = {
    scope: "SELECT coalesce(sum(CASE WHEN state = 'free' THEN 0 WHEN paid IS NULL THEN reserved ELSE paid END), 0)"  # noqa: S608
    f" FROM journal.calls WHERE {scope} = %s AND currency = %s"
    for scope in ("campaign", "brand", "month")
}

Db = psycopg.Connection[tuple[Any, ...]]


class PostgresJournal:
    """The journal in the schema `journal` of the database at `url`; several threads may share one."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.time) -> None:
        """Raises StorageError when the database cannot be used."""
        self._url, self._clock = url, clock
        self._guard = threading.RLock()
        self._db: Db | None = None
        with self._writing() as db:
            db.execute(_TABLES)
            version = db.execute("SELECT max(version) FROM journal.format").fetchone()
        if version is not None and version[0] > FORMAT:
            self.close()
            raise StorageError("the journal was made by a newer Affiche", hint="Update Affiche or set another database.")

    def begin(self, intent: Intent, caps: Sequence[Cap]) -> Call:
        at = self._clock()
        with self._writing() as db:
            same = "SELECT 1 FROM journal.calls WHERE key = %s AND goods = 'picture' AND state = 'sent' AND owner != %s"
            if intent.goods == "picture" and db.execute(same, (intent.key, intent.owner)).fetchone():
                raise under_way(intent)
            for cap in caps:
                _keep(db, intent, cap)
            made = db.execute(
                "INSERT INTO journal.calls (key, call, goods, provider, model, offer, reserved, currency, campaign, brand, month,"
                " owner, purpose, state, at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'sent', %s) RETURNING id",
                (
                    intent.key, intent.call, intent.goods, intent.provider, intent.model, intent.offer,
                    _micros(intent.estimate.amount), intent.estimate.currency, intent.campaign, intent.brand, intent.month,
                    intent.owner, intent.purpose, at,
                ),
            ).fetchone()  # fmt: skip
            assert made is not None
            return Call(id=int(made[0]), intent=intent, state="sent", at=at)

    def job(self, call: int, job: str) -> None:
        with self._writing() as db:
            db.execute("UPDATE journal.calls SET job = %s WHERE id = %s", (job, call))

    def settle(self, call: int, state: CallState, paid: Money | None, note: str = "") -> None:
        amount = None if paid is None else _micros(paid.amount)
        with self._writing() as db:
            # PostgreSQL has no NUL in text.
            values = (state, amount, note.replace("\0", ""), call)
            db.execute("UPDATE journal.calls SET state = %s, paid = %s, note = %s WHERE id = %s", values)

    def calls(self, *, key: Digest | None = None, states: Sequence[CallState] = (), campaign: str = "") -> tuple[Call, ...]:
        tests = {"key = %s": key, "campaign = %s": campaign, "state = ANY(%s)": list(states)}
        wanted = {test: value for test, value in tests.items() if value}
        query = f"SELECT {_COLUMNS} FROM journal.calls WHERE {' AND '.join(wanted) or 'true'} ORDER BY id"  # noqa: S608 - our own names
        with self._reading() as db:
            return tuple(_call(row) for row in db.execute(query, list(wanted.values())).fetchall())

    def spent(self, cap: Cap) -> Money:
        with self._reading() as db:
            return Money(amount=_spent(db, cap) / _MICRO, currency=cap.limit.currency)

    def living(self, owner: str) -> bool:
        with self._reading() as db:
            since = db.execute("SELECT max(at) FROM journal.calls WHERE owner = %s", (owner,)).fetchone()
        return living(owner, (since[0] if since else None) or 0.0)

    def load(self, name: str) -> Mapping[str, Any]:
        with self._reading() as db:
            return _learnt(db, name)

    def update(self, name: str, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        with self._writing() as db:
            data = json.dumps(dict(change(_learnt(db, name))))
            query = "INSERT INTO journal.learnt VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET data = excluded.data"
            db.execute(query, (name, data))

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    @contextmanager
    def _writing(self) -> Iterator[Db]:
        """One transaction, alone among all processes."""
        with self._reading() as db, db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield db

    @contextmanager
    def _reading(self) -> Iterator[Db]:
        with self._guard:
            try:
                yield self._opened()
            except psycopg.Error as error:
                self.close()
                raise StorageError(f"the journal cannot be used: {_said(error)}", hint="Does the database run?") from error

    def _opened(self) -> Db:
        if self._db is not None and (self._db.closed or self._db.broken):
            self.close()
        if self._db is None:
            self._db = psycopg.connect(patient(self._url), autocommit=True)
        return self._db


def _keep(db: Db, intent: Intent, cap: Cap) -> None:
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


def _spent(db: Db, cap: Cap) -> int:
    row = db.execute(_SPENT[cap.scope], (cap.name, cap.limit.currency)).fetchone()
    return int(row[0]) if row else 0


def _learnt(db: Db, name: str) -> dict[str, Any]:
    row = db.execute("SELECT data FROM journal.learnt WHERE name = %s", (name,)).fetchone()
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


def _said(error: psycopg.Error) -> str:
    """The first line of what the database says; connection strings, which may hold a password, are not in it."""
    return (error.diag.message_primary or str(error).strip() or type(error).__name__).splitlines()[0]
