"""Writes docs/reference.md from the code: commands, placement names, rules, templates, settings. `python -m house.reference`.

A page that is generated cannot forget anything; a test compares it with what this would write.
"""

from __future__ import annotations

from collections.abc import Iterator

from house.complaint import ROOT

PAGE = ROOT / "docs" / "reference.md"


def text() -> str:
    """The page as it should be."""
    parts = ("# Reference\n\nWritten by `./run reference` from the code; do not edit.\n", *_commands(), *_rules(), *_placements())
    return "\n".join(parts) + "\n"


def _commands() -> Iterator[str]:
    from affiche.cli.main import existing, loaded

    yield "## Commands\n"
    for name, row in existing().items():
        yield f"### `affiche {name}`\n\n{row.help}\n"
        rows = [_option(parameter) for parameter in _parameters(name, loaded(row))]
        yield "| option | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""


def _parameters(name: str, function: object) -> list[object]:
    import typer
    from typer.main import get_command

    if isinstance(function, typer.Typer):
        command = get_command(function)
    else:
        app = typer.Typer(add_completion=False)
        app.command(name)(function)  # type: ignore[type-var]
        command = get_command(app)
    shown = getattr(command, "commands", {None: command}).values()
    return [parameter for part in shown for parameter in part.params if parameter.name != "help"]


def _option(parameter: object) -> str:
    names = " ".join(f"`{name}`" for name in (*getattr(parameter, "opts", ()), *getattr(parameter, "secondary_opts", ())))
    if type(parameter).__name__.endswith("Argument"):
        names = f"`{str(getattr(parameter, 'metavar', None) or getattr(parameter, 'name', '')).upper()}`"
    return f"| {names} | {getattr(parameter, 'help', '') or ''} |"


def _rules() -> Iterator[str]:
    from affiche.check.table import RULES

    yield "## Rules\n"
    yield "| rule | |\n|---|---|\n" + "\n".join(f"| `{rule.id}` | {rule.rationale.split('. ')[0]} |" for rule in RULES) + "\n"


def _placements() -> Iterator[str]:
    from affiche.placement.shipped import shipped_catalog

    catalog = shipped_catalog()
    yield "## Placements by id\n\nSize in px, media, and the short names that a brief may use.\n"
    rows = [
        f"| `{placement.id}` | {placement.size} | {placement.media} | {', '.join(f'`{a}`' for a in placement.aliases)} |"
        for placement in catalog.all()
    ]
    yield "| id | size | media | also called |\n|---|---|---|---|\n" + "\n".join(rows)


def main() -> None:
    """Writes the page."""
    PAGE.write_text(text(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
