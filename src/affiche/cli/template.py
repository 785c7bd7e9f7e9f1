"""`affiche template`: for authors of templates. `check` lays out every stress case, `proof` draws them on one sheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from affiche.cli.show import print_json, problems_text
from affiche.compose.template.model import Template
from affiche.errors import InputError

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="FILE|ID", help="A template file, or the id of a shipped template.")]


@app.command("check")
def check(
    template: Which, json: Annotated[bool, typer.Option("--json", help="Print an array of objects, one per fault.")] = False
) -> None:
    """Lay out hard copy, ugly logos and missing pictures in every aspect class; list what does not hold, and where.

    Exit code 2 when there is a fault: a brief cannot use such a template.
    """
    from affiche.compose.proof.examine import faults

    found = list(faults(_read(template)))
    if json:
        print_json([
            {"kind": f.kind, "case": f.case, "size": str(f.size), "locale": f.locale, "slot": f.slot, "message": f.message,
             "rect": [round(v, 1) for v in f.rect.as_tuple()]}
            for f in found
        ])  # fmt: skip
    else:
        for fault in found:
            typer.echo(f"{fault.kind:<10} {fault}")
        typer.echo(f"{template}: {len(found)} fault{'' if len(found) == 1 else 's'}" if found else f"{template} holds every case")
    if found:
        raise typer.Exit(2)


@app.command("proof")
def proof(
    template: Which,
    out: Annotated[Path, typer.Option("--out", help="The picture to write (PNG).")] = Path("proof.png"),
) -> None:
    """Draw one sheet: every aspect class in hard locales, with stand-ins for pictures and logo."""
    from affiche import wire

    try:
        out.write_bytes(wire.proof_sheet(_read(template)))
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}") from None
    typer.echo(str(out))


def _read(template: str) -> Template:
    """A template by path or id. Raises InputError with its problems told."""
    from affiche.compose.template.read import read_template
    from affiche.compose.template.shipped import is_file, shipped_ids, shipped_template
    from affiche.inputs import open_input

    if template in shipped_ids():
        return shipped_template(template)
    if not is_file(template):
        raise InputError(f"there is no template {template!r}", hint=f"ids are {', '.join(shipped_ids())}; or name a file")
    found, problems = read_template(open_input(Path(template)), file=template)
    if problems:
        sys.stderr.write(problems_text(problems) + "\n")
    if found is None:
        raise InputError(f"{template} cannot be used: see above")
    return found
