"""The runner and the profiles: statuses, skips, broken rules, dates, reasons, and the digest of what is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from affiche.check import example
from affiche.check.luminance import thinned
from affiche.check.profile import Override, Profile, digest_of, read_profile, rules_digest, rules_in_force
from affiche.check.rule import Limits, Verdict
from affiche.check.run import check, worst_first
from affiche.check.shipped import channel_profiles, shipped_profile
from affiche.check.subject import Subject
from affiche.check.table import RULES
from affiche.placement.catalog import CHANNELS
from affiche.values.finding import creative_status

TODAY = date(2026, 11, 21)
WEIGHT = next(rule for rule in RULES if rule.id == "file.weight")


def profile(*overrides: Override) -> Profile:
    return Profile(id="p", name="P", overrides=overrides)


def heavy(*overrides: Override, day: date = TODAY) -> str:
    findings = check(example.sample(file_bytes=180_000), rules_in_force(profile(*overrides), day))
    return next((f.status for f in findings if f.rule == "file.weight"), "off")


def test_a_rule_that_breaks_is_a_finding_and_the_others_still_run() -> None:
    def broken(subject: Subject, limits: Limits) -> Iterator[Verdict]:
        raise KeyError("x")

    rules = rules_in_force(profile(), TODAY)
    findings = check(example.sample(), [replace(rules[0], rule=replace(rules[0].rule, check=broken)), *rules[1:]])
    assert findings[0].status == "error" and findings[0].code == "text.contrast.broke" and "KeyError" in findings[0].message
    assert len(findings) >= len(rules) and creative_status(findings) == "error"


@pytest.mark.parametrize("need", ["frame", "pixels", "placement", "brand", "file", "words", "locale", "grounds"])
def test_a_rule_without_what_it_needs_is_skipped_with_the_reason(need: str) -> None:
    subject = replace(example.sample(), **{need: {} if need == "words" else None})
    findings = check(subject, rules_in_force(profile(), TODAY))
    skipped = {f.rule for f in findings if f.code == f"{f.rule}.no-{need}"}
    assert skipped == {rule.id for rule in RULES if need in rule.needs and "creative" in rule.kinds}
    assert all(f.status == "skip" and f.message.startswith("not checked") for f in findings if f.rule in skipped)
    assert not [f for f in findings if f.status == "error"]


def test_nothing_known_is_nothing_claimed() -> None:
    assert {f.status for f in check(Subject(), rules_in_force(profile(), TODAY))} == {"skip"}


def test_a_profile_makes_rules_milder_stricter_or_switches_them_off() -> None:
    assert heavy() == "fail"
    assert heavy(Override(rule="file.weight", reason="r", severity="warn")) == "warn"
    assert heavy(Override(rule="file.weight", reason="r", severity="off")) == "off"
    missing = example.framed(base=(example.GROUND,))
    strict = rules_in_force(profile(Override(rule="picture.missing", reason="r", severity="fail")), TODAY)
    assert [f.status for f in check(missing, strict) if f.rule == "picture.missing"] == ["fail"]


def test_an_override_counts_from_its_effective_day_until_the_day_before_it_expires() -> None:
    override = Override(
        rule="file.weight", reason="r", severity="warn", effective=date(2026, 9, 27), expires=date(2026, 12, 2)
    )
    days = [date(2026, 9, 26), date(2026, 9, 27), date(2026, 12, 1), date(2026, 12, 2)]
    assert [heavy(override, day=day) for day in days] == ["fail", "warn", "warn", "fail"]
    digests = [rules_digest(profile(override), day) for day in days]
    assert digests[0] == digests[3] != digests[1] == digests[2]


def test_the_digest_follows_limits_versions_and_severities_but_not_reasons() -> None:
    rules = rules_in_force(profile(), TODAY)
    base = digest_of(rules)
    first = rules[0]
    assert digest_of([replace(first, limits={**first.limits, "min_ratio": 7.0}), *rules[1:]]) != base
    assert digest_of([replace(first, rule=replace(first.rule, version=2)), *rules[1:]]) != base
    assert digest_of([replace(first, severity="warn"), *rules[1:]]) != base
    assert digest_of([replace(first, reasons=("because",)), *rules[1:]]) == base


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('rule = "text.sise"\nreason = "r"', "no rule"),
        ('rule = "text.size"\nreason = " "', "needs a reason"),
        ('rule = "text.size"\nreason = "r"\nseverity = "loud"', "warn, fail or off"),
        ('rule = "text.size"\nreason = "r"\nlimits = { min_pt = 9 }', "no limit min_pt"),
    ],
)
def test_a_profile_with_a_mistake_is_refused(row: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_profile(f'id = "p"\nname = "P"\n[[override]]\n{row}')


def test_shipped_profiles_belong_to_channels_and_start_from_the_default() -> None:
    assert {p.id for p in channel_profiles()} <= set(CHANNELS)
    assert shipped_profile("meta") == shipped_profile()
    assert len(shipped_profile("iab").overrides) > len(shipped_profile().overrides)
    assert rules_digest(shipped_profile("dooh"), TODAY) != rules_digest(shipped_profile(), TODAY)


def test_what_is_wrong_comes_first() -> None:
    findings = check(example.sample(file_bytes=180_000), rules_in_force(profile(), TODAY))
    order = [f.status for f in worst_first(findings)]
    assert order[0] == "fail" and order == sorted(order, key=("error", "fail", "warn", "pass", "skip").index)


@pytest.mark.parametrize(("width", "height"), [(3000, 2), (2, 3000), (1, 1), (100_000, 1)])
def test_thin_pictures_are_sampled_too(width: int, height: int) -> None:
    pixels = example.flat(example.PAPER, width=width, height=height)
    findings = check(example.sample(frame=None, pixels=pixels), rules_in_force(profile(), TODAY))
    assert {f.code for f in findings if f.rule == "file.blank"} == {"file.blank.blank"}
    assert thinned(pixels).size and example.sample(pixels=pixels).thumbnail.size
