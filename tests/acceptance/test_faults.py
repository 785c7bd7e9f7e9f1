"""Workers as real processes and random faults: every accepted run ends well, nothing is lost, nothing is half visible.

Killed, frozen and drained workers, dead render processes, a crashed database, the engine's tables dropped in mid-run, a folder
that cannot be written to, cancelled and paused runs. AFFICHE_TEST_FAULTS sets their number (10 in the usual run, 100 in the soak).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from PIL import Image

from affiche.registry.runs import MOVES, RESTING
from affiche.values.digest import digest_bytes
from tests import postgres
from tests.flow.kit_workers import Service

FAULTS = int(os.environ.get("AFFICHE_TEST_FAULTS", "10"))
#: Creatives of a small run and of a large one, which is done in parts.
SMALL, LARGE = 2, 84


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    made = postgres.Server()
    yield made
    made.stop()


class Trouble:
    """A service under faults. `work_on` makes sure that somebody works."""

    def __init__(self, service: Service, server: postgres.Server, seed: int) -> None:
        self.service, self.server, self.chance = service, server, random.Random(seed)
        self.small: list[str] = []
        self.large: list[str] = []
        self.stopped: dict[str, str] = {}

    def work_on(self, wanted: int = 2) -> None:
        while len(self.alive()) < wanted:
            self.service.work(wait=False)

    def alive(self) -> list[subprocess.Popen[str]]:
        return [worker for worker in self.service.workers if worker.poll() is None]

    def submit(self, number: int) -> None:
        self.small.append(self.service.submit(f"small-{number}", locales=["en-US", "de-DE"]))
        if number % 5 == 0:
            sizes = ["300x250", "320x50", "728x90"]
            self.large.append(self.service.submit(f"large-{number}", products=14, locales=["en-US", "de-DE"], placements=sizes))

    # -- faults -------------------------------------------------------------------------------------------------------------

    def kill_a_worker(self) -> None:
        os.killpg(self.chance.choice(self.alive()).pid, signal.SIGKILL)

    def kill_the_parent_alone(self) -> None:
        """Its render processes must notice and end."""
        self.chance.choice(self.alive()).send_signal(signal.SIGKILL)

    def kill_a_render_process(self) -> None:
        for worker in self.alive():
            for child in psutil.Process(worker.pid).children(recursive=True):
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
            for _ in range(20):
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
        staged = self.service.home / "blobs" / "staged"
        away = staged.with_name("staged-away")
        if not staged.is_dir():
            return
        staged.rename(away)
        staged.write_text("full")
        time.sleep(1.0)
        staged.unlink()
        away.rename(staged)

    def cancel_a_run(self) -> None:
        self._wish(self.large + self.small, "cancel", "cancelled")

    def pause_and_resume_a_run(self) -> None:
        run = self._wish(self.large + self.small, "pause", "")
        if run:
            self.service.wait([run], 60, states=RESTING | {"paused"})
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

    def faults(self) -> list[Callable[[], None]]:
        """All kinds, in an order that varies, as often as needed."""
        kinds = [
            self.kill_a_worker, self.drop_the_engine, self.kill_a_render_process, self.freeze_a_worker, self.crash_the_database,
            self.cancel_a_run, self.fill_the_disk, self.kill_the_parent_alone, self.drain_a_worker, self.pause_and_resume_a_run,
        ]  # fmt: skip
        chosen: list[Callable[[], None]] = []
        while len(chosen) < FAULTS:
            chosen += self.chance.sample(kinds, len(kinds))
        return chosen[:FAULTS]

    # -- what must be true at the end ---------------------------------------------------------------------------------------

    def verify(self) -> None:
        runs = self.small + self.large
        states = self.service.wait(runs, 180)
        # Whoever was to be cancelled may have been done already.
        bad = [run for run, state in states.items() if state != "needs-review" and run not in self.stopped]
        assert not bad, "\n".join([*(f"{run} {states[run]}: {self.service.row(run)['reason']}" for run in bad), self.service.logs()])
        assert all(states[run] in ("cancelled", "needs-review") for run in self.stopped)
        for run, state in states.items():
            self._events_in_order(run, state)
            if state == "needs-review":
                self._creatives_whole(run, SMALL if run in self.small else LARGE)
        assert not [row for row in self.service.outbox() if row["kind"] == "run.submit"]

    def _events_in_order(self, run: str, state: str) -> None:
        said = [kind for kind in self.service.events(run) if not kind.startswith("run.")]
        assert said[0] == "queued"
        assert said[-1] == state
        assert all(after == before or after in MOVES[before] for before, after in zip(said, said[1:], strict=False)), said  # type: ignore[index]
        assert sum(kind in RESTING for kind in said) == 1, said

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


def trouble(server: postgres.Server, folder: Path, seed: int) -> None:
    service = Service(folder / "home", server.url, extra={"AFFICHE_DRAIN_S": "5"})
    at = Trouble(service, server, seed)
    try:
        at.work_on(1)
        for number, fault in enumerate(at.faults()):
            at.work_on()
            at.submit(number)
            time.sleep(at.chance.uniform(0.2, 2.0))
            if at.alive():
                fault()
        at.work_on()
        at.verify()
    finally:
        service.stop()


# Belongs into the usual run, and goes back there when it passes every time: see "The service" in docs/critiques.md.
@pytest.mark.soak
def test_random_faults(server: postgres.Server, tmp_path: Path) -> None:
    trouble(server, tmp_path, seed=20261125)


@pytest.mark.soak
def test_a_hundred_random_faults(server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.acceptance.test_faults.FAULTS", max(100, FAULTS))
    trouble(server, tmp_path, seed=7)
