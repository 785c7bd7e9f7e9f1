"""Every shipped template holds the stress cases, and the examiner sees each kind of fault."""

from __future__ import annotations

import pytest

from affiche.compose.proof.examine import faults
from affiche.compose.proof.stress import cases
from affiche.compose.template.model import Template
from affiche.compose.template.read import read_template
from affiche.compose.template.shipped import shipped_ids, shipped_template


def template(boxes: str) -> Template:
    """A template with the same one layout in every class."""
    classes = "\n".join(
        f"  {name}:\n    - boxes:\n{boxes}" for name in ("skyscraper", "tall", "portrait", "square", "wide", "banner")
    )
    text = f"template: 1\nid: mine\npictures: [none]\nclasses:\n{classes}\n"
    found, problems = read_template(text.encode(), file="mine.yaml")
    assert found is not None, problems
    return found


def kinds(boxes: str) -> set[str]:
    return {fault.kind for fault in faults(template(boxes))}


@pytest.mark.parametrize("name", shipped_ids())
def test_a_shipped_template_has_no_fault(name: str) -> None:
    assert [str(fault) for fault in faults(shipped_template(name))] == []


def test_type_that_is_too_large_is_an_overflow() -> None:
    boxes = "        - headline: {at: [0, 0, 40%, 20%], within: content, min: 20u, max: 30u, lines: 1}"
    assert "overflow" in kinds(boxes)


def test_texts_that_fit_alone_but_not_together_are_an_overflow() -> None:
    texts = "\n".join(f"              - {role}: {{min: 3u, max: 3u, lines: 1}}" for role in ("price", "old_price", "offer"))
    boxes = f"        - column:\n            at: [0, 0, 100%, 6%]\n            within: content\n            children:\n{texts}"
    found = [fault for fault in faults(template(boxes)) if fault.kind == "overflow"]
    assert any("too many texts" in fault.message for fault in found)


def test_two_texts_in_one_place_collide() -> None:
    boxes = "\n".join(
        f"        - {role}: {{at: [0, 0, 100%, 100%], within: content, min: 1u, max: 2u, lines: 9}}" for role in ("headline", "body")
    )
    assert "collision" in kinds(boxes)


@pytest.mark.parametrize(("panel", "crowded"), [("49%", True), ("56%", False)])
def test_a_text_that_ends_right_before_a_panel_is_crowded(panel: str, crowded: bool) -> None:
    boxes = (
        f"        - column: {{at: [{panel}, 0, 40%, 100%], within: canvas, fill: [primary], children: []}}\n"
        "        - headline: {at: [6%, 20%, 42.5%, 60%], within: canvas, min: 4u, max: 9u, lines: 9, colors: [ink]}"
    )
    assert ("crowded" in kinds(boxes)) is crowded


def test_a_text_in_the_margin_leaves_the_safe_area_of_a_story() -> None:
    boxes = "        - headline: {at: [0, 0, 100%, 100%], within: canvas, min: 1u, max: 4u, lines: 9}"
    found = [fault for fault in faults(template(boxes)) if fault.kind == "outside"]
    assert found
    assert {str(fault.size) for fault in found} == {"1080x1920"}


def test_a_fault_names_case_place_and_locale() -> None:
    fault = next(faults(template("        - headline: {min: 40u, max: 50u, lines: 1}")))
    assert fault.slot == "headline"
    assert "1080x1080 en-US (pseudo, no picture)" in str(fault)


def test_a_lineup_is_proved_with_companions() -> None:
    assert all(case.request.companions for case in cases(shipped_template("lineup")))
