"""Workers as real processes and random faults: every accepted run ends well, nothing is lost, nothing is half visible.

Killed, frozen and drained workers, dead render processes, a crashed database, the engine's tables dropped in mid-run, a folder
that cannot be written to, an object store that is gone, cancelled and paused runs. Ten faults in the usual run, a hundred in the
soak. AFFICHE_TEST_FAULTS sets another number for both, AFFICHE_TEST_SEED another order.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from PIL import Image

from affiche.adapters.journal.postgres import PostgresJournal
from affiche.registry import audit
from affiche.registry.runs import MOVES, RESTING
from affiche.values.digest import digest_bytes
from tests import postgres
from tests.flow.kit_workers import SCOPE, Service

FAULTS, SEED = (int(os.environ.get(f"AFFICHE_TEST_{name}", "0")) for name in ("FAULTS", "SEED"))
#: How long anything may take at most, s: nothing is measured here, and the machine may have other things to do.
PATIENCE_S = 600
#: Creatives of a small run and of a large one, which is done in parts.
SMALL, LARGE = 2, 42
BUDGET = {"max": "1.00", "currency": "USD"}


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    made = postgres.Server()
    yield made
    made.stop()


class Trouble:
    """A service under faults. `work_on` makes sure that somebody works."""

    def __init__(self, service: Service, server: postgres.Server, seed: int, away_s: float) -> None:
        self.service, self.server, self.chance, self.away_s = service, server, random.Random(seed), away_s
        self.small: list[str] = []
        self.large: list[str] = []
        self.stopped: dict[str, str] = {}

    def work_on(self, wanted: int = 2) -> None:
        while len(self.alive()) < wanted:
            self.service.work(wait=False)

    def alive(self) -> list[subprocess.Popen[str]]:
        return [worker for worker in self.service.workers if worker.poll() is None]

    def submit(self, number: int) -> None:
        self.small.append(self.service.submit(f"small-{number}", locales=["en-US", "de-DE"], imagine=number % 2 == 1, budget=BUDGET))
        if number % 5 == 0:
            sizes = ["300x250", "320x50", "728x90"]
            self.large.append(self.service.submit(f"large-{number}", products=7, locales=["en-US", "de-DE"], placements=sizes))

    # -- faults -------------------------------------------------------------------------------------------------------------

    def kill_a_worker(self) -> None:
        os.killpg(self.chance.choice(self.alive()).pid, signal.SIGKILL)

    def kill_the_parent_alone(self) -> None:
        """Its render processes must notice and end."""
        self.chance.choice(self.alive()).send_signal(signal.SIGKILL)

    def kill_a_render_process(self) -> None:
        for worker in self.alive():
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(worker.pid).children(recursive=True):
                    with suppress(psutil.NoSuchProcess):
                        child.kill()

    def freeze_a_worker(self) -> None:
        """For longer than its lease: the others take its work over, and it must find that out when it wakes up."""
        worker = self.chance.choice(self.alive())
        os.killpg(worker.pid, signal.SIGSTOP)
        time.sleep(3.5)
        os.killpg(worker.pid, signal.SIGCONT)

    def drain_a_worker(self) -> None:
        worker = self.chance.choice(self.alive())
        worker.send_signal(signal.SIGTERM)

    def drop_the_engine(self) -> None:
        with psycopg.connect(self.service.url, autocommit=True) as db:
            # Who holds a lock in there waits for it otherwise, and we for him.
            db.execute("SET lock_timeout = '10s'")
            for _ in range(200):
                try:
                    db.execute("DROP SCHEMA IF EXISTS engine CASCADE")
                    return
                except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
                    time.sleep(0.1)  # a worker was at it in the other order, and PostgreSQL chose us to give way
        raise AssertionError("the schema cannot be dropped")

    def crash_the_database(self) -> None:
        self.server.crash()
        self.service.registry.engine.dispose()

    def fill_the_disk(self) -> None:
        """Stands in for it: for a while nothing new can be written beside the blobs."""
        with self._in_the_way(self.service.home / "blobs" / "staged"):
            time.sleep(1.0)

    def take_the_store_away(self) -> None:
        """For longer than three tries take, in the soak. What lies in it comes back with it."""
        store = self.service.home / "store"
        with self._in_the_way(store) as away:
            time.sleep(self.away_s)
        shutil.copytree(away, store, dirs_exist_ok=True)

    @contextmanager
    def _in_the_way(self, folder: Path) -> Iterator[Path]:
        """A file stands where a folder was; gives where the folder is now."""
        away = folder.with_name(f"{folder.name}-{time.monotonic_ns()}")
        folder.mkdir(parents=True, exist_ok=True)
        folder.rename(away)
        while True:
            with suppress(FileExistsError, IsADirectoryError):  # a worker makes the folder anew in this very moment
                folder.open("x").close()
                break
            shutil.rmtree(folder, ignore_errors=True)
        yield away
        folder.unlink()

    def cancel_a_run(self) -> None:
        self._wish(self.large + self.small, "cancel", "cancelled")

    def pause_and_resume_a_run(self) -> None:
        run = self._wish(self.large + self.small, "pause", "")
        if run:
            self.service.wait([run], PATIENCE_S, states=RESTING | {"paused"})
            if self.service.states([run])[run] == "paused":
                self.service.wish(run, "resume")

    def _wish(self, among: list[str], wanted: str, end: str) -> str:
        states = self.service.states(among)
        open_ = [run for run in among if states[run] not in RESTING | {"paused"} and run not in self.stopped]
        if not open_:
            return ""
        run = self.chance.choice(open_)
        try:
            self.service.wish(run, wanted)  # type: ignore[arg-type]
        except Exception as error:
            assert "cannot be told" in str(error)  # it ended at this very moment
            return ""
        if end:
            self.stopped[run] = end
        return run

    def faults(self, count: int) -> list[Callable[[], None]]:
        """All kinds, in an order that varies, as often as needed."""
        kinds = [
            self.kill_a_worker, self.drop_the_engine, self.kill_a_render_process, self.freeze_a_worker, self.crash_the_database,
            self.cancel_a_run, self.fill_the_disk, self.kill_the_parent_alone, self.drain_a_worker, self.pause_and_resume_a_run,
            self.take_the_store_away,
        ]  # fmt: skip
        chosen: list[Callable[[], None]] = []
        while len(chosen) < count:
            chosen += self.chance.sample(kinds, len(kinds))
        return chosen[:count]

    # -- what must be true at the end ---------------------------------------------------------------------------------------

    def verify(self) -> None:
        runs = self.small + self.large
        states = self.service.wait(runs, PATIENCE_S)
        # Whoever was to be cancelled may have been done already.
        bad = [run for run, state in states.items() if state != "needs-review" and run not in self.stopped]
        assert not bad, "\n".join([*(f"{run} {states[run]}: {self.service.row(run)['reason']}" for run in bad), self.service.logs()])
        assert all(states[run] in ("cancelled", "needs-review") for run in self.stopped)
        for run, state in states.items():
            self._events_in_order(run, state)
            if state == "needs-review":
                self._creatives_whole(run, SMALL if run in self.small else LARGE)
        Service.until(lambda: not [row for row in self.service.outbox() if row["kind"] == "run.submit"], PATIENCE_S)
        with self.service.registry.read() as connection:
            chain = audit.verify(connection, SCOPE.tenant)
        assert (chain.broken, chain.rows >= len(runs)) == (None, True)
        self._paid_once()

    def _events_in_order(self, run: str, state: str) -> None:
        said = [kind for kind in self.service.events(run) if not kind.startswith(("run.", "creative."))]
        assert said[0] == "queued"
        assert said[-1] == state
        assert all(after == before or after in MOVES[before] for before, after in zip(said, said[1:], strict=False)), said  # type: ignore[index]
        assert sum(kind in RESTING for kind in said) == 1, said

    def _paid_once(self) -> None:
        """No picture was paid for twice, and none that may have been paid for was bought again."""
        journal = PostgresJournal(self.service.url)
        counts: dict[str, Counter[str]] = {}
        for call in journal.calls():
            counts.setdefault(call.intent.key, Counter())[call.state] += 1
        journal.close()
        assert counts
        assert all(count["done"] <= 1 and not (count["done"] and count["uncertain"]) for count in counts.values()), counts

    def _creatives_whole(self, run: str, count: int) -> None:
        rows = self.service.creatives(run)
        assert len(rows) == count
        assert all(row["status"] in ("passed", "flagged") and row["current"] for row in rows)
        folder = Path(self.service.row(run)["folder"])
        manifest = json.loads((folder / "manifest.json").read_text())
        assert len(manifest["creatives"]) == count
        for row in rows:
            data = (folder / row["path"]).read_bytes()
            assert digest_bytes(data) == row["file_digest"] == digest_bytes(self.service.blobs.get(row["blob"]))
        with Image.open(folder / rows[0]["path"]) as image:
            image.load()


def trouble(server: postgres.Server, folder: Path, *, faults: int, seed: int, away_s: float) -> None:
    home = folder / "home"
    extra = {"AFFICHE_DRAIN_S": "5", "AFFICHE_BLOB_STORE": f"file://{home}/store", "AFFICHE_PROVIDERS": "simulated"}
    service = Service(home, server.url, extra=extra)
    at = Trouble(service, server, SEED or seed, away_s)
    try:
        at.work_on(1)
        for number, fault in enumerate(at.faults(FAULTS or faults)):
            at.work_on()
            at.submit(number)
            time.sleep(at.chance.uniform(0.2, 2.0))
            if at.alive():
                fault()
        at.work_on()
        at.verify()
    finally:
        service.stop()


@pytest.mark.slow
def test_random_faults(server: postgres.Server, tmp_path: Path) -> None:
    trouble(server, tmp_path, faults=10, seed=20261125, away_s=3.0)


@pytest.mark.soak
def test_a_hundred_random_faults(server: postgres.Server, tmp_path: Path) -> None:
    trouble(server, tmp_path, faults=100, seed=7, away_s=15.0)
