"""`affiche rules`: every rule, with what counts for a channel."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from affiche.catalogs import limits_of, rule_as_dict, rules_by_id
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
    force = rules_by_id(channel, date.today())  # noqa: DTZ011 (the user's own day decides)
    if json:
        print_json([rule_as_dict(rule, force.get(rule.id)) for rule in RULES])
        return
    for rule in RULES:
        limits = ", ".join(f"{name} {value:g}" for name, value in limits_of(rule, force.get(rule.id)).items())
        typer.echo(
            f"{rule.id:<20} {rule.severity:<5} {rule.title}" + (f"\n{'':26} {limits}" if limits else "")
        )
