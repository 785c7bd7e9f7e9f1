"""The same frame is the same pixels in every process: keys and ledger stand on it."""

import hashlib
import subprocess
import sys

import pytest

from tests.unit.paint.test_shadow import can, drawn, table
from tests.unit.paint.test_studio import plain, tinted


def everything() -> str:
    parts = [
        drawn("contact", can()), drawn("cast", table(), angle_deg=40, length=0.6), drawn("reflection", can(), length=0.4),
        tinted(plain(0.9), "#0F5C4E"),
    ]  # fmt: skip
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


@pytest.mark.slow
def test_two_fresh_processes_paint_the_same_pixels():
    code = "import sys; sys.path[:0] = ['src', '.']; from tests.unit.paint.test_same_bytes import everything; print(everything())"
    first, second = (subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first == second and first.strip() == everything()
