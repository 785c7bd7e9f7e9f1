"""A network that splits: a worker on a host of its own, whose link to the database goes dead without a goodbye.

The host is a network namespace with a link of its own to the database. Others must continue what it held while it is cut off; it must
notice by itself, not end anything twice when the link is back, and work again. Needs root and `ip` (Debian's `iproute2`).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests import postgres
from tests.acceptance.kit_ends import events_in_order, whole
from tests.flow.kit_workers import Service

pytestmark = pytest.mark.soak

PATIENCE_S = 300
SIZES = ["300x250", "320x50", "728x90"]


class Link:
    """A host of its own: a network namespace, and the one way from it to the database of this one."""

    HERE, THERE = "10.213.77.1", "10.213.77.2"

    def __init__(self, database: str) -> None:
        self.name, self._near = f"affiche-{os.getpid()}", f"affi{os.getpid() % 10**9}"
        far = f"{self._near}x"[:15]
        for command in (
            f"ip netns add {self.name}", f"ip link add {self._near} type veth peer name {far} netns {self.name}",
            f"ip address add {self.HERE}/30 dev {self._near}", f"ip link set {self._near} up",
            f"ip -n {self.name} address add {self.THERE}/30 dev {far}", f"ip -n {self.name} link set {far} up",
            f"ip -n {self.name} link set lo up",
        ):
            subprocess.run(command.split(), check=True)
        socket_folder = parse_qs(urlsplit(database).query)["host"][0]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        opened = asyncio.start_server(self._pass(f"{socket_folder}/.s.PGSQL.5432"), self.HERE, 0)
        self._server = asyncio.run_coroutine_threadsafe(opened, self._loop).result(10)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"postgresql://postgres:@{self.HERE}:{port}{urlsplit(database).path}"

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.1)  # connections are closed a turn later

    def _pass(self, path: str):
        """Hands every connection on to the socket of the database, which speaks no TCP."""

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.CancelledError):
                theirs, ours = await asyncio.open_unix_connection(path)
                await asyncio.gather(_pump(reader, ours), _pump(theirs, writer))

        return one

    def cut(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        subprocess.run(["ip", "link", "set", self._near, "down"], check=True)

    def mend(self) -> None:
        subprocess.run(["ip", "link", "set", self._near, "up"], check=True)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        subprocess.run(["ip", "link", "del", self._near], check=False)
        subprocess.run(["ip", "netns", "del", self.name], check=False)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # the other side is gone
    finally:
        writer.transport.abort()


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    made = postgres.Server()
    yield made
    made.stop()


@pytest.fixture
def link(server: postgres.Server) -> Iterator[Link]:
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("NOT RUN: a network of its own needs root and `ip`")
    made = Link(server.url)
    yield made
    made.close()


#: Begins a conversation with the registry, and says how long the rest of it took.
_TALK = """
import sys, time
import sqlalchemy as sa
from affiche.errors import RegistryUnavailable
from affiche.registry.open import open_registry
with open_registry(sys.argv[1], None).read() as connection:
    connection.execute(sa.text("SELECT 1"))
    print("ready", flush=True)
    began = time.monotonic()
    if sys.argv[2] == "silent before the question":
        sys.stdin.readline()
    try:
        connection.execute(sa.text("SELECT pg_sleep(3)"))
        print("answered")
    except sa.exc.OperationalError:
        print(round(time.monotonic() - began))
"""


@pytest.mark.parametrize("when", ["silent before the question", "silent before the answer"])
def test_nobody_waits_for_ever_for_a_host_that_fell_silent(link: Link, when: str) -> None:
    command = ["ip", "netns", "exec", link.name, sys.executable, "-c", _TALK, link.url, when]
    talk = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with talk:
        assert talk.stdout
        assert talk.stdout.readline() == "ready\n"
        time.sleep(1)
        link.cut()
        out, err = talk.communicate("now\n", timeout=90)
    assert out.strip().isdecimal(), out + err
    assert 10 <= int(out) <= 60


_HOLD = """
import sys
import sqlalchemy as sa
from affiche.registry.open import open_registry
with open_registry(sys.argv[1], None).write() as connection:
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(4711)"))
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_host_that_fell_silent_does_not_keep_its_locks(server: postgres.Server, link: Link) -> None:
    command = ["ip", "netns", "exec", link.name, sys.executable, "-c", _HOLD, link.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        link.cut()
        with psycopg.connect(server.url) as db:
            db.execute("SET lock_timeout = '60s'")
            began = time.monotonic()
            db.execute("SELECT pg_advisory_xact_lock(4711)")
        assert 10 <= time.monotonic() - began <= 60
        holder.kill()


def test_a_worker_that_is_cut_off_is_replaced_and_comes_back(server: postgres.Server, link: Link, tmp_path: Path) -> None:
    service = Service(tmp_path / "home", server.url)
    try:
        cut_off = service.work(within=["ip", "netns", "exec", link.name], AFFICHE_DATABASE_URL=link.url)
        other = service.work()
        runs = {service.submit(f"large-{n}", products=7, locales=["en-US", "de-DE"], placements=SIZES): 42 for n in range(3)}
        runs |= {service.submit(f"small-{n}", locales=["en-US", "de-DE"]): 2 for n in range(6)}
        Service.until(lambda: any(work for work in service.held_by(cut_off.pid)), PATIENCE_S)
        link.cut()
        held, began = service.held_by(cut_off.pid), time.monotonic()
        assert service.wait(list(runs), PATIENCE_S) == dict.fromkeys(runs, "needs-review"), "while it is cut off"
        took = time.monotonic() - began
        # Longer than the time after which its own connections give up, so that it meets both: silence, and an end.
        time.sleep(max(0.0, 30 - took))
        assert cut_off.poll() is None, service.logs()
        link.mend()
        other.terminate()
        other.wait(60)
        late = {service.submit(f"late-{n}", locales=["en-US", "de-DE"]): 2 for n in range(3)}
        assert service.wait(list(late), PATIENCE_S) == dict.fromkeys(late, "needs-review"), "it works again, alone"
        for run, count in (runs | late).items():
            events_in_order(service, run, "needs-review")
            whole(service, run, count)
        assert held, "it had something in hand when the link was cut"
    finally:
        service.stop()
