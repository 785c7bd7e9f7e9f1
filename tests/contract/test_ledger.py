"""The contract of the Ledger port, kept by every adapter; below it what only the file can promise."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from affiche.adapters.ledger import MemoryLedger, SqliteLedger
from affiche.adapters.ledger.postgres import PostgresLedger
from affiche.errors import LedgerBusy, StorageError
from affiche.ports import Ledger, Outcome
from affiche.values.digest import Digest, digest
from tests import postgres

A, B, C = (digest("test", n) for n in range(3))
BLOB = digest("blob")
#: Children import what this process imports.
HERE = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


def outcome(key: Digest, **data: object) -> Outcome:
    return Outcome(key=key, kind="compose", blobs={"file": BLOB}, data=data)


MADE: dict[str, Callable[[Path], Ledger]] = {
    "sqlite": lambda folder: SqliteLedger(folder, write=True),
    "memory": lambda _: MemoryLedger(),
    "postgres": lambda _: PostgresLedger(postgres.database(), write=True),
}


@pytest.fixture(params=MADE)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    made = MADE[request.param](tmp_path)
    yield made
    made.close()


def test_a_recorded_outcome_is_found_with_its_data(ledger: Ledger) -> None:
    ledger.record([outcome(A, size=[3, 4], title="午後 “x”", ok=True, none=None)])
    assert ledger.find([A]) == {A: outcome(A, size=[3, 4], title="午後 “x”", ok=True, none=None)}


def test_only_what_exists_is_found(ledger: Ledger) -> None:
    ledger.record([outcome(A), outcome(B)])
    assert set(ledger.find([A, C])) == {A}
    assert set(ledger.known([A, B, C])) == {A, B}


def test_known_gives_the_blobs(ledger: Ledger) -> None:
    ledger.record([outcome(A)])
    assert ledger.known([A]) == {A: {"file": BLOB}}


def test_nothing_asked_nothing_found(ledger: Ledger) -> None:
    assert ledger.find([]) == {}
    assert ledger.last_made_from([]) == {}


def test_the_later_outcome_of_a_key_counts(ledger: Ledger) -> None:
    ledger.record([outcome(A, take=1)])
    ledger.record([outcome(A, take=2)])
    assert ledger.find([A])[A].data["take"] == 2


def test_what_a_subject_was_last_made_from_is_kept(ledger: Ledger) -> None:
    ledger.record([], {"c/yuzu": {"logo": "1"}, "c/elder": {}})
    ledger.record([outcome(A)], {"c/yuzu": {"logo": "2", "words": "3"}})
    assert ledger.last_made_from(["c/yuzu", "c/elder", "c/none"]) == {"c/yuzu": {"logo": "2", "words": "3"}, "c/elder": {}}


def test_thousands_at_once(ledger: Ledger) -> None:
    keys = [digest("many", n) for n in range(3000)]
    ledger.record([outcome(key) for key in keys])
    assert set(ledger.known([*keys, A])) == set(keys)


def test_one_outcome_that_cannot_be_stored_leaves_all_out(ledger: Ledger) -> None:
    with pytest.raises(TypeError):
        ledger.record([outcome(A), outcome(B, broken=object())], {"c/yuzu": {}})
    assert ledger.find([A, B]) == {}
    assert ledger.last_made_from(["c/yuzu"]) == {}


# -- the file -----------------------------------------------------------------------------------------------------------


def reopened(folder: Path) -> SqliteLedger:
    return SqliteLedger(folder, write=False)


def test_a_file_remembers_after_it_was_closed(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "new" / "home", write=True)
    ledger.record([outcome(A)])
    ledger.close()
    assert set(reopened(tmp_path / "new" / "home").known([A])) == {A}


def test_reading_makes_no_file(tmp_path: Path) -> None:
    reader = reopened(tmp_path)
    assert reader.find([A]) == {}
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError):
        reader.record([outcome(A)])


def test_a_reader_sees_commits_while_a_writer_is_at_work(tmp_path: Path) -> None:
    writer = SqliteLedger(tmp_path, write=True)
    reader = reopened(tmp_path)
    writer.record([outcome(A)])
    assert set(reader.known([A])) == {A}
    writer.close()


def test_a_second_writer_is_refused_with_the_owner_named(tmp_path: Path) -> None:
    first = SqliteLedger(tmp_path, write=True)
    with pytest.raises(LedgerBusy, match=f"process {os.getpid()}") as refused:
        SqliteLedger(tmp_path, write=True)
    assert "AFFICHE_HOME" in refused.value.hint
    first.close()
    SqliteLedger(tmp_path, write=True).close()


_HOLD = """
import sys, time
from pathlib import Path
from affiche.adapters.ledger import SqliteLedger
ledger = SqliteLedger(Path(sys.argv[1]), write=True)
print("held", flush=True)
time.sleep(float(sys.argv[2]))
ledger.close()
"""


def holder(folder: Path, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True, env=HERE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_a_second_process_waits_for_the_first(tmp_path: Path) -> None:
    with holder(tmp_path, 0.4) as first:
        SqliteLedger(tmp_path, write=True, wait_s=30).close()
        assert first.wait(10) == 0


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    with holder(tmp_path, 60) as first:
        with pytest.raises(LedgerBusy, match=str(first.pid)):
            SqliteLedger(tmp_path, write=True)
        first.send_signal(signal.SIGKILL)
    SqliteLedger(tmp_path, write=True, wait_s=5).close()


def test_a_full_disk_is_a_storage_error_and_leaves_the_old_rows(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path, write=True)
    ledger.record([outcome(A)])
    pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(StorageError, match="full"):
        ledger.record([outcome(digest("big", n), text="x" * 4000) for n in range(50)], {"c/yuzu": {}})
    assert set(ledger.known([A, digest("big", 0)])) == {A}
    ledger._db.execute("PRAGMA max_page_count=1000000")
    ledger.record([outcome(B)])
    ledger.close()
    assert set(reopened(tmp_path).known([A, B])) == {A, B}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"this is not a database, certainly not" * 40)
    for write in (True, False):
        with pytest.raises(StorageError, match="damaged"):
            SqliteLedger(tmp_path, write=write)
    # The lock was given back.
    (tmp_path / "ledger.sqlite").unlink()
    SqliteLedger(tmp_path, write=True).close()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(StorageError, match="newer"):
        SqliteLedger(tmp_path, write=True)


def test_the_file_is_synchronised_and_logs_ahead(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path, write=True)
    ask: Callable[[str], object] = lambda name: ledger._db.execute(f"PRAGMA {name}").fetchone()[0]  # noqa: E731
    assert (ask("journal_mode"), ask("synchronous")) == ("wal", 2)
    ledger.close()


# -- PostgreSQL ---------------------------------------------------------------------------------------------------------


def test_two_workers_share_a_database_and_may_make_the_same(tmp_path: Path) -> None:
    url = postgres.database()
    first, second = PostgresLedger(url, write=True), PostgresLedger(url, write=True)
    keys = [digest("shared", n) for n in range(60)]

    def work(ledger: PostgresLedger, order: list[Digest]) -> None:
        for at in range(0, len(order), 10):
            ledger.record([outcome(key) for key in order[at : at + 10]], {f"c/{key}": {} for key in order[at : at + 10]})

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(work, first, keys), pool.submit(work, second, keys[::-1])):
            done.result(timeout=30)
    assert set(first.known(keys)) == set(second.known(keys)) == set(keys)
    first.close()
    second.close()


def test_a_connection_that_broke_is_opened_again() -> None:
    ledger = PostgresLedger(postgres.database(), write=True)
    ledger.record([outcome(A)])
    assert ledger._db is not None
    pid = ledger._db.info.backend_pid
    with PostgresLedger(ledger._url, write=False)._opened() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    ledger.record([outcome(B)])
    assert set(ledger.known([A, B])) == {A, B}
    ledger.close()


def test_a_reader_of_a_new_database_sees_an_empty_ledger_and_makes_no_tables() -> None:
    url = postgres.database()
    reader = PostgresLedger(url, write=False)
    assert reader.find([A]) == {}
    with pytest.raises(StorageError):
        reader.record([outcome(A)])
    writer = PostgresLedger(url, write=True)
    writer.record([outcome(A)])
    assert set(reader.known([A])) == {A}
    writer.close()
    reader.close()


def test_a_database_of_a_newer_version_is_left_alone() -> None:
    url = postgres.database()
    ledger = PostgresLedger(url, write=True)
    ledger._opened().execute("UPDATE ledger.format SET version = 99")
    ledger.close()
    with pytest.raises(StorageError, match="newer"):
        PostgresLedger(url, write=True)


def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StorageError) as refused:
        PostgresLedger("postgresql://somebody:secret@127.0.0.1:1/nothing", write=True)
    assert "secret" not in f"{refused.value} {refused.value.hint}"
