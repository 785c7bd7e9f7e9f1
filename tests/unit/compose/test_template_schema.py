"""The JSON Schema of templates agrees with the reader: what ships passes, what the reader refuses is refused."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

import affiche.compose.template.shipped as shipped
from affiche.compose.template.schema import json_schema

VALIDATOR = Draft202012Validator(json_schema())
FOLDER = Path(shipped.__file__).parent.parent / "templates"


@pytest.mark.parametrize("name", shipped.shipped_ids())
def test_every_shipped_template_is_valid(name: str) -> None:
    assert not [error.message for error in VALIDATOR.iter_errors(yaml.safe_load((FOLDER / f"{name}.yaml").read_bytes()))]


@pytest.mark.parametrize(
    "box",
    [{"headlin": {"min": "4u"}}, {"headline": {"min": "4u"}}, {"headline": {"min": "4u", "max": "big", "lines": 2}},
     {"photo": {"scrm": "top"}}, {"product": {"of": "after"}}, {"shape": {"paint": "pink"}}, {"logo": None}],
)  # fmt: skip
def test_what_the_reader_refuses_is_refused(box: dict[str, object]) -> None:
    template = deepcopy(yaml.safe_load((FOLDER / "stage.yaml").read_bytes()))
    template["classes"]["square"][0]["boxes"].append(box)
    assert list(VALIDATOR.iter_errors(template))
