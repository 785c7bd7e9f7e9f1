"""JSON whose repeated items are written once equals JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.values.repeats import Repeats

plain = st.none() | st.booleans() | st.integers() | st.text()
said = [{"rule": "text.fit", "n": 1}, {"b": "ü", "a": None}, {}]
members = st.dictionaries(st.sampled_from(["alpha", "findings", "zeta", "Ω"]) | st.text(max_size=3), plain, max_size=4)
items = st.one_of(
    plain, members, st.tuples(members, st.lists(st.sampled_from(said), max_size=4)).map(lambda made: {**made[0], "findings": made[1]})
)


@pytest.mark.parametrize("style", [{}, {"sort_keys": True}, {"sort_keys": True, "separators": (",", ":")}])
@given(many=st.lists(items, max_size=4))
def test_it_is_what_plain_json_would_be(style: dict[str, Any], many: list[Any]) -> None:
    writer = Repeats("findings", **style)
    full = {"separators": (", ", ": "), **style}
    assert [writer.text(one) for one in many] == [json.dumps(one, ensure_ascii=False, **full) for one in many]
