"""`affiche work`: a worker of the service, until it is told to end."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from affiche.settings import load


def work(
    jobs: Annotated[int, typer.Option(min=0, help="Render processes; 0 = one per core.")] = 0,
) -> None:
    """Plan, draw, check and publish the runs that the service has accepted. SIGTERM: finish what has begun, then end."""
    from affiche.serve.logs import set_up
    from affiche.work.worker import work as run

    set_up()
    settings = load()
    run(replace(settings, jobs=jobs or settings.jobs), ready=lambda: typer.echo("ready"))
