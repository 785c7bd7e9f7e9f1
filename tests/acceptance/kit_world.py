"""What stands around the workers of the fault test: an API, somebody who listens, a provider, a clock, a disk. All of it can fail."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import cv2
import httpx2 as httpx
import numpy as np
import pytest

from tests.contract.kit_imagers import GATEWAY, GATEWAY_OFFERS
from tests.doubles.others import Gateway
from tests.doubles.server import Fault, Server

_MAIN = "import sys; from affiche.cli.main import main; main()"


class Api:
    """`affiche serve --no-work` as a process of its own, always at the same address. Whoever orders tries again until it is answered."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url, self._home, self._environment = f"http://127.0.0.1:{self.port}", home, dict(environment)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with (self._home / "api.log").open("a") as log:
            command = [sys.executable, "-c", _MAIN, "serve", "--local", "--no-work", "--port", str(self.port)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment, start_new_session=True)

    def kill(self) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def post(self, path: str, body: bytes, *, key: str, patience_s: float) -> dict[str, Any]:
        """The answer to a request that is made until it is answered: with one key, it is done once however often it comes."""
        until = time.monotonic() + patience_s
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        while True:
            with suppress(httpx.TransportError):
                answer = httpx.post(self.url + path, content=body, headers=headers, timeout=30)
                if answer.is_success:
                    return answer.json()  # type: ignore[no-any-return]
                # 409: the one before, whose answer nobody heard, is still under way. 5xx: what it needs is away.
                assert answer.status_code == 409 or answer.status_code >= 500, answer.text
            assert time.monotonic() < until, "the API does not come back"
            time.sleep(0.1)


class Listener(threading.Thread):
    """Hears every event, over streams that break: it says which one was the last, and goes on from there."""

    def __init__(self, url: str) -> None:
        super().__init__(name="listener", daemon=True)
        self._url, self._last, self.breaks = url, "0", 0
        self.end = threading.Event()
        self.heard: list[tuple[int, str]] = []
        self.start()

    def run(self) -> None:
        while not self.end.is_set():
            with suppress(httpx.TransportError, httpx.HTTPStatusError):
                self._hear()
            self.breaks += 1
            self.end.wait(0.1)

    def _hear(self) -> None:
        with httpx.stream("GET", f"{self._url}/v1/events/stream", headers={"Last-Event-ID": self._last}, timeout=30) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    event = json.loads(line.removeprefix("data: "))
                    self.heard.append((event["seq"], event["kind"]))
                    self._last = str(event["seq"])
                if self.end.is_set():
                    return


class Provider:
    """A provider of pictures on a socket, with a bill for each picture. `away` makes it fail for a while."""

    #: How it is away: connections die before or after it has read (and done, and billed), it says that it cannot, or that it is full.
    WAYS: tuple[Fault, ...] = ("unread", "reset", "503", "500", "429")

    def __init__(self, folder: Path) -> None:
        self.double, self._fault = Gateway(), ""
        self.double.pending, self.double.draw = 0, _scene
        self.server = Server(respond=self.double.respond, fault=lambda _: self._fault)  # type: ignore[arg-type, return-value]
        self._running = self.server.threaded()
        self._running.__enter__()
        self.double.url = self.server.url
        (folder / "gateway.toml").write_text(GATEWAY)
        _, _, offer = GATEWAY_OFFERS.partition('[[offer]]\nprovider = "gateway"\n')
        table = f'[gateway]\nadapter = "generic"\nname = "Our gateway"\nbase_url = "{self.server.url}/"\ndescription = "gateway.toml"\nkey = "GATEWAY_KEY"\n'
        (folder / "providers.toml").write_text(f"{table}[[gateway.offer]]\n{offer}")
        self.environment = {
            "AFFICHE_PROVIDER_FILE": str(folder / "providers.toml"), "AFFICHE_PROVIDERS": "gateway", "GATEWAY_KEY": Gateway.key,
        }  # fmt: skip

    @contextmanager
    def away(self, way: Fault) -> Iterator[None]:
        self._fault = way
        try:
            yield
        finally:
            self._fault = ""

    def stop(self) -> None:
        self._running.__exit__(None, None, None)


def _scene(width: int, height: int, sent: str) -> bytes:
    """What passes as a picture of a product: stripes in the middle, calm on all sides, no letters; another one for each request."""
    chance = random.Random(sent)
    made = np.full((height, width, 3), [chance.randrange(90, 170) for _ in range(3)], np.uint8)
    top, left = height * 2 // 5, width * 2 // 5
    stripes = np.indices((height // 5, width // 5)).sum(axis=0)[..., None] % 40 * 5
    made[top : top + height // 5, left : left + width // 5] = stripes
    return bytes(cv2.imencode(".png", made)[1])


#: Moves the time of day of processes that load it, by the seconds that stand in a file; clocks that only measure go on as they
#: do in a machine whose clock is set.
_CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
static volatile long *by;
__attribute__((constructor)) static void begin(void) {
  int file = open(getenv("TEST_CLOCK"), O_RDONLY);
  void *at = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
  if (at != MAP_FAILED) by = at;
}
int clock_gettime(clockid_t id, struct timespec *out) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int failed = real(id, out);
  if (!failed && by && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) out->tv_sec += *by;
  return failed;
}
int gettimeofday(struct timeval *out, void *zone) {
  struct timespec now;
  int failed = clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return failed;
}
time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
"""
_DAY = 86_400


class Clock:
    """The time of day of processes that get `environment`, which can be set while they run. Needs a C compiler."""

    def __init__(self, folder: Path) -> None:
        self._file, source, library = folder / "clock", folder / "clock.c", folder / "clock.so"
        self._set(0)
        source.write_text(_CLOCK)
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self.environment = {"LD_PRELOAD": str(library), "TEST_CLOCK": str(self._file)}
        told = subprocess.run(
            [sys.executable, "-c", "import time; print(int(time.time()))"], env=self.environment | {"TEST_CLOCK": str(self._ahead(folder))},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert int(told.stdout) - time.time() == pytest.approx(_DAY, abs=600), "the clock of a process cannot be set here"

    @staticmethod
    def _ahead(folder: Path) -> Path:
        """A file that puts the clock a day ahead."""
        path = folder / "ahead"
        path.write_bytes(_DAY.to_bytes(8, sys.byteorder, signed=True))
        return path

    def _set(self, seconds: int) -> None:
        # Written in place: who has it mapped sees the same file.
        with self._file.open("r+b" if self._file.exists() else "wb") as out:
            out.write(seconds.to_bytes(8, sys.byteorder, signed=True))

    @contextmanager
    def wrong(self, days: float) -> Iterator[None]:
        """By so many days, back when they are below 0."""
        self._set(round(days * _DAY))
        try:
            yield
        finally:
            self._set(0)


def mounted(folder: Path, size: str) -> bool:
    """Lays an empty disk of its own over `folder`. False where this user may not."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    folder.mkdir(parents=True, exist_ok=True)
    return bool(libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={size}".encode()) == 0)


def unmounted(folder: Path) -> None:
    """Takes it away, also from under those who have something open there; what lay in `folder` before is there again."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    detach = 2
    assert libc.umount2(str(folder).encode(), detach) == 0, os.strerror(ctypes.get_errno())


@contextmanager
def full_disk(folder: Path) -> Iterator[bool]:
    """No byte fits into `folder` as long as this is open (ENOSPC). Gives False, and does nothing, where this user may not mount."""
    if not mounted(folder, "64k"):
        yield False
        return
    try:
        with suppress(OSError), (folder / "full").open("wb", buffering=0) as out:
            while out.write(b"x" * 4096):
                pass
        yield True
    finally:
        unmounted(folder)
