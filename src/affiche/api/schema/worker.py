"""Workers: who does the work, and what each has in hand."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from affiche.api.schema.shape import Out
from affiche.registry.runs import State as RunState
from affiche.registry.workers import State


class WorkerTask(Out):
    """What a worker has in hand: a stage of a run (`start`, `finish`), or one part of a large run."""

    run: str
    campaign: str
    name: str = Field(description="Of the campaign.")
    stage: str
    part: str = Field(description="Its number; empty when it is the whole stage.")
    state: RunState = Field(description="Of the run.")
    done: int = Field(description="Steps of the run that are done, by all workers.")
    steps: int = Field(description="All steps of the run; 0 = not told yet.")
    since: datetime


class Worker(Out):
    """A worker. `id` is its name in logs; moments are by the clock of the registry's database."""

    id: str
    host: str
    pid: int
    version: str
    processes: int = Field(description="Render processes.")
    state: State = Field(
        description="`silent`: not heard of for longer than `lease_s`; others continue its work. `draining`: takes nothing more."
    )
    since: datetime
    seen_at: datetime = Field(description="Its last sign of life.")
    silent_s: float = Field(description="How long ago that was, s.")
    lease_s: int
    steps: int = Field(description="Steps that it ran since then; what lay in the ledger already is not counted.")
    work: list[WorkerTask] = Field(description="Of runs of your tenant.")


class Workers(Out):
    """All of them, oldest first; a silent one stays for ten minutes."""

    items: list[Worker]
