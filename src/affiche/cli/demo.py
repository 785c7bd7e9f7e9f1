"""`affiche demo`: builds the example campaigns. They lie in the checkout, not in the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from affiche.cli.build import build
from affiche.errors import UsageError

#: Where the examples are when the command runs from a checkout.
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def demo(
    out: Annotated[Path, typer.Option(help="Where the campaigns are published.")] = Path("out"),
    examples: Annotated[Path | None, typer.Option(help="The folder with the example campaigns.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only these: locale=de-DE.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Render processes; 0 = one per core.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print what was built as JSON.")] = False,
) -> None:
    """Build the example campaigns and say where their galleries are."""
    build(briefs=found(examples), out=out, only=only, jobs=jobs, json=json)


def found(folder: Path | None) -> list[Path]:
    """The briefs of the example campaigns. Raises UsageError where there are none."""
    places = [folder] if folder else [EXAMPLES, Path.cwd() / "examples"]
    for place in places:
        briefs = sorted(place.glob("*/brief.yaml"))
        if briefs:
            return briefs
    raise UsageError(
        f"there are no example campaigns in {places[-1]}",
        hint="they come with the source checkout: run it there, or give --examples FOLDER",
    )
