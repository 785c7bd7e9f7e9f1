"""The portal as people meet it: `affiche serve --local` in a home of its own, and the system's Chromium to look at it.

A browser that cannot start is an error, never a skip: `./run browser` installs what is missing or says what to install.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx2 as httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RESTED = frozenset({"needs-review", "partial", "failed", "cancelled", "approved", "delivered"})
_START_S = 120.0
#: How long anything in a page may take, ms: the machine may be busy with other things.
_PATIENCE_MS = 60_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb")

BRIEF = """\
affiche: 1
campaign: summer-yuzu
name: Summer Yuzu
brand: {name: Aurora, colors: ["#0B3D2E", "#F4C430"]}
message: {locale: en-US, headline: Wake up the afternoon, body: Sparkling yuzu. Nothing added., cta: Find a can}
markets: [{region: US, locales: [en-US]}, {region: DE, locales: [de-DE]}, {region: SA, locales: [ar-SA]}]
products: [{id: yuzu, name: Sparkling Yuzu}]
placements: [instagram-square, iab-medium-rectangle]
copy:
  de-DE: {headline: Weckt den Nachmittag, body: Sprudelnder Yuzu. Sonst nichts.}
  ar-SA: {headline: أيقظ بعد الظهر, body: يوزو فوار. لا شيء مضاف.}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A server that runs: where it is, where its state lies, and its API."""

    url: str
    home: Path
    http: httpx.Client

    def campaign(self, brief: str = BRIEF, *, build: bool = True, brand: str = "") -> str:
        """The id of a new campaign, built when wanted; `brand` by its id or short name."""
        answer = self.http.post(
            "/v1/campaigns",
            params={"run": str(build).lower(), **({"brand": brand} if brand else {})},
            content=brief.encode(),
            headers={"Content-Type": "application/yaml"},
        )
        assert answer.status_code < 300, answer.text
        id: str = answer.json()["campaign"]["id"]
        if build:
            self.built(id)
        return id

    def built(self, campaign: str, *, timeout_s: float = 120) -> str:
        """The state in which the newest run of a campaign rests."""
        until = time.monotonic() + timeout_s
        state = ""
        while time.monotonic() < until:
            run = self.http.get(f"/v1/campaigns/{campaign}").json()["run"]
            state = self.http.get(f"/v1/runs/{run}").json()["state"] if run else ""
            if state in RESTED:
                return state
            time.sleep(0.15)
        raise AssertionError(f"the run is still {state!r}")

    def creatives(self, campaign: str) -> list[dict[str, Any]]:
        """The newest creatives of a campaign."""
        items: list[dict[str, Any]] = self.http.get("/v1/creatives", params={"campaign": campaign}).json()["items"]
        return items


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def portal(home: Path, *options: str, port: int = 0, more: Mapping[str, str] | None = None) -> Iterator[Portal]:
    """`affiche serve` as its own process, until the block ends. `options`: `--local` unless others are given."""
    home.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    command = [str(Path(sys.executable).parent / "affiche"), "serve", "--port", str(chosen), *(options or ("--local",))]
    environment = {**os.environ, "AFFICHE_HOME": str(home), "AFFICHE_JOBS": "2", **(more or {})}
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{chosen}"
    try:
        with httpx.Client(base_url=url, timeout=60) as http:
            _wait(http, process, home / "serve.log")
            yield Portal(url=url, home=home, http=http)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(http: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended: {log.read_text()[-800:]}"
        with suppress(httpx.TransportError):
            if http.get("/healthz").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer after {_START_S:.0f} s: {log.read_text()[-800:]}")


def chromium() -> str:
    """Where the system's browser is. Raises AssertionError: what must be installed."""
    given = os.environ.get("AFFICHE_TEST_BROWSER")
    found = given or next((path for name in CANDIDATES if (path := shutil.which(name))), None)
    assert found, f"no browser: none of {', '.join(CANDIDATES)} is here; ./run browser installs it, or: apt-get install chromium"
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield running
        finally:
            running.close()


@dataclass(slots=True, kw_only=True)
class Visit:
    """A page that is looked at, and what went wrong in it: errors of scripts, refusals of the policy, failed requests."""

    page: Page
    context: BrowserContext
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """The page at `path`, loaded, its fonts too."""
        self.page.goto(path, wait_until="load")
        self.page.evaluate("document.fonts.ready")
        return self.page


def _gave_way(said: str) -> bool:
    """A request that gave way to a newer one is no error; one that failed is told as `htmx:sendError`, too."""
    return said.startswith(("htmx:afterRequest", "htmx:sendAbort"))


@contextmanager
def visit(
    running: Browser,
    base: str,
    *,
    language: str = "en",
    theme: str = "light",
    phone: bool = False,
    scripts: bool = True,
) -> Iterator[Visit]:
    """A visitor of their own: language, theme, and the size of what they hold."""
    context = running.new_context(
        base_url=base,
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        is_mobile=phone,
        java_script_enabled=scripts,
        reduced_motion="reduce",
        locale="en-US",
        timezone_id="UTC",
        service_workers="block",
    )
    host = base.rpartition("/")[2].partition(":")[0]
    context.add_cookies(
        [
            {"name": name, "value": value, "domain": host, "path": "/"}
            for name, value in (("affiche-language", language), ("affiche-theme", theme))
        ]
    )
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    seen = Visit(page=page, context=context)
    page.on("pageerror", lambda error: seen.errors.append(f"script: {error}"))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" and not _gave_way(said.text) else None)
    try:
        yield seen
    finally:
        context.close()


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def unfit(page: Page) -> list[str]:
    """What axe-core finds that is serious or critical, WCAG 2.2 A and AA: `rule: target: what`."""
    page.evaluate(_axe())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", tags)
    return [
        f"{rule['id']}: {json.dumps(node['target'])}: {' '.join(node['failureSummary'].split())[:240]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def settle(page: Page) -> None:
    """Waits until the parts that a page asks for after it came are there: what is not drawn yet cannot be looked at."""
    page.wait_for_timeout(300)  # live parts ask a moment after the page came
    expect(page.locator(".htmx-request, .skeleton")).to_have_count(0, timeout=_PATIENCE_MS)


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window: 0 unless somebody must scroll sideways."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"))
