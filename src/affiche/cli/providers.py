"""`affiche providers`: where pictures and words come from. Today these are the sources that need neither key nor network.

Each row is a real source of a build, with what it can give; model providers will be further rows of the same shape.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from affiche.cli.show import print_json


def providers(json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False) -> None:
    """List the sources of pictures and words, in the order in which a build asks them."""
    rows = _pictures() + _words()
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['gives']:<9} {row['id']:<12} {row['name']}. {row['note']}")
    typer.echo("\nNo model provider is built in yet: nothing is generated, nothing is paid.")


def _pictures() -> list[dict[str, Any]]:
    from affiche.compose.shipped_sets import shipped_sets

    studio = ", ".join(shipped_sets())
    return [
        _row("given", "pictures", "Given pictures", "Files that the brief names, made upright, measured and cut out"),
        _row("studio", "pictures", "Studio sets", f"Backdrops in the brand's colours: {studio}"),
        _row("type", "pictures", "Type alone", "A designed typographic creative when a product has no picture"),
    ]


def _words() -> list[dict[str, Any]]:
    from affiche.write.phrasebook import phrasebook

    texts = phrasebook().texts
    size = f"{len(next(iter(texts.values())))} buttons in {len(texts)} languages and variants"
    return [
        _row("copy", "words", "Given copy", "The words of the brief, product before campaign, locale before language"),
        _row("phrasebook", "words", "Phrasebook", size),
        _row("source", "words", "Source text", "The message as it is, flagged as untranslated"),
    ]


def _row(name: str, gives: str, title: str, note: str) -> dict[str, Any]:
    """The stable JSON form; `price` per call, `health` of a source on this machine."""
    return {
        "id": name, "gives": gives, "name": title, "note": note, "key": "not needed", "network": False,
        "price": {"amount": 0, "currency": "USD"}, "health": "ok",
    }  # fmt: skip
