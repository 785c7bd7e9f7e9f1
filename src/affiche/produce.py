"""The story, top to bottom; read this first.

    read -> plan -> write -> imagine -> compose -> encode -> check -> publish

`plan` turns a campaign that was read (`inputs.py`) into named steps; words are written on the way. `quote` compares the
plan with the ledger: what is reused, why the rest is not. `build` runs what is missing in render processes, records it
sheet by sheet and publishes the result. It yields what happens as it happens; its last event is `Built`. Kill it anywhere
and run it again: what was recorded is reused, the rest is made, and equal inputs give equal bytes.

Down from here: `plan/` (keys, reasons), `steps.py` (running them), `render/` (what a render process does), `gather.py`
(what became of them), `publish/` (the folder).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from affiche.errors import StorageError
from affiche.gather import gather
from affiche.plan.model import Plan
from affiche.plan.quote import Quote, to_run
from affiche.plan.quote import quote as quoted
from affiche.ports import Blobs, Ledger
from affiche.procure import SHELF, Bought, Trade, procured, there
from affiche.publish.model import PublishedRun
from affiche.publish.publish import PublishReport, publish
from affiche.steps import Crew, Event, run_steps, stored
from affiche.values.digest import Digest

#: Stored files that a creative may need: itself, its thumbnail, its picture. Bounds how often damage is mended in one build.
_FILES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The end of a build: what was published, and where."""

    run: PublishedRun
    report: PublishReport


def quote(plan: Plan, ledger: Ledger, blobs: Blobs, *, jobs: int) -> Quote:
    """What building `plan` would do. Reads the ledger, changes nothing."""
    have = stored(plan, ledger, blobs) | there(plan, ledger, blobs)
    made_from = ledger.last_made_from(plan.subject(creative) for creative in to_run(plan, have))
    return quoted(plan, have, made_from, jobs=jobs)


def build(
    plan: Plan, crew: Crew, *, ledger: Ledger, blobs: Blobs, out_dir: Path, today: date, trade: Trade | None = None,
    shelf: Digest = SHELF,
) -> Iterator[Event | Bought | Built]:  # fmt: skip
    """Makes what is missing and publishes everything. Raises StorageError; what fails in a creative is its finding.

    Pictures of models are bought through `trade` and remembered on `shelf`; without a trade they are not had.
    """
    started = time.monotonic()
    plan, bought = yield from procured(plan, trade, ledger=ledger, blobs=blobs, shelf=shelf)
    for left in range(len(plan.creatives) * _FILES, -1, -1):
        made = yield from run_steps(plan, crew, ledger=ledger, blobs=blobs, today=today)
        try:
            run = gather(plan, made, bought, seconds=time.monotonic() - started)
            report = publish(run, blobs, out_dir)
            break
        except StorageError:
            # A stored file may turn out to be damaged when it is read: then it is gone, and its step runs again.
            if not left or stored(plan, ledger, blobs) >= made.outcomes.keys():
                raise
    yield Built(run=run, report=report)
