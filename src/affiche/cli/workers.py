"""`affiche workers`: who does the work of the service. Reads the registry itself, so whoever may run it is an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from affiche.cli.key import Tenant, opened
from affiche.cli.show import print_json

if TYPE_CHECKING:
    from affiche.api.schema.worker import Worker, WorkerTask


def workers(
    json: Annotated[bool, typer.Option("--json", help="Print an array of objects with an id.")] = False, tenant: Tenant = ""
) -> None:
    """List workers: state, version, since when, last sign of life, steps done, and what each has in hand."""
    with opened(tenant) as (connection, scope):
        from affiche.api.schema.worker import Worker
        from affiche.registry.workers import all_of

        found = [Worker(**row) for row in all_of(connection, scope)]
    if json:
        print_json([worker.model_dump(mode="json") for worker in found])
        return
    for worker in found:
        typer.echo(_line(worker))
        for task in worker.work:
            typer.echo(f"    {_task(task)}")
    if not found:
        typer.echo("No worker is there: what is accepted waits until one begins (affiche work).")


def _line(worker: Worker) -> str:
    lives = f"since {worker.since:%Y-%m-%d %H:%M} UTC, heard of {worker.silent_s:.0f} s ago"
    return f"{worker.id}  {worker.state:<8}  {worker.version}  {lives}, {worker.steps} steps"


def _task(task: WorkerTask) -> str:
    which = f"{task.stage}/{task.part}" if task.part else task.stage  # as in the log's `step`
    done = f", {task.done} of {task.steps} steps" if task.steps else ""
    return f"{task.run}  {task.name}  {which}  {task.state}{done}"
