"""`affiche markets`: the countries and groups that a brief may name, with the locales each gets."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from affiche.catalogs import markets_as_dicts


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("markets")(markets)


def markets(
    text: Annotated[
        str,
        typer.Argument(help="What a brief says, such as 'DACH' or 'UAE / Saudi Arabia'; nothing lists all."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
) -> None:
    """Lists markets, or says what a text about regions means."""
    rows = markets_as_dicts(text)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['id']:16} {row['name']:32} {', '.join(row['locales'])}")
