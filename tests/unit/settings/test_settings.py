"""Settings come from the environment, a file and defaults, in that order; nothing unknown is ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from affiche.errors import UsageError
from affiche.settings import load


def test_the_environment_beats_the_file_beats_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "affiche.toml").write_text('jobs = 3\nhome = "state"\nledger_wait_s = 4\n')
    found = load({"AFFICHE_JOBS": "5"}, tmp_path / "deeper" / "still")
    assert (found.jobs, found.home, found.ledger_wait_s, found.render_memory_mb) == (5, tmp_path / "state", 4, 2000)


def test_without_anything_the_home_is_the_users(tmp_path: Path) -> None:
    assert load({"XDG_DATA_HOME": "/data"}, tmp_path).home == Path("/data/affiche")
    assert load({}, tmp_path).processes >= 1


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AFFICHE_HOEM": "x"}, "did you mean AFFICHE_HOME"), ({"AFFICHE_JOBS": "many"}, "whole number"),
        ({"AFFICHE_JOBS": "-1"}, "whole number"), ({"AFFICHE_HOME": ""}, "must be a folder"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_environment_is_named(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as wrong:
        load(environment, tmp_path)
    assert said in f"{wrong.value} {wrong.value.hint}"


@pytest.mark.parametrize(
    ("text", "said"), [("jbs = 1", "did you mean jobs"), ("jobs = 1.5", "whole number"), ("= 1", "cannot be read"), ("home = 3", "folder")]
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "affiche.toml").write_text(text)
    with pytest.raises(UsageError) as wrong:
        load({}, tmp_path)
    assert said in f"{wrong.value} {wrong.value.hint}" and "affiche.toml" in str(wrong.value)


def test_other_variables_of_the_house_are_left_alone(tmp_path: Path) -> None:
    load({"AFFICHE_VENV": "x", "AFFICHE_TEST_KILLS": "3", "PATH": "x"}, tmp_path)


def test_debug_is_a_switch(tmp_path: Path) -> None:
    assert [load({"AFFICHE_DEBUG": text}, tmp_path).debug for text in ("1", "true", "0", "", "no")] == [True, True, False, False, False]
