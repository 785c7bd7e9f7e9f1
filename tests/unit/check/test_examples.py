"""Every rule's own examples: each outcome is shown, and comes out as it says."""

from __future__ import annotations

from datetime import date

import pytest

from affiche.check.profile import RuleInForce, rules_in_force
from affiche.check.rule import Example, Rule
from affiche.check.run import check
from affiche.check.shipped import shipped_profile
from affiche.check.table import RULES

CASES = [
    pytest.param(rule, shown, id=f"{rule.id}.{shown.outcome}") for rule in RULES for shown in rule.examples
]


@pytest.mark.parametrize(("rule", "shown"), CASES)
def test_example(rule: Rule, shown: Example) -> None:
    findings = check(shown.make(), [RuleInForce(rule=rule, limits=rule.limits)])
    assert (f"{rule.id}.{shown.outcome}", shown.status) in [(f.code, f.status) for f in findings], findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_passes_on_one_example_and_objects_on_another(rule: Rule) -> None:
    assert {shown.outcome for shown in rule.examples} == set(rule.outcomes)
    statuses = {shown.status for shown in rule.examples}
    assert "pass" in statuses and statuses & {"fail", "warn"}
    assert ("fail" in statuses) == (rule.severity == "fail")
    assert rule.rationale and rule.title and rule.source.ref and rule.kinds


def test_ids_are_unique_and_end_in_a_known_area() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids) == 27
    areas = {"text", "layout", "logo", "brand", "picture", "product", "copy", "words", "display", "file"}
    assert {id.partition(".")[0] for id in ids} == areas


def test_the_example_creative_is_in_order() -> None:
    from affiche.check import example

    findings = check(example.sample(), rules_in_force(shipped_profile(), date(2026, 11, 21)))
    assert {f.status for f in findings} <= {"pass", "skip"}, [
        f for f in findings if f.status not in ("pass", "skip")
    ]
