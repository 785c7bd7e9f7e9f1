"""A paid question about words and `kill -9`: whenever the process dies, nothing is asked, or paid, a second time by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.contract.kit_writers import Double, Reply, Seen, serving
from tests.flow.kit_words import BRIEF, campaign, knowing, material

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def draft(home: Path, double: Double, brief: Path) -> subprocess.Popen[bytes]:
    settings = {"AFFICHE_HOME": str(home / "home"), "AFFICHE_WRITER": "compatible:m", "AFFICHE_WRITER_URL": f"{double.url}/v1"}
    command = [sys.executable, "-c", "from affiche.cli.main import main; main()", "words", "draft", str(brief)]
    return subprocess.Popen(command, env={**os.environ, **settings}, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def asked(double: Double) -> Counter[str]:
    """How often each locale was asked for."""
    return Counter(material(seen)["target_locale"] for seen in double.seen)


def test_killed_while_an_answer_is_under_way(tmp_path: Path) -> None:
    def slow_french(seen: Seen) -> Reply:
        if material(seen)["target_locale"] == "fr-FR":
            time.sleep(3)
        return knowing(seen)

    brief = campaign(tmp_path, BRIEF)
    with serving(slow_french) as double:
        first = draft(tmp_path, double, brief)
        deadline = time.monotonic() + 60
        while len(double.seen) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.7)  # the German answer is there and recorded, the French one is not
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert asked(double) == {"de-DE": 1, "fr-FR": 1}
        double.say(knowing)
        second = draft(tmp_path, double, brief)
        told = second.communicate(timeout=120)[0].decode()
        assert second.returncode == 0, told
        assert asked(double) == {"de-DE": 1, "fr-FR": 1}, "something was asked again by itself"
        assert "fr-FR" in told and "may have been billed" in told
