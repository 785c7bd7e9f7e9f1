"""Real servers for tests: S3 and SQS by moto, Azure blob by Azurite, official API descriptions by Prism.

Each in a process of its own on a free port. A server that cannot start is a failure, never a skip.
"""

from __future__ import annotations

import fcntl
import os
import shutil
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
#: The last one for Node 20.
PRISM_VERSION = "5.14.2"


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
    port, program = free_port(), from_npm("azurite", AZURITE_VERSION) / "azurite-blob"
    command = [str(program), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder / "azurite"), "--disableTelemetry", "--silent", "--skipApiVersionCheck"]
    with served(command, port, folder / "azurite.log"):
        yield f"http://127.0.0.1:{port}/{AZURITE_ACCOUNT}"


@contextmanager
def prism(folder: Path, description: Path, upstream: str) -> Iterator[str]:
    """What stands before `upstream` and lets requests and answers through as the OpenAPI `description` has them; gives its address.

    A request that is not described is answered with 422 (401 without keys) and goes no further, an answer that is not with 500.
    Bodies are read as text: what is binary arrives damaged. Fetched once into a cache folder (about 90 MB).
    """
    port, program = free_port(), from_npm("@stoplight/prism-cli", PRISM_VERSION) / "prism"
    command = [str(program), "proxy", "--errors", "--port", str(port), str(description), upstream]
    with served(command, port, folder / "prism.log"):
        yield f"http://127.0.0.1:{port}"


class Unfetched(Exception):
    """A package is neither in the cache nor to be had: no npm, no network."""


def from_npm(package: str, version: str) -> Path:
    """The folder with the programs of a package: fetched once, whole or not at all, however many ask for it at the same time.

    Raises Unfetched.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "affiche-tests"
    cache = home / f"{package.rpartition('/')[2]}-{version}"
    half = home / f"{cache.name}.half"
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"{cache.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not cache.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            _install(f"{package}@{version}", half)
            half.rename(cache)
    return cache / "node_modules" / ".bin"


def _install(package: str, into: Path) -> None:
    if shutil.which("npm") is None:
        raise Unfetched(f"{package}: npm is not here")
    # Few retries: without a network npm would try for minutes.
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    done = subprocess.run(
        ["npm", "install", "--loglevel=error", *options, "--prefix", str(into), package], capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise Unfetched(f"{package}: {' '.join(done.stderr.split())[:200]}")
