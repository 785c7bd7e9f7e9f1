"""`affiche schema brief`: JSON Schemas of the files that users write, for editors and validators."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from affiche.errors import UsageError
from affiche.notation.guess import did_you_mean

#: Kind of file -> the module whose `json_schema()` describes it. Loaded only when asked for.
SCHEMAS = {
    "brief": "affiche.brief.schema",
    "brand": "affiche.brand.schema",
    "memory": "affiche.write.schema",
    "template": "affiche.compose.template.schema",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("schema")(schema)


def schema(
    kind: Annotated[str, typer.Argument(help="brief, brand, memory, template; nothing lists them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The list of kinds as JSON.")] = False,
) -> None:
    """Prints the JSON Schema of a kind of file; editors complete and check with it."""
    if not kind:
        listed = [
            {"id": name, "title": json_schema(name).get("title", name)} for name in SCHEMAS if _exists(name)
        ]
        typer.echo(
            json.dumps(listed, indent=2)
            if as_json
            else "\n".join(f"{row['id']:10} {row['title']}" for row in listed)
        )
        return
    typer.echo(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of `kind`. Raises UsageError when there is no such kind."""
    if kind not in SCHEMAS or not _exists(kind):
        known = [name for name in SCHEMAS if _exists(name)]
        hint = did_you_mean(kind, known) or "known: " + ", ".join(known)
        raise UsageError(f"there is no schema {kind!r}", hint=hint)
    make: Callable[[], dict[str, Any]] = import_module(SCHEMAS[kind]).json_schema
    return make()


def _exists(kind: str) -> bool:
    try:
        return hasattr(import_module(SCHEMAS[kind]), "json_schema")
    except ModuleNotFoundError:
        return False
