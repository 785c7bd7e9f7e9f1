"""What is tried on an ad, and what of it is worth a person's time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from affiche.compose.template.shipped import shipped_ids, shipped_template
from affiche.errors import PaintError
from affiche.render.remedies import OFFERED, Change, changes_for, helping
from affiche.values.finding import Finding
from tests.unit.compose.requests import request

TEMPLATES = {id: shipped_template(id) for id in shipped_ids()}


def finding(rule: str, status: Any) -> Finding:
    return Finding(rule=rule, code=rule, status=status, message=rule)


def trial(seen: dict[str, list[Finding] | Exception]) -> Any:
    def look(_: Any, name: str) -> tuple[tuple[Finding, ...], Any]:
        found = seen[name]
        if isinstance(found, Exception):
            raise found
        return tuple(found), np.zeros((2, 2, 4), np.uint8)

    return SimpleNamespace(seen=look)


def tried(seen: dict[str, list[Finding] | Exception]) -> tuple[tuple[Finding, ...], Any]:
    changes = [Change(verb="template", value=name) for name in seen if name != "now"]
    plan: Any = "plan"
    creative: Any = "now"
    return helping(plan, creative, changes, lambda change: (plan, change.value), trial(seen))  # type: ignore[return-value,arg-type]


def test_only_what_is_better_is_offered_the_best_first() -> None:
    now, found = tried({
        "now": [finding("text.fit", "fail"), finding("text.size", "pass")],
        "same": [finding("text.contrast", "fail")],
        "worse": [finding("text.fit", "fail"), finding("display.border", "warn")],
        "better": [finding("display.border", "warn")],
        "clean": [finding("text.fit", "pass"), finding("text.contrast", "skip")],
        "broken": PaintError("it cannot be drawn"),
    })  # fmt: skip
    assert [one.rule for one in now if one.status == "fail"] == ["text.fit"]
    assert [(one.change.value, one.mended, one.raised) for one in found] == [
        ("clean", ("text.fit",), ()), ("better", ("text.fit",), ("display.border",)),
    ]  # fmt: skip
    assert [one.weight for one in found] == [0, 10]


def test_of_equals_the_gentler_one_comes_first_and_there_are_not_too_many() -> None:
    _, found = tried({"now": [finding("a", "warn")], **{f"t{n}": [] for n in range(9)}})
    assert [one.change.value for one in found] == [f"t{n}" for n in range(OFFERED)]


def test_nothing_is_tried_on_an_ad_without_findings() -> None:
    assert tried({"now": [finding("a", "pass"), finding("b", "skip")], "t": PaintError("never asked")})[1] == ()


def test_an_ad_that_cannot_be_drawn_says_so() -> None:
    with pytest.raises(PaintError):
        tried({"now": PaintError("no"), "t": []})


def test_shorter_words_are_tried_before_templates() -> None:
    made = request(headline="Wake up the whole long afternoon", headline_short="Wake up")
    first = next(changes_for(made, TEMPLATES))
    assert (first.verb, first.role, first.value) == ("words", "headline", "Wake up")


def test_templates_that_would_leave_a_text_out_or_need_more_are_not_tried() -> None:
    price = {change.value for change in changes_for(request(price="$2.49"), TEMPLATES)}
    plain = {change.value for change in changes_for(request(), TEMPLATES)}
    assert "stage" not in plain, "it is that already"
    assert plain, "others show the same words"
    assert plain - price, "some have no place for a price"
    assert not plain & {"lineup", "before-after", "quote", "countdown", "steps", "offer"}, "they need what is not there"
    assert not {change.value for change in changes_for(request("type", picture=None), TEMPLATES)} & {"stage", "split", "hero"}
