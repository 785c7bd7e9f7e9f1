"""Commands leave numpy's algebra one thread, unless somebody says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import io, os, sys
from affiche.cli.main import run
said, sys.stdout = sys.stdout, io.StringIO()
assert run(["sets"]) == 0
import numpy
numpy.ones((256, 256)) @ numpy.ones((256, 256))
print(len(os.listdir("/proc/self/task")), file=said)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in Linux's way")
@pytest.mark.parametrize(("given", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, min(2, len(os.sched_getaffinity(0))))])
def test_numpy_starts_no_threads_in_a_command(given: dict[str, str], threads: int, tmp_path: Path) -> None:
    known = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment = {**known, "AFFICHE_HOME": str(tmp_path), **given}
    ended = subprocess.run([sys.executable, "-c", _SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == str(threads), ended.stderr
