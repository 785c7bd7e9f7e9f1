"""What every test stands on: no network, a state folder of its own, no unexpected log, a clock that stands still.

Warnings are errors by pyproject.toml. Tiers are folders (unit, golden, contract, flow, acceptance); the long loops
carry a marker (soak, browser). Fixtures that only one tier needs live in that tier's own conftest.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"

settings.register_profile("affiche", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("affiche")

_connect = socket.socket.connect


def _refuse(self: socket.socket, address: Any) -> None:
    local = self.family == socket.AF_UNIX or (isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1", "localhost"})
    if not local:
        raise AssertionError(f"a test tried to reach {address!r}: the network is off in tests")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    socket.socket.connect = _refuse  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """State never lands in the user's home: one folder per worker unless a test sets its own."""
    home = tmp_path_factory.getbasetemp() / "affiche-home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("AFFICHE_HOME", str(home))


@pytest.fixture(autouse=True)
def _quiet_logs(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning that nobody expected is a failure; a test that expects one reads `caplog` itself."""
    yield
    if "caplog" in request.fixturenames and request.node.get_closest_marker("logs"):
        return
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING and r.name.startswith("affiche")]
    assert not loud, f"unexpected log: {[r.getMessage() for r in loud]}"


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of foreign briefs; a test that needs it says loudly when it is absent."""
    if not CORPUS.is_dir():
        pytest.skip(f"NOT RUN: the corpus of foreign briefs is not at {CORPUS}: clone it beside the checkout")
    return CORPUS
