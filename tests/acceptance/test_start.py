"""What a command may load: an unchanged build and a plan must not pay for drawing, and --version for nothing at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.kit_build import write_campaign

HEAVY = ("skia", "cv2", "pyvips", "PIL", "numpy", "icu4py", "jinja2", "simplejpeg", "resvg_py", "babel", "openpyxl", "pydantic_ai",
         "httpx2", "affiche.authoring", "affiche.write.catalog")
_RUN = f"""
import sys
from affiche.cli.main import run
code = run(sys.argv[1:])
print("loaded:", *[name for name in {HEAVY!r} if name in sys.modules])
sys.exit(code)
"""


def run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "AFFICHE_HOME": str(folder / "home"), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", _RUN, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, timeout=300)
    assert done.returncode in (0, 3), done.stderr
    return done.stdout.rpartition("loaded:")[2].strip()


@pytest.mark.slow
def test_an_unchanged_build_and_a_plan_load_nothing_that_draws(tmp_path: Path) -> None:
    brief = write_campaign(tmp_path / "campaign", placements=["320x50"])
    run(tmp_path, "build", str(brief), "--json")
    assert run(tmp_path, "build", str(brief), "--json") == ""
    assert run(tmp_path, "plan", "--no-fit", str(brief)) == ""


def test_the_version_loads_no_command_line_at_all() -> None:
    code = "import sys; sys.argv = ['affiche', '--version']\nfrom affiche.cli.main import main\nmain()\nprint('typer' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True).stdout
    assert told.startswith("affiche ") and told.endswith("False\n")
