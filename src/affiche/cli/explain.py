"""`affiche explain FILE`: what led to an output file, and what would make it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from affiche.cli.campaign import plan_of
from affiche.cli.show import print_json
from affiche.errors import InputError
from affiche.plan.explain import Explanation
from affiche.plan.explain import explain as explained
from affiche.publish import manifest
from affiche.settings import load
from affiche.values.digest import digest_bytes


def explain(
    file: Annotated[Path, typer.Argument(help="A file that a build made.")],
    brief: Annotated[Path | None, typer.Option(help="The brief: adds its lines, and what a build would do now.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what led to a creative, and what would make it again."""
    if not file.is_file():
        raise InputError(f"{file} does not exist", hint="name a file in the output folder of a build")
    found = manifest.find(file)
    if found is None:
        raise InputError(f"no manifest names {file}", hint="name a creative in the output folder of a build")
    known, row = found
    path = next(f["path"] for f in row["files"] if file.resolve().as_posix().endswith("/" + f["path"]))
    plan = plan_of(brief, load(), {}) if brief else None
    answer = explained(row, path, known.data["versions"], plan)
    altered = digest_bytes(file.read_bytes()) != answer.file["sha256"]
    if json:
        print_json({**answer.as_dict(), "altered": altered})
        return
    typer.echo(text(answer, altered=altered))


def text(answer: Explanation, *, altered: bool) -> str:
    """The answer for people."""
    row, file = answer.creative, answer.file
    lines = [
        file["path"] + ("   (was altered since it was built)" if altered else ""),
        f"  {row['product_name']} in {row['locale']} for {row['placement_name']} ({row['placement']}), variant {row['variant']}",
        f"  {file['width']} x {file['height']} px, {file['bytes'] / 1000:.1f} kB, {file['format']}, {row['status']}",
        "",
        "made from",
    ]
    for source in answer.sources:
        lines.append(f"  {source.role:<10} {source.value!r} ({source.origin}{', ' + source.where if source.where else ''})")
    lines.append(f"  {'template':<10} {row['template']}")
    lines += [f"  {name:<10} {value}" for name, value in answer.versions.items()]
    lines += ["", "decided", *(f"  {note}" for note in row.get("notes", ()))] if row.get("notes") else []
    wrong = [f for f in row["findings"] if f["status"] in ("warn", "fail", "error")]
    lines += ["", "findings" if wrong else "no findings"]
    lines += [f"  {f['status']:<5} {f['rule']}: {f['message']}" for f in wrong]
    lines += ["", "made again when one of these changes", *(f"  {what}" for what in answer.rebuild)]
    return "\n".join([*lines, "", answer.now] if answer.now else lines)
