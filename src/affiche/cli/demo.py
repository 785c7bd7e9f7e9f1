"""`affiche demo`: builds the example campaigns. They lie in the checkout, not in the wheel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from affiche import wire
from affiche.cli.build import build, build_all
from affiche.cli.spend import line, total_text
from affiche.errors import UsageError
from affiche.settings import Settings, load

#: The example whose pictures are bought: only with providers.
_BOUGHT = "bought"
#: Where the examples are when the command runs from a checkout.
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def demo(
    out: Annotated[Path, typer.Option(help="Where the campaigns are published.")] = Path("out"),
    examples: Annotated[Path | None, typer.Option(help="The folder with the example campaigns.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only these: locale=de-DE.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Render processes; 0 = one per core.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print what was built as JSON.")] = False,
    providers: Annotated[str, typer.Option(help="simulated: show how pictures are bought, with drawings and play money.")] = "",
) -> None:
    """Build the example campaigns and say where their galleries are."""
    if not providers:
        build(briefs=found(examples), out=out, only=only, jobs=jobs, json=json)
        return
    if providers != "simulated":
        raise UsageError(f"the demo knows no providers {providers!r}", hint="--providers simulated")
    folder = found(examples)[0].parent.parent / _BOUGHT
    # A setting of this run alone: play money must not be mixed with the journal of real calls.
    home, order = out.absolute() / ".simulated", ("simulated-swift", "simulated-steady", "simulated-grand")
    settings = replace(load(), providers=("simulated",), provider_order=order, home=home)
    try:
        build_all([folder / "brief.yaml"], settings, out=out, only=only, jobs=jobs, json=json)
    finally:
        if not json:
            _tell(settings)


def _tell(settings: Settings) -> None:
    """Every call of the demo: who failed, who was asked instead, what it cost."""
    with wire.journal(settings) as journal:
        calls = journal.calls()
    typer.echo("\nWhat was asked, of whom, for how much (play money):\n")
    typer.echo("\n".join([*map(line, calls), total_text(calls)]))


def found(folder: Path | None) -> list[Path]:
    """The briefs of the example campaigns. Raises UsageError where there are none."""
    places = [folder] if folder else [EXAMPLES, Path.cwd() / "examples"]
    for place in places:
        briefs = sorted(brief for brief in place.glob("*/brief.yaml") if brief.parent.name != _BOUGHT)
        if briefs:
            return briefs
    raise UsageError(
        f"there are no example campaigns in {places[-1]}",
        hint="they come with the source checkout: run it there, or give --examples FOLDER",
    )
