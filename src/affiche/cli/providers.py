"""`affiche providers`: where pictures and words come from, with keys, prices and ends; `providers test` asks whether they work.

The first rows need neither key nor network: they are what a build uses when nothing else is set up.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from affiche.catalogs import sources
from affiche.cli.campaign import today
from affiche.cli.show import print_json
from affiche.errors import UsageError
from affiche.settings import Settings, load, secret

if TYPE_CHECKING:
    from affiche.imagers import Market
    from affiche.imagine.catalog.read import Provider

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Where pictures and words come from.")


@app.callback(invoke_without_command=True)
def providers(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False,
) -> None:
    """List the sources of pictures and words, then the providers of pictures with key, price, end and what they do."""
    if context.invoked_subcommand is not None:
        return
    from affiche import offering

    settings = load()
    there, day, resting = offering.asked_by(settings), today(), _left_alone(settings)
    rows = [*sources(has_key=lambda name: bool(secret(name))), *offering.rows(there, day)]
    rows = [{**row, "health": resting.get(f"{row['gives']} {row['id']}", row["health"])} for row in rows]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['gives']:<9} {row['id']:<14} {row['name']}. {row['note']}")
    ready = there.ready
    typer.echo(f"\nReady: {', '.join(ready)}." if ready else "\nNo provider of pictures has its key.")
    typer.echo("Without AFFICHE_WRITER (or `writing.writer` in the brief) no model writes.")
    typer.echo(f"Prices of pictures were gone through on {there.catalog.as_of}; * could not be checked at the provider.")
    for name, told in resting.items():
        typer.echo(f"{name}: {told}", err=True)
    for notice in there.catalog.notices(day, ready):
        typer.echo(notice, err=True)


def _left_alone(settings: Settings) -> dict[str, str]:
    """Who is left alone at the moment (`words openai:gpt`), and what is said of it; no home is made for it."""
    from affiche import wire
    from affiche.values.breaker import KEPT, resting

    if not settings.database_url and not settings.home.is_dir():
        return {}
    with wire.journal(settings) as book:
        return resting(book.load(KEPT), time.time())


@app.command("test")
def test(
    provider: Annotated[str, typer.Argument(help="Only this one; without it, all that are set up.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask providers whether key and address work. Free. Exit code 2 when one does not."""
    import asyncio

    from affiche import offering

    settings = load()
    there = offering.asked_by(settings)
    if provider and there.catalog.provider(provider) is None:
        ids = ", ".join(one.id for one in there.catalog.providers)
        raise UsageError(f"there is no provider {provider!r}", hint=f"there are {ids}")
    asked = [one for one in there.catalog.providers if one.id == provider or (not provider and one.id in there.ready)]
    told = asyncio.run(_asked(asked, there))
    if json:
        print_json([{"id": id, "health": said, "ok": _fine(said)} for id, said in told.items()])
    else:
        for id, said in told.items():
            typer.echo(f"{id:<13} {said}")
        if not told:
            typer.echo("No provider is set up: nothing to test. `affiche providers` says what each needs.")
    if not all(_fine(said) for said in told.values()):
        raise typer.Exit(2)


async def _asked(providers: list[Provider], there: Market) -> dict[str, str]:
    import asyncio

    from affiche.imagers import health

    settings = load()
    said = await asyncio.gather(*(health(one, there, settings) for one in providers))
    return {one.id: text for one, text in zip(providers, said, strict=True)}


def _fine(said: str) -> bool:
    return said == "ok" or said.startswith("not tested")
