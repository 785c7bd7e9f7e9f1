"""One trace from the request to the drawing, across processes, told to a real collector; and nothing at all without one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from affiche.settings import load
from tests.browser.kit_portal import free_port
from tests.flow.kit_collector import Collector, collector
from tests.flow.kit_service import BRIEF

pytestmark = pytest.mark.slow
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@contextmanager
def served(home: Path, environment: Mapping[str, str]) -> Iterator[tuple[httpx.Client, Path]]:
    """`affiche serve --local` as a process of its own, with its log."""
    home.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), home / "serve.log"
    command = [str(Path(sys.executable).with_name("affiche")), "serve", "--local", "--port", str(port)]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env={**os.environ, "AFFICHE_HOME": str(home), "AFFICHE_JOBS": "1", **environment}, stdout=out, stderr=out
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                try:
                    http.get("/healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield http, log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def built(http: httpx.Client, **headers: str) -> float:
    """Orders a campaign and waits for it; how long that took, s."""
    began = time.monotonic()
    made = http.post("/v1/campaigns", content=BRIEF, headers={"Content-Type": "application/yaml", **headers})
    assert made.status_code == 202, made.text
    run = made.json()["run"]["id"]
    while http.get(f"/v1/runs/{run}").json()["state"] != "needs-review":
        assert time.monotonic() - began < 60
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with collector() as at:
        with served(tmp_path_factory.mktemp("traced"), {"OTEL_EXPORTER_OTLP_ENDPOINT": at.url.removesuffix("/v1/traces")}) as (http, _):
            built(http, traceparent=f"00-{TRACE}-{PARENT}-01")
            at.named("publish")
        yield at


def test_request_run_and_drawing_are_one_trace(told: Collector) -> None:
    request = told.named("POST /v1/campaigns")[0]
    assert (request["trace"], request["parent"]) == (TRACE, PARENT)
    assert request["facts"]["http.response.status_code"] == 202 and request["facts"]["http.route"] == "/v1/campaigns"
    run = told.named("run")[0]
    assert (run["trace"], run["parent"]) == (TRACE, request["id"]) and run["facts"]["affiche.stage"] == "start"
    for name in ("plan", "draw", "publish"):
        span = told.named(name)[0]
        assert (span["trace"], span["parent"]) == (TRACE, run["id"]), name
        assert 0 < span["seconds"] <= run["seconds"]
    assert told.named("draw")[0]["facts"] == {"affiche.steps": 2, "affiche.reused": 0, "affiche.failed": 0}
    assert {span["service"] for span in told.spans.values()} == {"affiche"}


def test_spans_tell_nothing_that_people_wrote(told: Collector) -> None:
    everything = json.dumps(list(told.spans.values()))
    assert "summer-yuzu" not in everything and "Wake up" not in everything and "Aurora" not in everything
    assert "?" not in everything


def test_a_collector_that_is_gone_or_slow_holds_nothing_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, answers nothing
        for port in (9, silent.getsockname()[1]):
            said = (
                "import time, logging; from affiche import tracing; logging.basicConfig(level='INFO')\n"
                f"tracing.begin('http://127.0.0.1:{port}/v1/traces')\n"
                "began = time.monotonic()\n"
                "for number in range(5000):\n"
                "    with tracing.span('x', {'a': 1}): pass\n"
                "tracing.flush(); took = time.monotonic() - began; time.sleep(2); tracing.end(0.5)\n"
                "assert took < 2 and time.monotonic() - began < 6, took\n"
            )
            done = subprocess.run([sys.executable, "-c", said], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=20)
            assert done.returncode == 0, done.stderr
            assert done.stderr.count("\n") < 12, f"it fills the log: {done.stderr[:2000]}"


def test_without_a_collector_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    said = (
        "import sys; from affiche import tracing; from affiche.api.app import make_app\n"
        "tracing.begin('')\n"
        "with tracing.span('x', {'a': 1}) as told: told['b'] = 2\n"
        "tracing.Stretches().passed('y', {}); tracing.flush(); tracing.end()\n"
        "assert tracing.carried() == ''\n"
        "sys.exit([name for name in sys.modules if name.startswith('opentelemetry.sdk') or 'otlp' in name] or 0)"
    )
    assert subprocess.run([sys.executable, "-c", said], cwd=tmp_path, check=False).returncode == 0


def test_the_variables_of_opentelemetry_name_the_collector(tmp_path: Path) -> None:
    base, own = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, {"AFFICHE_TRACES": "http://d/v1/traces"}
    assert load(base, tmp_path).traces == "http://c:4318/v1/traces"
    assert load({**base, **own}, tmp_path).traces == "http://d/v1/traces"
    assert load({**base, "OTEL_SDK_DISABLED": "true"}, tmp_path).traces == load({}, tmp_path).traces == ""
