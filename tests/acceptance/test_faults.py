"""Workers as real processes and random faults: every accepted run ends well, nothing is lost, nothing is half visible.

Killed, frozen and drained workers, dead render processes, a killed API, a crashed database, the engine's tables dropped in mid-run,
a full disk, an object store that is gone, a provider that is down, a clock that jumps, cancelled and paused runs. Campaigns are ordered
over the API, and somebody listens to its events all the time. Ten faults in the usual run, a hundred in the soak.
AFFICHE_TEST_FAULTS sets another number for both, AFFICHE_TEST_SEED another order.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import sqlalchemy as sa

from affiche.adapters.journal.postgres import PostgresJournal
from affiche.registry import audit
from affiche.registry.runs import RESTING
from affiche.registry.tables.flow import events
from affiche.registry.tables.work import campaigns
from affiche.registry.tables.work import runs as runs_table
from tests import postgres
from tests.acceptance.kit_ends import events_in_order, whole
from tests.acceptance.kit_world import Api, Clock, Listener, Provider, full_disk
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


@dataclass(frozen=True, kw_only=True)
class World:
    """What the workers live in."""

    api: Api
    listener: Listener
    provider: Provider
    clock: Clock


class Trouble:
    """A service under faults. `work_on` makes sure that somebody works."""

    def __init__(self, service: Service, server: postgres.Server, world: World, seed: int, away_s: float) -> None:
        self.service, self.server, self.world, self.chance, self.away_s = service, server, world, random.Random(seed), away_s
        self.small: list[str] = []
        self.large: list[str] = []
        self.stopped: dict[str, str] = {}
        self.extra = 0

    def work_on(self, wanted: int = 2) -> None:
        while len(self.alive()) < wanted:
            self.service.work(wait=False)

    def alive(self) -> list[subprocess.Popen[str]]:
        return [worker for worker in self.service.workers if worker.poll() is None]

    def submit(self, number: int) -> None:
        both = ["en-US", "de-DE"]
        self.small.append(self._ordered(self.service.brief(f"small-{number}", locales=both, imagine=number % 2 == 1, budget=BUDGET)))
        if number % 5 == 0:
            sizes = ["300x250", "320x50", "728x90"]
            self.large.append(self._ordered(self.service.brief(f"large-{number}", products=7, locales=both, placements=sizes)))

    def _ordered(self, brief: dict[str, Any]) -> str:
        """The run of a campaign that is ordered over the API, which may die over it."""
        path, data = f"/v1/campaigns?brand={self.service.brand}", json.dumps(brief).encode()
        made = self.world.api.post(path, data, key=brief["campaign"], patience_s=PATIENCE_S)
        return str(made["run"]["id"])

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

    def kill_the_api(self) -> None:
        """In the middle of an order, mostly: it is made again, and must not be a second campaign."""
        timers = (
            threading.Timer(self.chance.uniform(0.0, 0.15), self.world.api.kill), threading.Timer(1.0, self.world.api.start),
        )  # fmt: skip
        for timer in timers:
            timer.start()
        self.extra += 1
        self.small.append(self._ordered(self.service.brief(f"extra-{self.extra}", locales=["en-US", "de-DE"], budget=BUDGET)))
        for timer in timers:
            timer.join()

    def fill_the_disk(self) -> None:
        """Where files are staged, or where campaigns are published. Who may not mount lets nothing new be written, which is near it."""
        folder = self.service.home / self.chance.choice(["blobs/staged", "service/out"])
        with full_disk(folder) as full:
            if full:
                with pytest.raises(OSError, match="No space left"):
                    (folder / "more").write_bytes(b"x")
                time.sleep(1.0)
                return
        with self._in_the_way(self.service.home / "blobs" / "staged"):
            time.sleep(1.0)

    def lose_the_provider(self) -> None:
        """While a picture is wanted."""
        with self.world.provider.away(self.chance.choice(Provider.WAYS)):
            self.extra += 1
            name = f"extra-{self.extra}"
            self.small.append(self._ordered(self.service.brief(name, locales=["en-US", "de-DE"], imagine=True, budget=BUDGET)))
            time.sleep(2.0)

    def set_the_clock(self) -> None:
        """Days ahead or hours back, for two seconds."""
        with self.world.clock.wrong(self.chance.choice([2, 40, -0.125, -2])):
            time.sleep(2.0)

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
            self.take_the_store_away, self.kill_the_api, self.lose_the_provider, self.set_the_clock,
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
            events_in_order(self.service, run, state)
            if state == "needs-review":
                whole(self.service, run, SMALL if run in self.small else LARGE)
        Service.until(lambda: not [row for row in self.service.outbox() if row["kind"] == "run.submit"], PATIENCE_S)
        with self.service.registry.read() as connection:
            chain = audit.verify(connection, SCOPE.tenant)
        assert (chain.broken, chain.rows >= len(runs)) == (None, True)
        self._paid_once()
        self._ordered_once()
        self._heard_all()

    def _ordered_once(self) -> None:
        """However often an order was made: one campaign each, and no run that nobody knows."""
        with self.service.registry.read() as connection:
            slugs = list(connection.scalars(sa.select(campaigns.c.slug)))
            known = set(connection.scalars(sa.select(runs_table.c.id)))
        assert len(slugs) == len(set(slugs)) == len(self.small + self.large)
        assert known == {*self.small, *self.large}

    def _heard_all(self) -> None:
        """Whoever listened over broken streams heard every event, once and in order."""
        with self.service.registry.read() as connection:
            said = [tuple(row) for row in connection.execute(sa.select(events.c.seq, events.c.kind).order_by(events.c.seq))]
        Service.until(lambda: self.world.listener.heard[-1:] == said[-1:], 60)
        assert self.world.listener.heard == said

    def _paid_once(self) -> None:
        """No picture was paid for twice, and none that may have been paid for was bought again."""
        journal = PostgresJournal(self.service.url)
        counts: dict[str, Counter[str]] = {}
        for call in journal.calls():
            counts.setdefault(call.intent.key, Counter())[call.state] += 1
        journal.close()
        assert counts
        assert all(count["done"] <= 1 and not (count["done"] and count["uncertain"]) for count in counts.values()), counts
        bills, total = self.world.provider.double.bills, sum(counts.values(), Counter())
        assert len(bills) == len(set(bills)), "by the provider's own account"
        assert 0 < total["done"] <= len(bills) <= total["done"] + total["spoilt"] + total["uncertain"], total


def trouble(server: postgres.Server, folder: Path, *, faults: int, seed: int, away_s: float) -> None:
    home = folder / "home"
    home.mkdir()
    provider, clock = Provider(folder), Clock(folder)
    extra = {"AFFICHE_DRAIN_S": "5", "AFFICHE_BLOB_STORE": f"file://{home}/store", **provider.environment}
    service = Service(home, server.url, extra={**extra, **clock.environment})
    api = Api(home, {**service.environment(), "LD_PRELOAD": ""})
    world = World(api=api, listener=Listener(api.url), provider=provider, clock=clock)
    at, happened = Trouble(service, server, world, SEED or seed, away_s), Counter[str]()
    try:
        at.work_on(1)
        for number, fault in enumerate(at.faults(FAULTS or faults)):
            at.work_on()
            at.submit(number)
            time.sleep(at.chance.uniform(0.2, 2.0))
            if at.alive():
                began = time.monotonic()
                fault()
                print(f"{fault.__name__} {time.monotonic() - began:.1f} s")
                happened[fault.__name__] += 1
        at.work_on()
        at.verify()
    finally:
        world.listener.end.set()
        api.kill()
        service.stop()
        provider.stop()
    print(dict(happened), f"listened over {world.listener.breaks + 1} streams, {len(provider.double.bills)} pictures paid")


@pytest.mark.slow
def test_random_faults(server: postgres.Server, tmp_path: Path) -> None:
    trouble(server, tmp_path, faults=10, seed=20261245, away_s=3.0)


@pytest.mark.soak
def test_a_hundred_random_faults(server: postgres.Server, tmp_path: Path) -> None:
    trouble(server, tmp_path, faults=100, seed=7, away_s=15.0)
