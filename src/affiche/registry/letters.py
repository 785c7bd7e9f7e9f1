"""Dead letters: work that was given up, with its reason, until somebody replays it. Runs, and rows of the outbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from affiche.errors import NotFound
from affiche.registry import outbox, runs
from affiche.registry.scope import Scope
from affiche.registry.tables.flow import events
from affiche.registry.tables.work import runs as table

_ROW = re.compile(r"out_(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`id`: of the run, or `out_<number>` of the outbox. `kind`: `run`, or what the outbox was to hand on (`run.submit`, ...)."""

    id: str
    kind: str
    subject: str
    reason: str
    tries: int
    at: datetime


def all_of(connection: sa.Connection, scope: Scope) -> list[Letter]:
    """The dead letters of a tenant, oldest first."""
    given_up = sa.select(events.c.run).where(events.c.kind == "run.dead-letter", events.c.tenant == scope.tenant)
    query = sa.select(table).where(scope.on(table), table.c.state == "failed", table.c.id.in_(given_up))
    found = [
        Letter(
            id=row.id, kind="run", subject=row.id, reason=row.reason, tries=row.attempt + 1, at=row.finished_at or row.updated_at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
    found += [
        Letter(
            id=f"out_{row['seq']}", kind=row["kind"], subject=row["subject"], reason=row["error"], tries=row["tries"],
            at=row["created_at"],
        )
        for row in outbox.dead(connection, scope.tenant)
    ]  # fmt: skip
    return sorted(found, key=lambda letter: letter.at)


def replay(connection: sa.Connection, scope: Scope, id: str) -> Letter:
    """Tries it again; the letter as it was. Raises NotFound."""
    letter = next((letter for letter in all_of(connection, scope) if letter.id == id), None)
    if letter is None:
        raise NotFound(f"there is no dead letter {id[:80]!r}")
    row = _ROW.fullmatch(id)
    if row is None:
        runs.wish(connection, scope, id, "retry")
    else:
        outbox.replay(connection, scope.tenant, int(row[1]))
    return letter
