"""`affiche locales`: every locale whose script is covered by the shipped fonts, with a sample sentence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from affiche.cli.show import print_json
from affiche.compose.typeset.locales import locales as covered


def locales(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the locales with their script, direction, leading font family and a sample."""
    found = covered()
    if json:
        print_json([{"id": item.tag, **asdict(item)} for item in found])
        return
    for item in found:
        typer.echo(f"{item.tag:<12} {item.name:<28} {item.script} {item.direction}  {item.font:<24} {item.sample}")
