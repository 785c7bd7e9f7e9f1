"""The house checks hold for the checkout, and each of them can say no."""

from __future__ import annotations

import ast
import textwrap

import pytest

from house import borders, names, shape, words
from house.__main__ import complaints
from house.complaint import Complaint, Module


def module(text: str, *, path: str = "src/affiche/brief/read.py") -> Module:
    text = textwrap.dedent(text)
    return Module(path=path, lines=text.count("\n"), tree=ast.parse(text))


def messages(found: list[Complaint]) -> str:
    return "\n".join(c.message for c in found if not c.soft)


def test_the_checkout_keeps_the_house_rules() -> None:
    hard = [str(c) for c in complaints() if not c.soft]
    assert not hard, "\n".join(hard)


def test_a_module_without_docstring_is_named() -> None:
    assert "no module docstring" in messages(list(shape.check(module("x = 1\n"))))


def test_a_long_function_is_named() -> None:
    body = "\n".join(f"    x{i} = {i}" for i in range(shape.FUNCTION_HARD + 1))
    assert "long_one has" in messages(list(shape.check(module(f'"""M."""\ndef long_one():\n{body}\n'))))


def test_the_docstring_of_a_function_does_not_count() -> None:
    text = '"""M."""\ndef f():\n    """One\n    two\n    three\n    """\n    return 1\n'
    node = module(text).tree.body[1]
    assert isinstance(node, ast.FunctionDef)
    assert shape.body_lines(node) == 2


def test_a_long_file_is_named() -> None:
    assert "lines, more than" in messages(list(shape.check(module('"""M."""\n' + "#\n" * shape.FILE_HARD))))


def test_many_positional_parameters_are_named() -> None:
    assert "positional" in messages(list(shape.check(module('"""M."""\ndef f(a, b, c, d, e, g, h): ...\n'))))


def test_an_empty_name_is_named() -> None:
    assert "says nothing" in messages(list(shape.check(module('"""M."""\n', path="src/affiche/brief/utils.py"))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from affiche.adapters.paint.studio import tinted", "studio has no tinted"),
        ("from affiche.adapters.paint import Nothing", "paint has no Nothing"),
        ("from affiche.nowhere import anything", "no module affiche.nowhere"),
        ("def f():\n    import affiche.nowhere", "no module affiche.nowhere"),
        ("from affiche.adapters.paint.studio import Backdrops, SetFiles", ""),
        ("from affiche.adapters.paint import studio", ""),
        ("from tests.unit.house import test_shape", ""),
        ("from somewhere.else_ import anything", ""),
    ],
)
def test_a_name_that_is_imported_is_there(text: str, said: str) -> None:
    found = messages(list(names.check(module(text + "\n", path="tools/letters/grounds.py"))))
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os", "pure"),
        ("def f():\n    import time", "pure"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import socket", "pure"),
        ("import skia", "skia is for"),
        ("from pydantic import BaseModel", "edges"),
        ("import affiche", "package root"),
        ("from affiche import something", "package root"),
        ("x = open('f')", "calls open"),
        ("from datetime import date\nx = date.today()", "the date is an argument"),
        ("import os\nx = os.environ['A']", "only reader"),
    ],
)
def test_a_border_says_no(text: str, said: str) -> None:
    assert said in messages(list(borders.check(module(text + "\n"))))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("import skia", "compose/typeset/shape.py"),
        ("from pydantic import BaseModel", "brief/schema.py"),
        ("import os\nx = os.environ", "settings.py"),
        ("import os", "adapters/blobs/local.py"),
        ("from affiche.errors import InputError", "brief/read.py"),
        ("from affiche import errors", "brief/read.py"),
    ],
)
def test_a_border_lets_the_owner_through(text: str, path: str) -> None:
    assert messages(list(borders.check(module(text + "\n", path=f"src/affiche/{path}")))) == ""


@pytest.mark.parametrize("text", ["see https://py" + "pi.org/simple", "at /ho" + "me/ann/affiche", "in /ro" + "ot/.cache"])
def test_words_of_one_machine_are_found(text: str) -> None:
    assert words.patterns().search(text)


@pytest.mark.parametrize("text", ["the home/page", "at_root/x", "examples/verde/brief.yaml", "/tmp/x", "en-US/fr"])
def test_plain_words_are_left_alone(text: str) -> None:
    assert not words.patterns().search(text)
