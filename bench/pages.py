"""Pages of the portal with 2,000 creatives that wait for a decision, asked of a real `affiche serve` while it builds at full load.

Before anything is measured a campaign of 2,000 and eleven small ones are built through the API (`BENCH_PAGES_HOME` keeps them for
the next time). Then one of 12,000, with words that none had before, keeps a render process per core busy until the last page has
come; a build that ends before is an error. Last comes Insight of 90 days, with campaigns of each of these days (`past.py`). Pages are asked one after the other, round after round, over one connection; the first
round is warmth and does not count. CPU is that of the server's process: render processes are left out, what its worker thread does meanwhile is in it.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import psutil
import yaml

from bench import material
from bench.load import percentile, serving
from bench.measure import Row
from bench.past import past

BUDGET_MS = 200.0
#: Products x locales x placements: 2,000 creatives; products of the build meanwhile; small campaigns; rounds (`BENCH_PAGES_ROUNDS`).
PRODUCTS, LOCALES, BUSY, SMALL, ROUNDS = 10, 50, 60, 11, 30
PLACEMENTS = ("iab-medium-rectangle", "iab-half-page", "iab-leaderboard", "iab-mobile-banner")
#: What a build may take, s.
_BUILD_S = 1800
#: Pages of the row about looking at 2,000 that wait.
_REVIEW = ("review", "swipe", "after a decision", "wall", "wall by language", "wall by status", "wall searched", "48 more ads")


@dataclass(slots=True)
class Times:
    """Of one page: s of each request, CPU s of the server meanwhile, bytes of the answer."""

    taken: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0

    def p95_ms(self) -> float:
        """The 95th percentile."""
        return percentile(self.taken, 95) * 1000

    def told(self) -> str:
        """p50, p95 and CPU (ms), and how long the answer is."""
        p50, cpu = statistics.median(self.taken) * 1000, statistics.median(self.cpu) * 1000
        return f"p50 {p50:.0f} p95 {self.p95_ms():.0f} CPU {cpu:.0f} ms, {self.size / 1000:.0f} kB"


def review_row(_rounds: int) -> Row:
    """The slowest of the pages that show 2,000 creatives: review, swipe, wall."""
    return _row("pages-review", "review, swipe and wall of 2,000 that wait, slowest p95, building", _REVIEW)


def others_row(_rounds: int) -> Row:
    """The slowest of all other pages."""
    pages, _ = _measured()
    return _row("pages-others", "every other page of the portal, slowest p95, building", tuple(set(pages) - set(_REVIEW)))


def _row(name: str, what: str, named: tuple[str, ...]) -> Row:
    pages, built = _measured()
    ranked = sorted(named, key=lambda page: -pages[page].p95_ms())
    value = pages[ranked[0]].p95_ms()
    note = "; ".join(f"{page} {pages[page].p95_ms():.0f}" for page in ranked[:8])
    return Row(
        name=name, what=what, unit="ms", value=value, budget=BUDGET_MS, ok=value <= BUDGET_MS,
        note=f"p95 by page: {note}; {built} creatives drawn meanwhile",
    )  # fmt: skip


# -- what is asked --------------------------------------------------------------------------------------------------------


def addresses(campaign: str, creative: str, brand: str) -> dict[str, str]:
    """Name -> address of each page, those of the review first."""
    at = f"/campaigns/{campaign}"
    return {
        "review": f"/review?campaign={campaign}", "swipe": f"/review/swipe?campaign={campaign}", "wall": at,
        "wall by language": f"{at}?group=locale", "wall by status": f"{at}?group=status", "wall searched": f"{at}?q=yuzu+can-3",
        "48 more ads": f"{at}/wall?product=can-3&offset=48",
        "campaigns": "/", "review of all": "/review", "changes": f"{at}/changes", "packages": f"{at}/packages", "edit": f"{at}/brief",
        "ad": f"/creatives/{creative}", "brands": "/brands", "brand": f"/brands/{brand}", "library": "/library",
        "templates": "/templates", "template": "/templates/hero", "insight": "/insight", "activity": "/activity",
        "system": "/system", "providers": "/providers", "start": "/start",
    }  # fmt: skip


@cache
def _measured() -> tuple[dict[str, Times], int]:
    with _home() as home, _server(home) as (http, process):
        campaign = _there(http)
        busy, run = _ordered(http, brief("busy", int(time.time()), products=BUSY))
        try:
            found, drawn = _asked(http, process, campaign, busy)
            before = _drawn(http, busy)
            with past(home, _known(http, "small-1-")):
                found["insight of 90 days"] = _insight(http, process)
            return found, drawn + _drawn(http, busy) - before
        finally:
            http.post(f"/v1/runs/{run}/cancel")


def _asked(http: httpx2.Client, process: psutil.Process, campaign: str, busy: str) -> tuple[dict[str, Times], int]:
    creative = http.get("/v1/creatives", params={"campaign": campaign, "limit": 1}).json()["items"][0]["id"]
    pages = addresses(campaign, creative, _brand(http))
    found = {name: Times() for name in (*pages, "after a decision")}
    _drawing(http, busy)
    before = _drawn(http, busy)
    for round_number in range(_rounds() + 1):
        for name, address in pages.items():
            _timed(found[name], http, process, address, counts=round_number > 0)
        approval = _decided(http, pages["review"])
        _timed(found["after a decision"], http, process, pages["review"], counts=round_number > 0)
        http.post(f"/v1/approvals/{approval}/withdraw").raise_for_status()
    return found, _drawn(http, busy) - before


def _insight(http: httpx2.Client, process: psutil.Process) -> Times:
    """Insight while each of the last 90 days has campaigns; the first look, which reads what rules said, does not count."""
    times = Times()
    for round_number in range(_rounds() + 1):
        _timed(times, http, process, "/insight?days=90", counts=round_number > 0)
    return times


def _rounds() -> int:
    return int(os.environ.get("BENCH_PAGES_ROUNDS", ROUNDS))


def _timed(times: Times, http: httpx2.Client, process: psutil.Process, address: str, *, counts: bool) -> None:
    cpu, started = _cpu(process), time.perf_counter()
    answer = http.get(address)
    took = time.perf_counter() - started
    answer.raise_for_status()
    if counts:
        times.taken.append(took)
        times.cpu.append(_cpu(process) - cpu)
        times.size = len(answer.content)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _decided(http: httpx2.Client, review: str) -> str:
    """Approves the first creative of the review; the id of the decision."""
    page = http.get(review).raise_for_status().text
    first = re.search(r'name="creative" value="(cre_\w+)@', page)
    assert first, "nothing waits in the review"
    made = http.post("/v1/approvals", json={"creatives": [first[1]], "decision": "approved"}).raise_for_status().json()
    return str(made["items"][0]["id"])


# -- the service ----------------------------------------------------------------------------------------------------------


@contextmanager
def _home() -> Iterator[Path]:
    kept = os.environ.get("BENCH_PAGES_HOME")
    if kept:
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="affiche-pages-") as home:
        yield Path(home)


@contextmanager
def _server(home: Path) -> Iterator[tuple[httpx2.Client, psutil.Process]]:
    with (
        serving(home, AFFICHE_JOBS=str(os.cpu_count() or 2)) as (url, pid),
        httpx2.Client(base_url=url, timeout=120, follow_redirects=True) as http,
    ):
        yield http, psutil.Process(pid)


def _there(http: httpx2.Client) -> str:
    """The campaign of 2,000; it and small ones are built when they are not there."""
    for number in range(1, SMALL + 1):
        if not _known(http, f"small-{number}-"):
            _built(http, brief(f"small-{number}", number, products=1, locales=2))
    return _known(http, "waiting-") or _built(http, brief("waiting", 0))


def _known(http: httpx2.Client, slug: str) -> str:
    items = http.get("/v1/campaigns", params={"limit": 200}).json()["items"]
    return next((str(one["id"]) for one in items if one["slug"].startswith(slug) and one["state"] == "needs-review"), "")


def brief(name: str, edition: int, *, products: int = PRODUCTS, locales: int = LOCALES) -> dict[str, Any]:
    """A campaign, of 2,000 unless told otherwise: typographic ads with words of their own for each locale and edition."""
    tags = list(material.words())[:locales]
    # Words of the bench are long for banners: headline and button are enough, and the number makes them new.
    copy = {tag: {role: f"{material.words()[tag][role]}{_sign(edition)}" for role in ("headline", "cta")} for tag in tags}
    return {
        "affiche": 1, "campaign": f"{name}-{edition}", "name": f"{name} {edition}",
        "brand": {"name": "Aurora", "colors": ["#0B3D2E", "#F4C430"]},
        "message": {"locale": tags[0], **copy[tags[0]]}, "copy": {tag: copy[tag] for tag in tags[1:]},
        "markets": [{"region": tag[-2:], "locales": [tag]} for tag in tags],
        "products": [{"id": f"can-{n}", "name": f"Yuzu can {n}"} for n in range(products)], "placements": list(PLACEMENTS),
    }  # fmt: skip


def _sign(edition: int) -> str:
    return f" {edition % 10_000}" if edition else ""


def _ordered(http: httpx2.Client, wanted: dict[str, Any]) -> tuple[str, str]:
    """Ids of a new campaign and of its run."""
    document = yaml.safe_dump(wanted, allow_unicode=True).encode()
    answer = http.post("/v1/campaigns", content=document, headers={"Content-Type": "application/yaml"})
    answer.raise_for_status()
    return answer.json()["campaign"]["id"], answer.json()["run"]["id"]


def _built(http: httpx2.Client, wanted: dict[str, Any]) -> str:
    campaign, run = _ordered(http, wanted)
    until = time.monotonic() + _BUILD_S
    while time.monotonic() < until:
        state = http.get(f"/v1/runs/{run}").json()["state"]
        if state == "needs-review":
            return campaign
        if state in {"partial", "failed", "cancelled"}:
            break
        time.sleep(1)
    raise RuntimeError(f"the campaign of the bench is {state}")


def _brand(http: httpx2.Client) -> str:
    """The id of a brand; a small one is made when there is none."""
    have = http.get("/v1/brands").json()["items"]
    if have:
        return str(have[0]["id"])
    file = "brand: 1\nname: Aurora\ncolors: {primary: '#0B3D2E', accent: '#F4C430'}\n"
    made = http.post("/v1/brands?slug=aurora", content=file.encode(), headers={"Content-Type": "application/yaml"})
    return str(made.raise_for_status().json()["id"])


def _drawing(http: httpx2.Client, campaign: str) -> None:
    """Waits until a build draws."""
    until = time.monotonic() + 120
    while not _drawn(http, campaign):
        if time.monotonic() > until:
            raise RuntimeError("the build beside the pages does not begin")
        time.sleep(0.5)


def _drawn(http: httpx2.Client, campaign: str) -> int:
    """How many steps of a campaign's run are done."""
    run = http.get(f"/v1/campaigns/{campaign}").json()["run"]
    row = http.get(f"/v1/runs/{run}").json()
    if row["state"] in {"needs-review", "partial", "failed", "cancelled"}:
        raise RuntimeError("the build beside the pages ended before the last page")
    return int(row["progress"].get("done", 0))


if __name__ == "__main__":
    for named, times in sorted(_measured()[0].items(), key=lambda item: -item[1].p95_ms()):
        sys.stdout.write(f"{named:18} {times.told()}\n")
