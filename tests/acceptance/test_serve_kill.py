"""`affiche serve` on a laptop and `kill -9`: at the next start it goes on with what it was at, within seconds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

#: 96 creatives: two products, four locales, twelve placements. Done in parts, so that it takes a while.
BRIEF = """
affiche: 1
campaign: long
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, body: Sparkling yuzu. Nothing added., cta: Find a can}
markets: [{locales: [en-US, en-GB, en-CA, en-AU]}]
products: [{id: yuzu, name: Sparkling Yuzu}, {id: elder, name: Elderflower}]
ratios: ["300x250", "728x90", "160x600", "320x50", "300x600", "970x250", "320x100", "336x280", "468x60", "250x250", "200x200", "120x600"]
"""
#: What is called seconds: the machine may have other things to do.
SECONDS = 60


class Laptop:
    """The command in a process group of its own."""

    def __init__(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url, self._log = f"http://127.0.0.1:{port}/v1", (home / "serve.log").open("a")
        command = [sys.executable, "-c", "from affiche.cli.main import main; main()", "serve", "--local", "--port", str(port)]
        environment = {**os.environ, "AFFICHE_HOME": str(home), "AFFICHE_JOBS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment, start_new_session=True)
        self.until(lambda: self._answers(), 60)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/placements", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def row(self, run: str) -> dict[str, Any]:
        return httpx.get(f"{self.url}/runs/{run}", timeout=30).json()  # type: ignore[no-any-return]

    @staticmethod
    def until(true: Callable[[], bool], timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < end, "it took too long"
            time.sleep(0.05)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._log.close()


def made(home: Path) -> int:
    """Files that are stored."""
    return sum(1 for _ in (home / "blobs").glob("??/*"))


def test_a_run_that_was_cut_off_is_taken_up_at_the_next_start(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    try:
        answer = httpx.post(f"{laptop.url}/campaigns?run=true", content=BRIEF, headers={"content-type": "application/yaml"}, timeout=30)
        assert answer.status_code in (201, 202), answer.text
        run = answer.json()["run"]["id"]
        laptop.until(lambda: laptop.row(run)["state"] == "rendering", 60)
        laptop.until(lambda: made(tmp_path) > 4, 120)
        attempt = laptop.row(run)["attempt"]
        laptop.kill()
        before = made(tmp_path)

        laptop = Laptop(tmp_path)
        started = time.monotonic()
        laptop.until(lambda: made(tmp_path) > before, SECONDS)
        print(f"taken up after {time.monotonic() - started:.1f} s, {before} files were there")
        laptop.until(lambda: laptop.row(run)["state"] not in ("queued", "planning", "rendering", "checking"), 300)
        row = laptop.row(run)
        assert (row["state"], row["totals"]["creatives"]) == ("needs-review", 96), row
        assert row["attempt"] == attempt, "it continued, and was not begun anew"
    finally:
        laptop.kill()
