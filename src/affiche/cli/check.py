"""`affiche check FILE...`: what can be said of any picture file, also one that Affiche did not make.

May live here: the command, and how its answer is printed. What is looked at: `examine.py` beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from affiche.check.run import worst_first
from affiche.cli.examine import Examined, ask, examine, write_overlay
from affiche.cli.show import print_json
from affiche.errors import AfficheError
from affiche.values.finding import Finding

_COLORS = {"fail": "red", "error": "magenta", "warn": "yellow", "pass": "green", "skip": "bright_black"}
_WORDS = {"fail": "FAIL", "error": "ERROR", "warn": "warn", "pass": "ok"}


def check(
    files: Annotated[
        list[Path], typer.Argument(help="Pictures: PNG, JPEG, WebP, AVIF, GIF, TIFF.", show_default=False)
    ],
    placement: Annotated[str, typer.Option(help="The placement that the files are meant for.")] = "",
    logo: Annotated[Path | None, typer.Option(help="A logo to look for in the pictures.")] = None,
    brand: Annotated[
        Path | None, typer.Option(help="A brand file: its colours and its logo are looked for.")
    ] = None,
    overlay: Annotated[
        Path | None, typer.Option(help="Draw the findings: a PNG, or a folder for several files.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help='Print {"files": [...]}.')] = False,
) -> None:
    """Check finished pictures: size, weight, format, border, logo, colours; exit code 3 when one fails."""
    question = ask(placement=placement, logo=logo, brand=brand)
    examined = [examine(path, question) for path in files]
    written = write_overlay(overlay, examined) if overlay else ()
    if json:
        print_json({"files": [_as_dict(one) for one in examined]})
    else:
        typer.echo("\n".join(line for one in examined for line in _told(one)))
        for path in written:
            typer.echo(f"findings drawn: {path}")
    raise typer.Exit(_exit_code(examined))


def _exit_code(examined: Iterable[Examined]) -> int:
    statuses = [one.status for one in examined]
    if any(one.error for one in examined):
        return 2
    return 1 if "error" in statuses else 3 if "failed" in statuses else 0


def _error(error: AfficheError) -> dict[str, str]:
    return {"code": error.code, "message": str(error), "hint": error.hint}


def _failed(error: AfficheError) -> str:
    return typer.style(f"error: {error}", fg="red") + (f"\n  -> {error.hint}" if error.hint else "")


def _as_dict(one: Examined) -> dict[str, Any]:
    facts = one.facts
    return {
        "id": str(one.path),
        "path": str(one.path),
        "ok": one.error is None,
        "status": one.status,
        "error": _error(one.error) if one.error else None,
        "format": facts.format if facts else None,
        "width": facts.size.width if facts else None,
        "height": facts.size.height if facts else None,
        "bytes": one.bytes,
        "placement": one.placement.id if one.placement else None,
        "fits_placements": list(one.fitting),
        "findings": [finding.as_dict() for finding in one.findings],
        "recorded": one.recorded.as_dict() if one.recorded else None,
    }


def _told(one: Examined) -> Iterator[str]:
    if one.error is not None:
        yield f"{one.path}\n  {_failed(one.error)}"
        return
    facts = one.facts
    assert facts is not None
    meant = f", for {one.placement.id}" if one.placement else ""
    yield (
        typer.style(f"{one.path}", bold=True)
        + f"  {facts.size} {facts.format}, {one.bytes / 1000:.1f} kB{meant}: {one.status}"
    )
    yield from _findings(one.findings)
    if one.placement is None:
        fitting = ", ".join(one.fitting[:6]) or "none of the catalog"
        yield f"  no placement was given; placements of exactly this size: {fitting}"
    if one.recorded:
        yield f"  made by Affiche ({one.recorded.told}); found when it was built:"
        yield from _findings(one.recorded.findings)


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    skipped: dict[str, list[str]] = {}
    for finding in worst_first(findings):
        if finding.status == "skip":
            skipped.setdefault(finding.message.removeprefix("not checked: "), []).append(finding.rule)
            continue
        word = typer.style(f"{_WORDS[finding.status]:<5}", fg=_COLORS[finding.status])
        numbers = " / ".join(part for part in (finding.measured, finding.limit) if part)
        yield f"  {word} {finding.rule:<18} {finding.message}" + (f"  ({numbers})" if numbers else "")
        if finding.hint and finding.status != "pass":
            yield f"  {'':<24} -> {finding.hint}"
    for why, rules in skipped.items():
        yield typer.style(f"  not checked, {why}: {', '.join(rules)}", fg=_COLORS["skip"])
