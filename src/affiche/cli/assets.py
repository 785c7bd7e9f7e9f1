"""`affiche assets`: pictures of the library by what they mean: make their vectors, and find them by a phrase or a picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affiche import wire
from affiche.cli.show import print_json
from affiche.errors import UsageError
from affiche.settings import Settings, load

if TYPE_CHECKING:
    from affiche.ingest.embed import Meanings
    from affiche.registry.open import Registry

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Pictures of the library by meaning.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("embed")
def embed(json: Json = False) -> None:
    """Make the vectors that pictures lack, or have of another model. Ended, it goes on where it was. Exit code 2 for failures."""
    with _opened() as (registry, meanings, settings):
        from affiche.ingest.embed import embed_missing
        from affiche.registry import vectors

        blobs, made, bad = wire.blobs(settings), 0, []
        for one in embed_missing(registry, blobs.get, meanings):
            bad += [one] if one.problem else []
            made += not one.problem
            if made and made % 500 == 0 and not one.problem and not json:
                typer.echo(f"{made:>8} pictures")
        with registry.read() as c:
            done, every = vectors.counts(c, meanings.model())
    if json:
        failed = [{"asset": one.id, "name": one.name, "problem": one.problem} for one in bad]
        print_json({"made": made, "have": done, "pictures": every, "failed": failed})
    else:
        for one in bad:
            typer.echo(f"failed   {one.name}  {one.id}\n         {one.problem}")
        typer.echo(f"{made} vectors made; {done} of {every} pictures are found by meaning")
    if bad:
        raise typer.Exit(2)


@app.command("find")
def find(
    phrase: Annotated[str, typer.Argument(help="What the pictures are about.")] = "",
    picture: Annotated[Path | None, typer.Option("--picture", help="A picture that they are like.", exists=True)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 20,
    json: Json = False,
) -> None:
    """List the pictures that a phrase is about, or that mean what a picture shows: the cosine, the nearest first."""
    if bool(phrase.strip()) == bool(picture):
        raise UsageError("say a phrase or --picture", hint="affiche assets find 'a can on a beach'")
    with _opened() as (registry, meanings, _):
        from affiche.ingest.examine import examine
        from affiche.registry import library
        from affiche.registry.scope import HOME_TENANT, Scope

        if picture is None:
            meaning = meanings.of_phrase(phrase.strip())
        else:
            meaning = meanings.of_thumbnail(examine(picture.read_bytes(), picture.name).thumbnail)
        with registry.read() as c:
            scope, wanted = Scope(tenant=HOME_TENANT), library.Filter()
            found = library.by_meaning(c, scope, wanted, meaning.model, to=meaning.vector, limit=limit)
    if json:
        print_json([{"asset": row["id"], "name": row["name"], "likeness": score} for row, score in found])
        return
    for row, score in found:
        typer.echo(f"{score:7.3f}  {row['id']}  {row['name']}")
    if not found:
        typer.echo("no picture has a vector of this model yet: affiche assets embed")


@contextmanager
def _opened() -> Iterator[tuple[Registry, Meanings, Settings]]:
    try:
        from affiche.ingest.embed import Meanings
        from affiche.registry.migrate import upgrade
        from affiche.registry.open import open_registry
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint="pip install 'affiche[service]'") from None
    settings = load()
    meanings = Meanings(settings)
    meanings.check()
    registry = open_registry(settings.database_url, settings.home, seals=wire.seals(settings))
    try:
        upgrade(registry)
        yield registry, meanings, settings
    finally:
        meanings.close()
        registry.close()
