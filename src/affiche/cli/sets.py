"""`affiche sets`: the studio sets that ship with Affiche, or one of them with its views."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from affiche.cli.show import print_json
from affiche.compose.shipped_sets import shipped_sets
from affiche.compose.studio import StudioSet


def sets(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the studio sets: what they look like and which colour role each material takes."""
    found = shipped_sets()
    if json:
        print_json([as_dict(item) for item in found.values()])
        return
    for item in found.values():
        typer.echo(f"{item.id:<14} {item.name}: {', '.join(item.mood)}")
        typer.echo(f"{'':<14}   {', '.join(f'{material} = {item.roles[material]}' for material in item.materials)}")
        typer.echo(f"{'':<14}   {', '.join(item.views)}")


def as_dict(item: StudioSet) -> dict[str, Any]:
    """The stable JSON form."""
    return {
        "id": item.id,
        "name": item.name,
        "mood": list(item.mood),
        "materials": {material: item.roles[material] for material in item.materials},
        "light": {"azimuth_deg": item.light.azimuth_deg, "elevation_deg": item.light.elevation_deg},
        "aspect_classes": {
            aspect: {"width": round(view.canvas.width), "height": round(view.canvas.height)}
            for aspect, view in item.views.items()
        },
    }
