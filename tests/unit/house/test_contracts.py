"""Import contracts of pyproject.toml hold, and break when an import goes up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports; import sys; sys.path.insert(0, 'src'); sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)


def test_the_contracts_hold(checkout: Path) -> None:
    done = lint_imports(checkout)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("values/money.py", "from affiche.brief import model", "Upper phases import lower ones"),
        ("brand/model.py", "from affiche.placement import model", "strangers"),
        ("adapters/blobs/__init__.py", "from affiche.compose import request", "Adapters see ports"),
    ],
)
def test_a_wrong_import_breaks_a_contract(checkout: Path, tmp_path: Path, file: str, line: str, contract: str) -> None:
    ignore = shutil.ignore_patterns("data", "__pycache__", "*.png", "sets")
    shutil.copytree(checkout / "src", tmp_path / "src", ignore=ignore)
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    wrong = tmp_path / "src" / "affiche" / file
    wrong.write_text(wrong.read_text() + f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout and contract in done.stdout
