"""`affiche providers`: where pictures and words come from. Today these are the sources that need neither key nor network.

Each row is a real source of a build, with what it can give; model providers will be further rows of the same shape.
"""

from __future__ import annotations

from typing import Annotated

import typer

from affiche.catalogs import sources
from affiche.cli.show import print_json


def providers(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the sources of pictures and words, in the order in which a build asks them."""
    rows = sources()
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['gives']:<9} {row['id']:<12} {row['name']}. {row['note']}")
    typer.echo("\nNo model provider is built in yet: nothing is generated, nothing is paid.")
