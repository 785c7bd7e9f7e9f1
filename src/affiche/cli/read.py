"""`affiche read FILE...`: what Affiche understands of a brief, ours or somebody else's, before anything is built."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from affiche.brief.model import Brief
from affiche.brief.read import read_briefs
from affiche.errors import InputError
from affiche.inputs import open_input
from affiche.values.problem import Problem, Where, has_errors

#: One campaign that was (or was not) read: path as typed (`#2` for the second of a file), brief, problems.
Entry = tuple[str, Brief | None, tuple[Problem, ...]]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("read")(read)


def read(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Briefs: YAML, JSON, or Markdown with front matter."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, stable.")] = False,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="Print the brief in Affiche's own format, to keep it.")
    ] = False,
) -> None:
    """Reads briefs and says what is understood, assumed and wrong. Changes nothing. Exit code 2 if one cannot be used."""
    entries = [entry for file in files for entry in _entries(file)]
    if as_json:
        typer.echo(json.dumps({"files": [_plain(entry) for entry in entries]}, ensure_ascii=False, indent=2))
    elif as_yaml:
        _print_yaml(entries)
    else:
        _print(entries)
    if any(brief is None or has_errors(problems) for _, brief, problems in entries):
        raise typer.Exit(2)


def _entries(file: Path) -> Iterable[Entry]:
    try:
        data = open_input(file)
    except InputError as error:
        problem = Problem(
            severity="error",
            code="file.unreadable",
            where=Where(file=str(file)),
            message=str(error),
            hint=error.hint,
        )
        return [(str(file), None, (problem,))]
    readings = read_briefs(data, file=str(file))
    return [
        (str(file) if number == 1 else f"{file}#{number}", brief, problems)
        for number, (brief, problems) in enumerate(readings, 1)
    ]


def _plain(entry: Entry) -> dict[str, Any]:
    from affiche.brief.json import to_json

    path, brief, problems = entry
    return {
        "path": path,
        "ok": brief is not None and not has_errors(problems),
        "brief": to_json(brief) if brief else None,
        "problems": [problem.as_dict() for problem in problems],
    }


def _print_yaml(entries: list[Entry]) -> None:
    from affiche.brief.normal import to_yaml

    texts = [to_yaml(brief) for _, brief, _ in entries if brief]
    typer.echo("---\n".join(texts), nl=False)
    for path, brief, problems in entries:
        errors = [problem for problem in problems if problem.severity == "error"]
        for problem in errors if brief is None else problems:
            typer.echo(f"{problem.severity}: {problem.where or path}: {problem.message}", err=True)


def _print(entries: list[Entry]) -> None:
    from rich.console import Console

    from affiche.cli.problems import print_problems

    console = Console()
    for number, (path, brief, problems) in enumerate(entries):
        if number:
            console.print()
        console.print(path, style="bold", markup=False, highlight=False)
        if brief:
            console.print(_table(brief))
        print_problems(console, problems)
        if not brief:
            console.print("This brief cannot be used as it is.", style="red")


def _table(brief: Brief) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _facts(brief):
        if value:
            table.add_row(label, Text(value))
    return table


def _facts(brief: Brief) -> Iterable[tuple[str, str]]:
    words = brief.message.words
    yield "campaign", brief.campaign if brief.name == brief.campaign else f"{brief.campaign} · {brief.name}"
    yield f"message ({brief.message.locale})", "\n".join(f"{role}: {text}" for role, text in words.items())
    yield "audience", brief.audience
    for market in brief.markets:
        yield "market", f"{market.region or market.name}: {', '.join(market.locales)}"
    for product in brief.products:
        picture = f" · {product.picture.path}" if product.picture and product.picture.path else ""
        only = f" · only {', '.join(product.locales)}" if product.locales else ""
        yield "product", f"{product.id} · {product.name}{picture}{only}"
    yield (
        "brand",
        " · ".join(
            part
            for part in (brief.brand.file, brief.brand.name, " ".join(brief.brand.colors), brief.brand.logo)
            if part
        ),
    )
    yield "copy in", ", ".join(brief.copy)
    yield "placements", ", ".join(brief.placements)
    yield "variants", ", ".join(v.id for v in brief.variants) if len(brief.variants) > 1 else ""
    yield "creatives", f"{_count(brief)}"


def _count(brief: Brief) -> int:
    per_product = sum(len(brief.locales_of(product)) for product in brief.products)
    return per_product * len(brief.placements) * len(brief.variants)
