"""`kill -9` at random moments: no half-written file is ever visible, and at the end everything is as if nothing had happened.

AFFICHE_TEST_KILLS sets the number of rounds (10 in the usual run, 200 in the soak).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from affiche.values.digest import digest_bytes
from tests.flow.kit_build import tree, write_campaign

ROUNDS = int(os.environ.get("AFFICHE_TEST_KILLS", "10"))
_MAIN = "import sys; from affiche.cli.main import main; main()"
PLACES = ["300x250", "320x50", "728x90", "160x600"]


def start(brief: Path, home: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "AFFICHE_HOME": str(home), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", _MAIN, "build", str(brief), "--out", str(out), "--json", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True)


def finished(brief: Path, home: Path, out: Path) -> dict[str, object]:
    process = start(brief, home, out)
    told, errors = process.communicate(timeout=300)
    assert process.returncode in (0, 3), errors.decode()
    return json.loads(told)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, float]]:
    """The brief, the tree of a build that nobody disturbed, and how long it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    brief = write_campaign(folder / "campaign", placements=PLACES)
    started = time.monotonic()
    finished(brief, folder / "home", folder / "out")
    yield brief, folder / "out", time.monotonic() - started


def whole(out: Path) -> None:
    """Every visible file is whole: pictures decode to the end, pages end as pages do, what the manifest names is there."""
    for path in out.rglob("*"):
        if not path.is_file() or ".affiche" in path.parts:
            continue
        if path.suffix in (".jpg", ".png"):
            with Image.open(path) as image:
                image.load()
        elif path.suffix == ".html":
            assert path.read_text().rstrip().endswith("</html>"), path
        elif path.name == "manifest.json":
            for creative in json.loads(path.read_text())["creatives"]:
                for file in creative["files"]:
                    assert digest_bytes((path.parent / file["path"]).read_bytes()) == file["sha256"]


def rounds(undisturbed: tuple[Path, Path, float], folder: Path, count: int) -> None:
    brief, expected, seconds = undisturbed
    chance = random.Random(20260504)
    home, out = folder / "home", folder / "out"
    for number in range(count):
        if number % 7 == 6:
            # From the start again, so that early moments are met as often as late ones.
            shutil.rmtree(home, ignore_errors=True)
            shutil.rmtree(out, ignore_errors=True)
        process = start(brief, home, out)
        try:
            process.wait(timeout=chance.uniform(0.1, seconds))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL) if number % 2 else process.send_signal(signal.SIGKILL)
        process.communicate()
        whole(out)
    told = finished(brief, home, out)
    assert tree(out) == tree(expected)
    assert not list(out.rglob(".affiche"))
    assert len(told["creatives"]) == 24  # type: ignore[arg-type]
    again = finished(brief, home, out)
    assert again["steps"] == {"ran": 0, "reused": 50}


@pytest.mark.slow
def test_killed_builds_leave_whole_files_and_continue(undisturbed: tuple[Path, Path, float], tmp_path: Path) -> None:
    rounds(undisturbed, tmp_path, ROUNDS)


@pytest.mark.soak
def test_killed_builds_for_long(undisturbed: tuple[Path, Path, float], tmp_path: Path) -> None:
    rounds(undisturbed, tmp_path, max(200, ROUNDS))


@pytest.mark.slow
def test_a_second_build_waits_for_the_first(undisturbed: tuple[Path, Path, float], tmp_path: Path) -> None:
    brief, expected, _ = undisturbed
    first = start(brief, tmp_path / "home", tmp_path / "out")
    second = start(brief, tmp_path / "home", tmp_path / "out")
    for process in (first, second):
        told, errors = process.communicate(timeout=300)
        busy = b"another build is writing" in errors and b"AFFICHE_HOME" in errors
        assert process.returncode in (0, 3) or (process.returncode == 1 and busy), errors.decode()
    assert first.returncode in (0, 3) or second.returncode in (0, 3)
    assert tree(tmp_path / "out") == tree(expected)
