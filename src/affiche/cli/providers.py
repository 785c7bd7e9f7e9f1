"""`affiche providers`: where pictures and words come from, each with key, price and health. Nothing is asked."""

from __future__ import annotations

from typing import Annotated

import typer

from affiche.catalogs import sources
from affiche.cli.show import print_json
from affiche.settings import secret


def providers(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the sources of pictures and words, in the order in which a build asks them."""
    rows = sources(has_key=lambda name: bool(secret(name)))
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['gives']:<9} {row['id']:<12} {row['name']}. {row['note']}")
    typer.echo("\nWithout AFFICHE_WRITER (or `writing.writer` in the brief) no model writes, and nothing is paid.")
