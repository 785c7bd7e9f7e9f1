"""What every test stands on: no network, a state folder of its own, no unexpected log, a clock that stands still.

Warnings are errors by pyproject.toml. Tiers are folders (unit, golden, contract, flow, acceptance); the long loops
carry a marker (soak, browser). Fixtures that only one tier needs live in that tier's own conftest.
"""

from __future__ import annotations

import difflib
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
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


# ---------------------------------------------------------------------------------------------------------- goldens


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="append", default=[], metavar="NAME", help="accept the golden of this exact name")


class Golden:
    """Compares with what was accepted. A missing or different golden fails and saves the candidate beside it.

    `./run golden --update NAME` accepts one by its exact name (`stage/ja-JP.txt`); look at it first.
    """

    PNG_MAX_BYTES = 20_480

    def __init__(self, folder: Path, accepted: list[str]) -> None:
        self.folder, self.accepted = folder, accepted

    def text(self, name: str, text: str) -> None:
        """`text` equals the golden; otherwise the unified diff is shown."""
        known = self._known(name, text.encode())
        if known is not None and known.decode() != text:
            self._candidate(name, text.encode())
            diff = difflib.unified_diff(known.decode().splitlines(), text.splitlines(), "golden", "now", lineterm="")
            pytest.fail("\n".join([f"{name} changed; see {self.folder / 'candidates'}", *list(diff)[:80]]), pytrace=False)

    def png(self, name: str, pixels: np.ndarray, *, tolerance: int = 0) -> None:
        """RGBA `pixels` equal the golden within `tolerance` per channel (0..255)."""
        import cv2

        data = bytes(cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 9])[1])
        assert len(data) <= self.PNG_MAX_BYTES, f"{name} has {len(data)} bytes: make the golden smaller"
        known = self._known(name, data)
        if known is None:
            return
        before = cv2.cvtColor(cv2.imdecode(np.frombuffer(known, np.uint8), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
        same_size = before.shape == pixels.shape
        off = int(np.abs(before.astype(int) - pixels.astype(int)).max()) if same_size else 255
        if off > tolerance:
            self._candidate(name, data)
            size = "" if same_size else f" size {before.shape[1::-1]} became {pixels.shape[1::-1]},"
            pytest.fail(f"{name} changed:{size} largest difference {off} (allowed {tolerance})", pytrace=False)

    def like(self, name: str, pixels: np.ndarray, *, most: float) -> None:
        """RGB `pixels` look like the golden: no spot of 5 x 5 pixels differs by more than `most` (0..255) in its mean.

        What other hinting or another subpixel does to letters averages out within a spot; what is gone, moved or recoloured does not.
        """
        import cv2

        data = bytes(cv2.imencode(".png", pixels[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])[1])
        assert len(data) <= 2 * self.PNG_MAX_BYTES, f"{name} has {len(data)} bytes: make the golden smaller"
        known = self._known(name, data)
        if known is None:
            return
        before = cv2.imdecode(np.frombuffer(known, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
        off = 255.0
        if before.shape == pixels.shape:
            off = float(np.abs(cv2.blur(before.astype(np.float32) - pixels.astype(np.float32), (5, 5))).max())
        if off > most:
            self._candidate(name, data)
            where = self.folder / "candidates" / name
            pytest.fail(f"{name} looks otherwise: a spot differs by {off:.0f} (allowed {most:.0f}); see {where}", pytrace=False)

    def _known(self, name: str, now: bytes) -> bytes | None:
        path = self.folder / name
        if name in self.accepted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(now)
            return None
        if not path.is_file():
            pytest.fail(f"there is no golden {name}; the candidate is {self._candidate(name, now)}", pytrace=False)
        return path.read_bytes()

    def _candidate(self, name: str, now: bytes) -> Path:
        path = self.folder / "candidates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(now)
        return path


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Goldens of the test's own folder."""
    return Golden(request.path.parent, request.config.getoption("--update"))
