"""`affiche build`: makes what is missing of one or many briefs, publishes it, and says how it went."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from affiche import wire
from affiche.cli.campaign import BadBrief, campaign_of, chosen_by, plan_from, problems_of, tell, today
from affiche.cli.progress import Progress, shown
from affiche.cli.show import print_json
from affiche.cli.writing import written_plan
from affiche.errors import InputError
from affiche.plan.model import Plan
from affiche.ports import Ledger
from affiche.procure import Bought, Trade
from affiche.produce import Built
from affiche.produce import build as build_plan
from affiche.publish.model import PublishedRun, money_as_dict, status_counts
from affiche.settings import Settings, load
from affiche.steps import Crew

#: Exit codes (DESIGN, check): nothing failed, bad input, built with failed creatives.
OK, BAD_INPUT, FAILED = 0, 2, 3


def build(
    briefs: Annotated[list[Path], typer.Argument(help="Brief files.")],
    out: Annotated[Path | None, typer.Option(help="Where campaigns are published.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only these: locale=de-DE,product=yuzu.")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Render processes; 0 = one per core.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print what was built as JSON.")] = False,
) -> None:
    """Make the creatives of briefs: only what is missing or changed. Stop it at any time; the same command continues."""
    # What is loaded stays, and what a build makes it mostly keeps: looking for cycles among it every 700 values took a tenth.
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    build_all(briefs, load(), out=out, only=only, jobs=jobs, json=json)


def build_all(
    briefs: list[Path], settings: Settings, *, out: Path | None, only: list[str] | None, jobs: int, json: bool
) -> None:
    """As the command, with other settings. Raises typer.Exit with the exit code."""
    chosen = chosen_by(only or [])
    results: list[dict[str, Any]] = []
    codes = []
    with (
        wire.ledger(settings, write=True) as ledger,
        wire.crew(settings, jobs) as crew,
        shown(quiet=json) as progress,
    ):
        for brief in briefs:
            try:
                planned = written_plan(brief, settings, chosen, ledger, progress.say)
            except InputError as bad:
                results.append(_refused(brief, bad, told=json or len(briefs) > 1))
                codes.append(BAD_INPUT)
                continue
            trade = _trade(brief, planned, settings, chosen)
            built = _built(
                planned, settings, crew, ledger, out=(out or settings.out).absolute(), progress=progress, trade=trade
            )
            if json:
                results.append(as_dict(built))
            codes.append(FAILED if _has_failed(built.run) else OK)
    if json:
        print_json(results[0] if len(briefs) == 1 else {"campaigns": results}, repeated="findings")
    raise typer.Exit(max(codes, default=OK))


def _refused(brief: Path, bad: InputError, *, told: bool) -> dict[str, Any]:
    """What is said of a brief that cannot be built. One brief alone is an error; among several the others go on."""
    problems = problems_of(brief, bad)
    if isinstance(bad, BadBrief):
        tell(problems)
    elif not told:
        raise bad
    typer.echo(f"affiche: {bad.public}" + (f"\n  {bad.hint}" if bad.hint else ""), err=True)
    return {"campaign": None, "brief": str(brief), "creatives": [], "problems": [p.as_dict() for p in problems]}


def _trade(brief: Path, planned: Plan, settings: Settings, chosen: Mapping[str, frozenset[str]]) -> Trade | None:
    """Who buys the pictures that the plan wishes; None when it wishes none."""
    if not planned.wishes:
        return None
    from affiche.dealers import notices  # most builds buy nothing

    for notice in notices(settings, today()):
        typer.echo(notice, err=True)
    campaign = campaign_of(brief)
    return wire.shop(campaign, settings, today(), lambda refused: plan_from(campaign, settings, chosen, refused))


def _built(
    planned: Plan, settings: Settings, crew: Crew, ledger: Ledger, *, out: Path, progress: Progress, trade: Trade | None
) -> Built:
    progress.start(planned.campaign, len(planned.creatives))
    blobs = wire.blobs(settings)
    for event in build_plan(planned, crew, ledger=ledger, blobs=blobs, out_dir=out, today=today(), trade=trade):
        if isinstance(event, Built):
            progress.say(summary(event))
            return event
        if isinstance(event, Bought):
            progress.say(f"  {event.told()}")
        else:
            progress.take(event)
    raise AssertionError("a build ends with what was built")


def _has_failed(run: PublishedRun) -> bool:
    counts = status_counts(run.creatives)
    return bool(counts["failed"] or counts["error"])


def as_dict(built: Built) -> dict[str, Any]:
    """The stable JSON form. Paths of files are absolute."""
    run, folder = built.run, built.report.folder
    creatives = []
    rows = {(row["product"], row["locale"], row["placement"], row["variant"]): row for row in built.report.rows}
    for creative in run.creatives:
        row = rows[creative.identity]
        creatives.append({**row, "files": [{**file, "path": os.path.join(folder, file["path"])} for file in row["files"]]})
    return {
        "campaign": run.campaign,
        "folder": str(folder),
        "gallery": str(built.report.gallery),
        "creatives": creatives,
        "steps": dict(run.steps),
        "cost": money_as_dict(run.cost),
        "seconds": round(run.seconds, 3),
        "problems": [problem.as_dict() for problem in run.problems],
    }


def summary(built: Built) -> str:
    """How it went, for people."""
    run, report = built.run, built.report
    counts = ", ".join(f"{count:,} {status}" for status, count in status_counts(run.creatives).items() if count)
    lines = [f"  {counts}; {run.steps['ran']:,} steps run, {run.steps['reused']:,} reused in {run.seconds:.1f} s"]
    errors = {f.message: None for c in run.creatives if c.status == "error" for f in c.findings if f.status == "error"}
    lines += [f"  error: {message}" for message in list(errors)[:8]]
    if report.repaired:
        files = "1 file" if len(report.repaired) == 1 else f"{len(report.repaired):,} files"
        lines.append(f"  {files} altered or deleted since the last build: put back")
    lines += [f"  {path} was not made by Affiche and was kept" for path in report.aside[:8]]
    if report.unchanged:
        lines.append("  nothing changed")
    return "\n".join([*lines, f"  {report.gallery}"])
