"""Profiles: which rules are in force for a channel on a day, with which limits, and why they differ from the default.

May live here: the data format of `profiles/*.toml` and the digest of what is in force. `today` is always an argument.
Next: `shipped.py` reads the shipped profiles.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from affiche.check.rule import Kind, Limits, Rule
from affiche.check.table import RULES
from affiche.values.digest import Digest, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a profile changes in one rule, and why. Counts from `effective` until the day before `expires`."""

    rule: str
    reason: str
    source: str = ""
    severity: Literal["", "warn", "fail", "off"] = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    effective: date | None = None
    expires: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.effective is None or self.effective <= day) and (
            self.expires is None or day < self.expires
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Overrides in order; a later one beats an earlier one."""

    id: str
    name: str
    overrides: tuple[Override, ...] = ()

    def extended(self, by: Profile) -> Profile:
        """This profile with the overrides of `by` on top."""
        return Profile(id=by.id, name=by.name, overrides=self.overrides + by.overrides)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce:
    """A rule with the limits that count. `severity` "" leaves its verdicts, else makes them milder or stricter."""

    rule: Rule
    limits: Limits
    severity: Literal["", "warn", "fail", "off"] = ""
    reasons: tuple[str, ...] = ()


def read_profile(text: str) -> Profile:
    """A profile from TOML text. Raises ValueError naming what is wrong (profiles are shipped or given by operators)."""
    data = tomllib.loads(text)
    if unknown := data.keys() - {"id", "name", "override"}:
        raise ValueError(f"a profile has id, name and override, not {', '.join(sorted(unknown))}")
    overrides = tuple(_override(row) for row in data.get("override", ()))
    return Profile(id=data["id"], name=data["name"], overrides=overrides)


def _override(row: Mapping[str, Any]) -> Override:
    known = {rule.id: rule for rule in RULES}
    override = Override(**row)
    if override.rule not in known:
        raise ValueError(f"there is no rule {override.rule!r}")
    if not override.reason.strip():
        raise ValueError(f"the override of {override.rule} needs a reason")
    if override.severity not in ("", "warn", "fail", "off"):
        raise ValueError(
            f"the severity of {override.rule} can be warn, fail or off, not {override.severity!r}"
        )
    if unknown := override.limits.keys() - known[override.rule].limits.keys():
        raise ValueError(f"{override.rule} has no limit {', '.join(sorted(unknown))}")
    return override


def rules_in_force(profile: Profile, today: date, *, kind: Kind = "creative") -> tuple[RuleInForce, ...]:
    """The rules for `kind` in table order, with the overrides of `profile` that count on `today`."""
    rules = (_in_force(rule, profile, today) for rule in RULES if kind in rule.kinds)
    return tuple(rule for rule in rules if rule.severity != "off")


def _in_force(rule: Rule, profile: Profile, today: date) -> RuleInForce:
    force = RuleInForce(rule=rule, limits=rule.limits)
    for override in profile.overrides:
        if override.rule == rule.id and override.counts_on(today):
            force = replace(
                force,
                limits={**force.limits, **override.limits},
                severity=override.severity or force.severity,
                reasons=(*force.reasons, override.reason),
            )
    return force


def rules_digest(profile: Profile, today: date, *, kind: Kind = "creative") -> Digest:
    """The key of what is in force: equal on two days when nothing changes between them."""
    return digest_of(rules_in_force(profile, today, kind=kind))


def digest_of(rules: Sequence[RuleInForce]) -> Digest:
    """The key of `rules`: ids, versions of their code, limits and severities."""
    return digest(
        "rules",
        [(r.rule.id, r.rule.version, {k: float(v) for k, v in r.limits.items()}, r.severity) for r in rules],
    )
