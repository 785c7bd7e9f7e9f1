"""Templates between processes: the same values on the other side, made into bytes and read once."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from affiche.compose.template.shipped import shipped_template
from affiche.render import crossing
from affiche.values.digest import Digest


@pytest.mark.parametrize("name", ["stage", "hero", "offer"])
def test_a_template_arrives_as_it_was_and_once(name: str) -> None:
    template = shipped_template(name)
    data = pickle.dumps([template, template])
    first, second = pickle.loads(data)
    assert first == template and first is second
    assert pickle.loads(data)[0] is first
    assert pickle.dumps([template, template]) == data


def test_templates_that_came_from_no_file_are_not_taken_for_each_other() -> None:
    template = replace(shipped_template("stage"), digest=Digest(""))
    other = replace(template, name="Another")
    assert [pickle.loads(pickle.dumps(one)).name for one in (template, other)] == [template.name, "Another"]


def test_a_changed_copy_of_a_file_is_not_taken_for_the_file() -> None:
    template = shipped_template("stage")
    copy = replace(template, ground=("ink",))
    assert [one.ground for one in pickle.loads(pickle.dumps([template, copy, template]))] == [template.ground, ("ink",), template.ground]


def test_no_more_than_some_are_kept() -> None:
    template = shipped_template("stage")
    for number in range(100):
        one = replace(template, name=f"T{number}", digest=Digest(f"{number:064x}"))
        assert pickle.loads(pickle.dumps(one)).name == one.name
    assert len(crossing._packed) <= 32
