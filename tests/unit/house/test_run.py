"""The task list, the locks and the package description are what they promise to be."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest


def test_run_alone_lists_every_task_with_a_line(checkout: Path) -> None:
    shown = subprocess.run([checkout / "run"], capture_output=True, text=True, check=True, cwd="/").stdout
    tasks = re.findall(r"^task_(\w+)\(\)", (checkout / "run").read_text(), re.MULTILINE)
    assert {"demo", "test", "lint", "bench", "golden", "docs", "soak", "browser", "lock", "affiche", "clean"} <= set(tasks)
    for task in tasks:
        assert re.search(rf"^  {task} +\S.{{10,}}$", shown, re.MULTILINE), f"{task} has no line"


def test_an_unknown_task_is_refused(checkout: Path) -> None:
    done = subprocess.run([checkout / "run", "dmeo"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no task 'dmeo'" in done.stderr


def test_scripts_are_valid_bash(checkout: Path) -> None:
    for script in ("run", ".ci/run"):
        subprocess.run(["bash", "-n", checkout / script], check=True)


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_no_gpl_tool_is_in_our_environment(checkout: Path, lock: str) -> None:
    text = (checkout / "requirements" / lock).read_text()
    assert not re.search(r"^(translate-toolkit|bpy)\b", text, re.MULTILINE)


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_every_locked_package_has_a_version_and_hashes(checkout: Path, lock: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (checkout / "requirements" / lock).read_text().split("\n", 2)[2].strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9][\w.-]*(\[[\w,-]+\])?==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_locks_name_no_address(checkout: Path, lock: str) -> None:
    text = (checkout / "requirements" / lock).read_text()
    assert "://" not in text and "index-url" not in text and "find-links" not in text


def test_every_dependency_is_locked(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text())
    for lock, wanted in (("runtime.txt", project["project"]["dependencies"]),
                         ("dev.txt", project["project"]["dependencies"] + project["dependency-groups"]["dev"])):
        locked = {re.split(r"[=\[]", row)[0] for row in re.findall(r"^\S+==", (checkout / "requirements" / lock).read_text(), re.MULTILINE)}
        names = {re.split(r"[><=\[ ]", row)[0] for row in wanted}
        assert names <= locked, f"{lock}: run './run lock' ({names - locked})"
