"""What `--json` prints: the same document whether repeated values are written once or every time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from affiche.cli.show import json_text

LOW = {"rule": "contrast", "message": 'says "low", Ähnliches', "rect": [1, 2.0, None]}
FINE = {"rule": "fits", "ok": True}


@pytest.mark.parametrize("row", [
    {"a": 1, "findings": [LOW, FINE, LOW], "z": {"findings": [LOW]}},
    {"findings": [LOW], "z": 2},
    {"a": "x", "findings": [FINE, LOW]},
    {"findings": []},
    {"findings": None, "a": 1},
    {"a": 1},
    {},
])  # fmt: skip
def test_repeated_values_are_written_as_if_each_were_written_by_itself(row: dict[str, Any]) -> None:
    document = {"name": "n", "creatives": [row, {**row, "b": 3}], "steps": {"ran": 0}}
    assert json_text(document, repeated="findings") == json_text(document)
    assert json.loads(json_text(document, repeated="findings")) == document


def test_equal_objects_that_differ_in_kind_stay_apart() -> None:
    document = {"creatives": [{"findings": [{"n": 1}, {"n": 1.0}, {"n": True}]}]}
    assert json_text(document, repeated="findings") == json_text(document)
