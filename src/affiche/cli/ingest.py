"""`affiche ingest`: bring in what lies in a folder, under a prefix or in a queue; say what was refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affiche import wire
from affiche.errors import UsageError
from affiche.settings import Settings, load

if TYPE_CHECKING:
    from affiche.ingest.dock import Dock

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="Bring in pictures, fonts, feeds and briefs."
)

Brand = Annotated[str, typer.Option("--brand", help="The brand that everything is for: its slug.")]
Run = Annotated[bool, typer.Option("--build/--no-build", help="Whether briefs are built, or only stored.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one line for each file.")]
_BAD = ("refused", "failed")


@app.command("place")
def place(
    place: Annotated[str, typer.Argument(help="A folder, or s3://bucket/prefix (az://, gs://, file:///).")],
    brand: Brand = "",
    build: Run = True,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every few seconds, until told to end.")] = False,
    json: Json = False,
) -> None:
    """Bring in what is new or changed at a place. Exit code 2 when something was refused."""
    import time

    with _docked(brand, build=build) as (at, settings):
        from affiche.ingest.arrive import all_of
        from affiche.ingest.ways import EVERY_S, inbox_of

        inbox = inbox_of(place, settings)
        bad = _said(all_of(at, inbox), json=json)
        while watch:
            time.sleep(EVERY_S)
            _said(all_of(at, inbox), json=json)
    if bad:
        raise typer.Exit(2)


@app.command("queue")
def queue(
    queue: Annotated[str, typer.Argument(help="The address of a queue of SQS that a bucket tells of new objects.")],
    place: Annotated[str, typer.Option("--from", help="The bucket and prefix that it tells of: s3://bucket/prefix.")],
    brand: Brand = "",
    build: Run = True,
    once: Annotated[bool, typer.Option("--once", help="End when the queue is empty.")] = False,
    json: Json = False,
) -> None:
    """Bring in the objects that a queue tells of, until told to end."""
    with _docked(brand, build=build) as (at, settings):
        from affiche import inlets
        from affiche.ingest.ways import heard, inbox_of

        inbox, asked = inbox_of(place, settings), inlets.queue(queue)
        while True:
            rows = list(heard(at, asked, inbox))
            _said(rows, json=json)
            if once and not rows:
                return


@app.command("redrive")
def redrive(queue: Annotated[str, typer.Argument(help="The address of the queue, not of its dead letters.")]) -> None:
    """Bring back the messages that a queue has put aside, once their cause is mended."""
    from affiche import inlets

    typer.echo(f"{inlets.queue(queue).redrive()} messages are back in the queue")


@app.command("report")
def report(
    state: Annotated[str, typer.Option("--state", help="taken, known, refused or failed; without it what went wrong.")] = "",
    json: Json = False,
) -> None:
    """List what came in, and why something was refused. Exit code 2 when something went wrong."""
    with _docked("", build=False) as (at, _):
        from affiche.registry import arrivals

        with at.registry.read() as c:
            counts = arrivals.counts(c, at.scope)
            rows = arrivals.listed(c, at.scope, (state,) if state else _BAD)
    bad = _said(rows, json=json)
    if not json:
        typer.echo(", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing has come in yet")
    if bad:
        raise typer.Exit(2)


@contextmanager
def _docked(brand: str, *, build: bool) -> Iterator[tuple[Dock, Settings]]:
    try:
        from affiche.ingest.aside import Aside
        from affiche.ingest.embed import Meanings
        from affiche.ingest.ways import dock
        from affiche.registry.migrate import upgrade
        from affiche.registry.open import open_registry
    except ModuleNotFoundError as missing:
        raise UsageError(f"this needs {missing.name}", hint="pip install 'affiche[service]'") from None
    settings = load()
    registry, aside = open_registry(settings.database_url, settings.home, seals=wire.seals(settings)), Aside()
    meanings = Meanings(settings)
    try:
        upgrade(registry)
        yield dock(settings, registry, aside, meanings, brand=brand, run=build), settings
    finally:
        aside.close()
        meanings.close()
        registry.close()


def _said(rows: Iterable[Any], *, json: bool) -> int:
    """Says what became of files as it becomes known; how many went wrong."""
    import json as as_json

    bad = 0
    for row in rows:
        bad += row["state"] in _BAD
        if json:
            shown = ("place", "name", "state", "asset", "campaign", "reason", "hint", "tries")
            typer.echo(as_json.dumps({name: row[name] for name in shown}, ensure_ascii=False))
        else:
            what = row["campaign"] or row["asset"]
            typer.echo(f"{row['state']:<8} {row['name']}" + (f"  {what}" if what else "") + _why(row))
    return bad


def _why(row: Any) -> str:
    return (f"\n         {row['reason']}" if row["reason"] else "") + (f"\n         {row['hint']}" if row["hint"] else "")
