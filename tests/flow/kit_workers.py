"""A service for tests without HTTP: registry, assets and campaigns on one side, real worker processes on the other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from affiche import wire
from affiche.registry import audit, brands, campaigns, runs
from affiche.registry.brands import Document
from affiche.registry.ids import new_id
from affiche.registry.migrate import upgrade
from affiche.registry.open import Registry, open_registry
from affiche.registry.scope import HOME_TENANT, Scope, now
from affiche.registry.tables.flow import events, outbox, workers
from affiche.registry.tables.material import assets
from affiche.registry.tables.work import creatives
from affiche.registry.tables.work import runs as runs_table
from affiche.settings import Settings
from affiche.values.digest import digest_bytes
from tests.flow.kit_build import write_can, write_logo

SCOPE = Scope(tenant=HOME_TENANT, actor="test")
_MAIN = "import sys; from affiche.cli.main import main; main()"
BRAND = {"brand": 1, "name": "Verde", "colors": {"primary": "#0F5C4E", "secondary": "#F6C667", "accent": "#F27B50"}}


@dataclass
class Service:
    """A registry at `url` ("" = SQLite in `home`) with one brand and a few assets; `work` starts workers."""

    home: Path
    url: str = ""
    engine_url: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.registry: Registry = open_registry(self.url, self.home)
        upgrade(self.registry)
        self.blobs = wire.blobs(Settings(home=self.home, blob_store=self.extra.get("AFFICHE_BLOB_STORE", "")))
        document = Document(data=yaml.safe_dump(BRAND).encode(), digest="b", media_type="application/yaml")
        with self.registry.write() as connection:
            self.brand = brands.add(connection, SCOPE, slug="verde", name="Verde", document=document)["id"]
        write_can(self.home / "can.png", (246, 198, 103))
        write_logo(self.home / "logo.png", "V")
        self.can = self.asset((self.home / "can.png").read_bytes(), "can.png")

    def asset(self, data: bytes, name: str) -> str:
        """An asset that was looked at and is ready."""
        id, moment = new_id("ast"), now()
        row = {
            "id": id, "tenant": HOME_TENANT, "brand": self.brand, "name": name, "kind": "picture", "state": "ready",
            "blob": self.blobs.put(data), "bytes": len(data), "created_at": moment, "updated_at": moment,
        }  # fmt: skip
        with self.registry.write() as connection:
            connection.execute(sa.insert(assets).values(**row))
        return id

    def submit(
        self, name: str, *, locales: Sequence[str] = ("en-US",), placements: Sequence[str] = ("300x250",), products: int = 1,
        pictures: Sequence[str] = (), imagine: bool = False, priority: int = 5, **more: Any,
    ) -> str:  # fmt: skip
        """A new campaign and its run, accepted in one transaction, audited; the run's id."""
        more |= {"locales": locales, "placements": placements, "products": products, "pictures": pictures, "imagine": imagine}
        data = json.dumps(self.brief(name, **more)).encode()
        document = Document(data=data, digest=digest_bytes(data), media_type="application/json")
        used = list(dict.fromkeys(pictures or [self.can]))
        with self.registry.write() as connection:
            campaign = campaigns.add(connection, SCOPE, slug=name, name=name, brand=self.brand, brief=document, assets=used, brand_revision=1)
            run = str(runs.submit(connection, SCOPE, campaign, runs.Order(priority=priority))["id"])
            audit.append(connection, SCOPE.tenant, "runs.start", actor=SCOPE.actor, subject=run)
            return run

    def brief(
        self, name: str, *, locales: Sequence[str] = ("en-US",), placements: Sequence[str] = ("300x250",), products: int = 1,
        pictures: Sequence[str] = (), imagine: bool = False, **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """A brief on the assets that are there. `imagine`: its pictures are bought."""
        return {
            "affiche": 1, "campaign": name,
            "message": {"locale": locales[0], "headline": f"Wake up {name}", "body": "Nothing added.", "cta": "Find a can"},
            "markets": [{"locales": list(locales)}], "placements": list(placements),
            "products": [
                {"id": f"p{n}", "name": f"Yuzu {name} {n}" if imagine else f"Yuzu {n}", "picture": {"imagine": True} if imagine else (pictures or [self.can])[n % len(pictures or [self.can])]}
                for n in range(products)
            ],
            **more,
        }  # fmt: skip

    def wish(self, run: str, wanted: runs.Wish) -> None:
        with self.registry.write() as connection:
            runs.wish(connection, SCOPE, run, wanted)
            audit.append(connection, SCOPE.tenant, f"runs.{wanted}", actor=SCOPE.actor, subject=run)

    # -- workers ----------------------------------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AFFICHE_") or name.startswith("AFFICHE_TEST_")}
        own = {"AFFICHE_HOME": str(self.home), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "AFFICHE_JOBS": "1", "AFFICHE_LEASE_S": "2"}
        urls = {name: url for name, url in (("AFFICHE_DATABASE_URL", self.url), ("AFFICHE_ENGINE_URL", self.engine_url)) if url}
        return {**inherited, **own, **urls, **self.extra}

    def work(self, *, wait: bool = True, within: Sequence[str] = (), **extra: str) -> subprocess.Popen[str]:
        """A worker, ready. `within`: a command that runs it somewhere else, in a process that becomes it."""
        log = (self.home / f"worker-{len(self.workers)}.log").open("w")
        command = [*within, sys.executable, "-c", _MAIN, "work"]
        environment = {**self.environment(), **extra}
        worker = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True)
        log.close()
        self.workers.append(worker)
        if wait:
            self.until(lambda: "\nready" in "\n" + self.log(len(self.workers) - 1) or worker.poll() is not None, 60)
            assert worker.poll() is None, self.log(len(self.workers) - 1)
        return worker

    def log(self, number: int) -> str:
        return (self.home / f"worker-{number}.log").read_text()

    def logs(self) -> str:
        return "\n".join(f"-- {number}\n{self.log(number)[-6000:]}" for number in range(len(self.workers)))

    def stop(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self.registry.close()

    # -- what became of it --------------------------------------------------------------------------------------------------

    @staticmethod
    def until(true: Any, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < end, "it took too long"
            time.sleep(0.05)

    def row(self, run: str) -> Mapping[str, Any]:
        with self.registry.read() as connection:
            return runs.get(connection, run)

    def states(self, wanted: Sequence[str]) -> dict[str, str]:
        with self.registry.read() as connection:
            rows = connection.execute(sa.select(runs_table.c.id, runs_table.c.state).where(runs_table.c.id.in_(wanted)))
            return {row.id: row.state for row in rows}

    def wait(self, wanted: Sequence[str], timeout_s: float = 60, states: frozenset[str] = runs.RESTING) -> dict[str, str]:
        """The states of runs, once all of them are among `states`."""
        try:
            self.until(lambda: all(state in states for state in self.states(wanted).values()), timeout_s)
        except AssertionError:
            raise AssertionError(f"{self.states(wanted)}\n{self.logs()}") from None
        return self.states(wanted)

    def held_by(self, pid: int) -> list[Any]:
        """What the worker of that process has in hand, as it said last."""
        with self.registry.read() as connection:
            return connection.scalar(sa.select(workers.c.work).where(workers.c.pid == pid)) or []

    def creatives(self, run: str) -> list[Mapping[str, Any]]:
        with self.registry.read() as connection:
            return [dict(row._mapping) for row in connection.execute(sa.select(creatives).where(creatives.c.run == run))]

    def events(self, run: str) -> list[str]:
        """What was said of a run: its states, in order."""
        with self.registry.read() as connection:
            query = sa.select(events.c.kind, events.c.data).where(events.c.run == run).order_by(events.c.seq)
            return [row.data["state"] if row.kind == "run.state" else row.kind for row in connection.execute(query)]

    def outbox(self) -> list[Mapping[str, Any]]:
        with self.registry.read() as connection:
            return [dict(row._mapping) for row in connection.execute(sa.select(outbox).where(outbox.c.done_at.is_(None)))]
