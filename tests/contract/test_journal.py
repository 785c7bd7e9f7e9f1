"""The contract of the Journal port, kept by every adapter; below it what only the file can promise."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from affiche.adapters.journal import MemoryJournal, SqliteJournal, sqlite
from affiche.adapters.journal.owner import living, this_process
from affiche.adapters.journal.postgres import PostgresJournal
from affiche.errors import BudgetExhausted, CallUncertain, StorageError
from affiche.ports import Journal
from affiche.values.digest import Digest, digest
from affiche.values.money import Money
from affiche.values.spending import Cap, Intent
from tests import postgres

A, B = digest("a"), digest("b")
HERE = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


def usd(amount: str) -> Money:
    return Money(amount=Decimal(amount))


def intent(key: Digest = A, *, cost: str = "0.04", campaign: str = "summer", owner: str = "me", month: str = "2026-11") -> Intent:
    return Intent(
        key=key, call=digest("call", key), goods="picture", provider="p", model="m", offer="p/m/generate", estimate=usd(cost),
        campaign=campaign, brand="Verde", month=month, owner=owner,
    )  # fmt: skip


CAMPAIGN = Cap(scope="campaign", name="summer", limit=usd("0.10"))
MADE: dict[str, Callable[[Path], Journal]] = {
    "sqlite": SqliteJournal, "memory": lambda _: MemoryJournal(), "postgres": lambda _: PostgresJournal(postgres.database()),
}  # fmt: skip


@pytest.fixture(params=MADE)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    made = MADE[request.param](tmp_path)
    yield made
    made.close()


def test_a_call_is_there_before_it_is_made(journal: Journal) -> None:
    call = journal.begin(intent(), [])
    assert journal.calls(key=A) == (call,)
    assert (call.state, call.paid, call.intent) == ("sent", None, intent())


def test_the_same_picture_is_not_begun_by_two_at_once(journal: Journal) -> None:
    first = journal.begin(intent(owner="one"), [])
    with pytest.raises(CallUncertain, match="another process"):
        journal.begin(intent(owner="two"), [])
    assert journal.calls(key=A) == (first,), "nothing was reserved for the second"
    journal.begin(intent(B, owner="two"), [])
    journal.begin(intent(owner="one"), [])
    journal.begin(replace(intent(owner="two"), goods="words"), [])
    for call in journal.calls(key=A, states=("sent",)):
        journal.settle(call.id, "free", usd("0"))
    journal.begin(intent(owner="two"), [])


def test_a_job_is_remembered(journal: Journal) -> None:
    call = journal.begin(intent(), [])
    journal.job(call.id, "job-7")
    assert journal.calls(key=A)[0].job == "job-7"


def test_what_is_reserved_counts_against_a_cap(journal: Journal) -> None:
    journal.begin(intent(), [CAMPAIGN])
    journal.begin(intent(), [CAMPAIGN])
    assert journal.spent(CAMPAIGN) == usd("0.08")
    with pytest.raises(BudgetExhausted, match="summer"):
        journal.begin(intent(), [CAMPAIGN])
    assert len(journal.calls()) == 2


def test_the_settled_amount_replaces_the_reserved_one(journal: Journal) -> None:
    call = journal.begin(intent(cost="0.09"), [CAMPAIGN])
    journal.settle(call.id, "done", usd("0.0132"), "fine")
    assert journal.spent(CAMPAIGN) == usd("0.0132")
    assert journal.calls()[0].note == "fine"


@pytest.mark.parametrize(("state", "counts"), [("free", "0"), ("uncertain", "0.04"), ("spoilt", "0.04")])
def test_what_a_call_without_a_reported_price_counts_for(journal: Journal, state: str, counts: str) -> None:
    journal.settle(journal.begin(intent(), []).id, state, None)  # type: ignore[arg-type]
    assert journal.spent(CAMPAIGN) == usd(counts)


def test_caps_count_their_own_scope_only(journal: Journal) -> None:
    journal.begin(intent(campaign="winter", month="2026-12"), [])
    assert journal.spent(CAMPAIGN) == usd("0")
    assert journal.spent(Cap(scope="brand", name="Verde", limit=usd("1"))) == usd("0.04")
    assert journal.spent(Cap(scope="month", name="2026-12", limit=usd("1"))) == usd("0.04")


def test_a_cap_in_another_currency_buys_nothing(journal: Journal) -> None:
    with pytest.raises(BudgetExhausted, match="USD"):
        journal.begin(intent(), [Cap(scope="campaign", name="summer", limit=Money(amount=Decimal(9), currency="EUR"))])


def test_calls_are_found_by_key_state_and_campaign(journal: Journal) -> None:
    first, second = journal.begin(intent(A), []), journal.begin(intent(B, campaign="winter"), [])
    journal.settle(second.id, "uncertain", None)
    assert [c.id for c in journal.calls(states=("uncertain",))] == [second.id]
    assert [c.id for c in journal.calls(campaign="summer", states=("sent", "done"))] == [first.id]
    assert journal.calls(key=digest("none")) == ()


def test_learnt_state_is_changed_in_place(journal: Journal) -> None:
    assert journal.load("x") == {}
    journal.update("x", lambda before: {**before, "n": before.get("n", 0) + 1})
    journal.update("x", lambda before: {**before, "n": before["n"] + 1})
    assert journal.load("x") == {"n": 2}


def test_a_thousand_calls_at_once_never_pass_a_cap(journal: Journal) -> None:
    cap = Cap(scope="campaign", name="summer", limit=usd("2.00"))

    def one(number: int) -> bool:
        try:
            call = journal.begin(intent(digest(str(number))), [cap])
        except BudgetExhausted:
            return False
        journal.settle(call.id, "done", usd("0.04"))
        return True

    with ThreadPoolExecutor(16) as threads:
        bought = sum(threads.map(one, range(1000)))
    assert bought == 50
    assert journal.spent(cap) == usd("2.00")


# -- what is shared by processes ------------------------------------------------------------------------------------------------------

_BUY = """
import sys
from pathlib import Path
from tests.contract.test_journal import *
where = sys.argv[1]
journal, bought = PostgresJournal(where) if where.startswith("postgresql") else SqliteJournal(Path(where)), 0
for n in range(40):
    try:
        journal.begin(intent(digest(sys.argv[2] + str(n))), [Cap(scope="campaign", name="summer", limit=usd("1.00"))])
        bought += 1
    except BudgetExhausted:
        pass
print(bought)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_processes_share_a_cap(kind: str, tmp_path: Path) -> None:
    where = str(tmp_path) if kind == "sqlite" else postgres.database()
    children = [
        subprocess.Popen([sys.executable, "-c", _BUY, where, str(n)], env=HERE, stdout=subprocess.PIPE, text=True) for n in range(2)
    ]
    bought = [int(child.communicate()[0]) for child in children]
    assert sum(bought) == 25


def test_a_call_survives_the_death_of_its_process(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tests.contract.test_journal import *\n"
        "SqliteJournal(Path(sys.argv[1])).begin(intent(owner=this_process()), [])\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=HERE, check=False)
    assert died.returncode == -signal.SIGKILL
    journal = SqliteJournal(tmp_path)
    (call,) = journal.calls(states=("sent",))
    assert not journal.living(call.intent.owner)
    journal.close()


def test_this_process_is_living() -> None:
    assert living(this_process(), 0.0)
    host, pid, started = this_process().split("/")
    assert not living(f"{host}/{pid}/{int(started) + 1}", 0.0)


def test_a_file_that_is_no_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a database at all, not at all" * 40)
    with pytest.raises(StorageError, match="journal"):
        SqliteJournal(tmp_path)


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    with pytest.raises(StorageError, match="journal") as told:
        PostgresJournal("postgresql://me:secret-word@127.0.0.1:1/none")
    assert "secret-word" not in str(told.value)


def test_a_connection_that_broke_is_opened_again() -> None:
    journal = PostgresJournal(postgres.database())
    journal.begin(intent(), [])
    journal._db.close()
    assert len(journal.calls()) == 1
    journal.close()


def test_the_journal_is_in_the_database_of_the_service(tmp_path: Path) -> None:
    from affiche import wire
    from affiche.settings import Settings

    url = postgres.database()
    with wire.journal(Settings(home=tmp_path, database_url=url)) as journal:
        journal.begin(intent(), [])
    with wire.journal(Settings(home=tmp_path / "elsewhere", database_url=url)) as journal:
        assert len(journal.calls()) == 1
    assert not (tmp_path / "journal.sqlite").exists()


def test_who_opens_the_file_to_read_waits_for_no_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = SqliteJournal(tmp_path)
    first.begin(intent(), [])
    monkeypatch.setattr(sqlite, "_BUSY_S", 0.2)
    with closing(sqlite3.connect(tmp_path / sqlite.FILE, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        second = SqliteJournal(tmp_path)
        assert len(second.calls()) == 1
        second.close()
    first.close()
