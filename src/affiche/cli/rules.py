"""`affiche rules`: every rule, with what counts for a channel."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from affiche.check.profile import RuleInForce, rules_in_force
from affiche.check.rule import Rule
from affiche.check.shipped import shipped_profile
from affiche.check.table import RULES
from affiche.cli.show import print_json
from affiche.errors import UsageError
from affiche.placement.catalog import CHANNELS


def rules(
    channel: Annotated[str, typer.Option(help="The limits that count for this channel.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False,
) -> None:
    """List the rules that creatives and picture files are checked with."""
    if channel and channel not in CHANNELS:
        raise UsageError(f"there is no channel {channel!r}", hint=f"one of {', '.join(CHANNELS)}")
    force = _in_force(channel)
    if json:
        print_json([as_dict(rule, force.get(rule.id)) for rule in RULES])
        return
    for rule in RULES:
        limits = ", ".join(f"{name} {value:g}" for name, value in _limits(rule, force.get(rule.id)).items())
        typer.echo(
            f"{rule.id:<20} {rule.severity:<5} {rule.title}" + (f"\n{'':26} {limits}" if limits else "")
        )


def _in_force(channel: str) -> dict[str, RuleInForce]:
    profile, today = shipped_profile(channel), date.today()  # noqa: DTZ011 (the user's own day decides)
    found = (*rules_in_force(profile, today), *rules_in_force(profile, today, kind="file"))
    return {force.rule.id: force for force in found}


def _limits(rule: Rule, force: RuleInForce | None) -> dict[str, float]:
    return dict(force.limits if force else rule.limits)


def as_dict(rule: Rule, force: RuleInForce | None) -> dict[str, Any]:
    """The stable JSON form; `in_force` is false for a rule that the channel's profile switched off."""
    return {
        "id": rule.id,
        "title": rule.title,
        "rationale": rule.rationale,
        "severity": (force.severity if force else "") or rule.severity,
        "version": rule.version,
        "applies_to": list(rule.kinds),
        "limits": _limits(rule, force),
        "outcomes": {f"{rule.id}.{name}": meaning for name, meaning in rule.outcomes.items()},
        "source": {"ref": rule.source.ref, "kind": rule.source.kind, "as_of": rule.source.as_of},
        "in_force": force is not None,
        "reasons": list(force.reasons) if force else [],
    }
