"""Requests to a real `affiche serve` process under an open load, while its worker renders: the 95th percentile of POST and GET.

The load is open: requests start on a timetable, whether or not earlier ones were answered, so that a slow service cannot slow its own
load down; a request's time counts from when it was due.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx2

from bench.measure import Row

#: Requests a second, connections, and how long, s.
POSTS, GETS, CONNECTIONS, SECONDS = 20, 100, 50, 20
BUDGET_POST_MS, BUDGET_GET_MS = 200.0, 100.0
BRIEF = """\
affiche: 1
campaign: load-{number}
brand: {{name: Aurora, colors: ["#0B3D2E", "#F4C430"]}}
message: {{locale: en-US, headline: Wake up afternoon {number}, body: Sparkling yuzu. Nothing added., cta: Find a can}}
markets: [{{region: US, locales: [en-US]}}]
products: [{{id: yuzu, name: Sparkling Yuzu}}, {{id: elder, name: Elderflower}}]
ratios: ["1:1", "9:16", "16:9"]
"""


def post_row(_rounds: int) -> Row:
    """95th percentile of POST /v1/campaigns."""
    posts, _, note = _measured()
    return latency("api-post", "POST of a brief, p95, worker rendering", posts, BUDGET_POST_MS, note)


def get_row(_rounds: int) -> Row:
    """95th percentile of reading campaigns and runs."""
    _, gets, note = _measured()
    return latency("api-get", "GET of campaigns and runs, p95, worker rendering", gets, BUDGET_GET_MS, note)


def latency(name: str, what: str, times: list[float], budget: float, note: str) -> Row:
    """The row of a 95th percentile; `times` in s, `budget` in ms."""
    value = percentile(times, 95) * 1000
    return Row(name=name, what=what, unit="ms", value=value, budget=budget, ok=value <= budget, note=note)


def percentile(times: list[float], share: int) -> float:
    """The value that `share` percent do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


@cache
def _measured() -> tuple[list[float], list[float], str]:
    with tempfile.TemporaryDirectory(prefix="affiche-load-") as home, serving(Path(home)) as (url, _):
        return asyncio.run(under_load(url))


@contextmanager
def serving(home: Path, *flags: str, **settings: str) -> Iterator[tuple[str, int]]:
    """Address and process id of an `affiche serve` on `home`, with these flags and variables of its environment; ended with the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "AFFICHE_HOME": str(home), **settings}
    command = [str(Path(sys.executable).with_name("affiche")), "serve", "--local", "--port", str(port), *flags]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        asyncio.run(up(url))
        yield url, server.pid
    finally:
        end(server)


def end(process: subprocess.Popen[bytes]) -> None:
    """Asks a process to stop, and stops it after a minute."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def under_load(url: str) -> tuple[list[float], list[float], str]:
    """Seconds that each POST and each GET took, and what was done meanwhile; `url` is that of a service."""
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx2.AsyncClient(base_url=url, limits=limits, timeout=30) as http:
        seen = ["/v1/campaigns?limit=50"]
        await _post(http, 0, seen)
        posts: list[float] = []
        gets: list[float] = []
        tasks = [
            *(asyncio.create_task(_due(n / POSTS, posts, _post(http, n + 1, seen))) for n in range(POSTS * SECONDS)),
            *(asyncio.create_task(_due(n / GETS, gets, _get(http, n, seen))) for n in range(GETS * SECONDS)),
        ]
        await asyncio.gather(*tasks)
        done = (await http.get("/v1/campaigns?state=needs-review&limit=200")).json()["items"]
        return posts, gets, f"{POSTS}+{GETS}/s for {SECONDS} s; {len(done)} campaigns built meanwhile"


async def _due(after: float, times: list[float], request: object) -> None:
    started = asyncio.get_running_loop().time()
    await asyncio.sleep(after)
    await request  # type: ignore[misc]
    times.append(asyncio.get_running_loop().time() - started - after)


async def up(url: str) -> None:
    """Waits until a service answers. Raises RuntimeError after half a minute."""
    async with httpx2.AsyncClient(base_url=url, timeout=30) as http:
        for _ in range(150):
            try:
                if (await http.get("/healthz")).is_success:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.2)
    raise RuntimeError("the service did not start")


async def _post(http: httpx2.AsyncClient, number: int, seen: list[str]) -> None:
    headers = {"Content-Type": "application/yaml"}
    answer = await http.post("/v1/campaigns", content=BRIEF.format(number=number), headers=headers)
    answer.raise_for_status()
    seen.append(answer.json()["status_url"])


async def _get(http: httpx2.AsyncClient, number: int, seen: list[str]) -> None:
    (await http.get(seen[number % len(seen)])).raise_for_status()


if __name__ == "__main__":
    began = time.monotonic()
    found_posts, found_gets, told = _measured()
    for label, found in (("POST", found_posts), ("GET", found_gets)):
        shares = ", ".join(f"p{share} {percentile(found, share) * 1000:.1f} ms" for share in (50, 95, 99))
        sys.stdout.write(f"{label}: {len(found)} requests, {shares}\n")
    sys.stdout.write(f"{told}; {time.monotonic() - began:.0f} s in all\n")
