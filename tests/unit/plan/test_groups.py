"""Size groups: one size for all locales, their words in each other's keys; templates without groups keep locales apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affiche.brief.model import Design
from affiche.compose.compose import compose
from affiche.compose.template.model import Template
from affiche.compose.template.read import read_template
from affiche.compose.template.shipped import ShippedTemplates, shipped_ids, shipped_template
from affiche.plan.expand import expand
from affiche.plan.model import Plan
from affiche.plan.request import request_of
from tests.unit.plan.campaigns import brief, changed, materials

_LAYOUT = """
    - boxes:
        - column:
            within: content
            children:
              - headline: {min: 2u, max: 14u, lines: 3, style: display%s}
"""


def template(group: str) -> Template:
    """One headline in every class, in `group` when there is one."""
    layout = _LAYOUT % (f", group: {group}" if group else "")
    classes = "".join(f"  {name}:{layout}" for name in ("skyscraper", "tall", "portrait", "square", "wide", "banner"))
    found, problems = read_template(f"template: 1\nid: mine\nclasses:\n{classes}".encode(), file="mine.yaml")
    assert found is not None, problems
    return found


def plan(group: str, copy: dict[str, dict[str, str]]) -> Plan:
    templates = ShippedTemplates({"mine": template(group)})
    asked = brief(copy=copy, products=("yuzu",), placements=("300x250",), design=Design(template="mine"))
    return expand(materials(asked, templates=templates))


def sizes(of: Plan) -> set[float]:
    return {fit.size for c in of.creatives for fit in compose(request_of(of.part, c, {})).fits if fit.slot == "headline"}


COPY = {"de-DE": {"headline": "Weck den Nachmittag auf, bevor er dich einschläfert"}, "ar-SA": {"headline": "أيقظ ما بعد الظهيرة"}}


def test_without_a_group_each_locale_has_its_own_size() -> None:
    assert len(sizes(plan("", COPY))) > 1


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["Wake", "up", "the", "afternoon", "Nachmittag", "now"]), min_size=1, max_size=9))
def test_a_group_has_one_size_and_it_is_the_smallest(words: list[str]) -> None:
    copy = {**COPY, "de-DE": {"headline": " ".join(words)}}
    assert sizes(plan("title", copy)) == {min(sizes(plan("", copy)))}


def test_a_change_in_one_locale_changes_the_keys_of_its_group_alone() -> None:
    other = {**COPY, "de-DE": {"headline": "Weck den Tag"}}
    assert {id[1] for id in changed(plan("title", COPY), plan("title", other))} == {"en-US", "de-DE", "ar-SA"}
    assert {id[1] for id in changed(plan("", COPY), plan("", other))} == {"de-DE"}


@pytest.mark.parametrize("name", shipped_ids())
def test_shipped_templates_declare_no_group(name: str) -> None:
    assert not shipped_template(name).groups
