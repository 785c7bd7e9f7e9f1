"""`affiche templates`: the layouts that ship with Affiche and what each of them shows."""

from __future__ import annotations

from typing import Annotated

import typer

from affiche.catalogs import template_as_dict
from affiche.cli.show import print_json
from affiche.compose.template.shipped import shipped_ids, shipped_template


def templates(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the templates: for which pictures they are made and how many layouts each aspect class has."""
    found = [shipped_template(name) for name in shipped_ids()]
    if json:
        print_json([template_as_dict(item) for item in found])
        return
    for item in found:
        typer.echo(f"{item.id:<14} {item.name}. {item.description}")
        typer.echo(f"{'':<14}   pictures: {', '.join(item.pictures)}")
        layouts = ", ".join(f"{name} ({len(options)})" if len(options) > 1 else name for name, options in item.classes.items())
        typer.echo(f"{'':<14}   layouts: {layouts}")
