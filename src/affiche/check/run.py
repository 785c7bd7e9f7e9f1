"""Runs rules on a subject. Knows nothing of ads: only what a rule needs, that it may break, and what it returns.

Next: `table.py` for the rules, `profile.py` for which of them count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from affiche.check.profile import RuleInForce
from affiche.check.rule import Need, Verdict
from affiche.check.subject import Subject
from affiche.values.finding import Finding, FindingStatus

#: What is missing when a rule is skipped, for people.
_MISSING: dict[Need, str] = {
    "frame": "the layout of this picture is not known",
    "grounds": "what lies behind the type is not known",
    "pixels": "the picture was not looked at",
    "placement": "no placement was given",
    "brand": "no brand was given",
    "file": "there is no file yet",
    "words": "the words are not known",
    "locale": "the locale is not known",
    "logo_match": "no logo was given to look for",
}


def check(subject: Subject, rules: Sequence[RuleInForce]) -> tuple[Finding, ...]:
    """The findings of every rule in order, passes and skips included.

    Never raises: a rule that breaks gives a finding with status `error`.
    """
    return tuple(finding for rule in rules for finding in _run(subject, rule))


def _run(subject: Subject, force: RuleInForce) -> Iterable[Finding]:
    for need in force.rule.needs:
        if not _has(subject, need):
            message = f"not checked: {_MISSING[need]}"
            return [
                Finding(rule=force.rule.id, code=f"{force.rule.id}.no-{need}", status="skip", message=message)
            ]
    try:
        return [_finding(force, verdict) for verdict in force.rule.check(subject, force.limits)]
    except Exception as broken:  # noqa: BLE001 (one broken rule must not take the other findings with it)
        message = f"the rule broke: {type(broken).__name__}: {broken}"
        return [Finding(rule=force.rule.id, code=f"{force.rule.id}.broke", status="error", message=message)]


def _has(subject: Subject, need: Need) -> bool:
    value = getattr(subject, need)
    return value is not None and (need != "words" or bool(value))


def _finding(force: RuleInForce, verdict: Verdict) -> Finding:
    return Finding(
        rule=force.rule.id,
        code=f"{force.rule.id}.{verdict.outcome}",
        status=_status(verdict.status, force.severity),
        message=verdict.message,
        measured=verdict.measured,
        limit=verdict.limit,
        rect=verdict.rect,
        hint=verdict.hint,
    )


def _status(status: FindingStatus, severity: str) -> FindingStatus:
    """A profile may make a rule milder (every fail a warning) or stricter (every warning a fail)."""
    if severity == "warn" and status == "fail":
        return "warn"
    return "fail" if severity == "fail" and status == "warn" else status


def worst_first(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings for people: what is wrong comes first, what was skipped last."""
    order = ("error", "fail", "warn", "pass", "skip")
    return iter(sorted(findings, key=lambda f: order.index(f.status)))
