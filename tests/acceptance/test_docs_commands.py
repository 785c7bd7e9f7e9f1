"""Every command that the docs show is run, page by page, in a folder of its own.

Lines of ```sh blocks that begin with `affiche ` run in the order of the page; a line may end with `# exits N` when the
page shows something that goes wrong on purpose.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
AFFICHE = (sys.executable, "-c", "from affiche.cli.main import main; main()")


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("affiche ")]


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.name)
def test_the_commands_of_a_page_work(page: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "AFFICHE_HOME": str(tmp_path / "home")}
    (tmp_path / "work").mkdir()
    for line in commands(page):
        expected = re.search(r"# exits (\d)", line)
        words = shlex.split(line, comments=True)[1:]
        done = subprocess.run([*AFFICHE, *words], cwd=tmp_path / "work", env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == int(expected[1] if expected else 0), f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def test_every_command_is_shown_somewhere() -> None:
    from affiche.cli.main import COMMANDS

    shown = {line.split()[1] for page in PAGES for line in commands(page)}
    named = " ".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert {"new", "plan", "build", "read", "doctor"} <= shown
    assert not [name for name in COMMANDS if f"affiche {name}" not in named]
