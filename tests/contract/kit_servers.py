"""Real servers for tests: S3 and SQS by moto, Azure blob by Azurite, each in a process of its own on a free port.

A server that cannot start is a failure, never a skip.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What moto takes for anybody's.
AWS_KEYS = {"access_key_id": "test", "secret_access_key": "test", "region": "us-east-1"}
#: The account that every Azurite has, from its documentation.
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
AZURITE_VERSION = "3.37.0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(command: list[str], port: int, log: Path, *, wait_s: float = 60.0) -> Iterator[None]:
    """Runs `command` until the end, once it listens on `port`."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + wait_s
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """S3 and SQS; gives the endpoint."""
    port = free_port()
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    with served(command, port, folder / "moto.log"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """Azure blob storage; gives the endpoint of its account. Fetched once into a cache folder (about 190 MB)."""
    port, cache = free_port(), Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "affiche-tests" / f"azurite-{AZURITE_VERSION}"
    program = cache / "node_modules" / ".bin" / "azurite-blob"
    if not program.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(cache), f"azurite@{AZURITE_VERSION}"], check=True, timeout=600)
    command = [str(program), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder / "azurite"), "--disableTelemetry", "--silent", "--skipApiVersionCheck"]
    with served(command, port, folder / "azurite.log"):
        yield f"http://127.0.0.1:{port}/{AZURITE_ACCOUNT}"
