"""`affiche sets`: the studio sets that ship with Affiche, or one of them with its views."""

from __future__ import annotations

from typing import Annotated

import typer

from affiche.catalogs import set_as_dict
from affiche.cli.show import print_json
from affiche.compose.shipped_sets import shipped_sets


def sets(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the studio sets: what they look like and which colour role each material takes."""
    found = shipped_sets()
    if json:
        print_json([set_as_dict(item) for item in found.values()])
        return
    for item in found.values():
        typer.echo(f"{item.id:<14} {item.name}: {', '.join(item.mood)}")
        typer.echo(f"{'':<14}   {', '.join(f'{material} = {item.roles[material]}' for material in item.materials)}")
        typer.echo(f"{'':<14}   {', '.join(item.views)}")
