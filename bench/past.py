"""A past of 90 days for the page of numbers: campaigns, runs and creatives of a small one, written again with earlier dates.

They are rows of a registry that is in use, put there for the length of a block: other pages are measured without them. Each campaign
ran three times and paid two providers; its creatives are real documents with real findings.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

#: Days, campaigns of a day, runs of a campaign, times that the creatives of the small one are written for each.
DAYS, A_DAY, RUNS, TIMES = 90, 5, 3, 3
_DAY_US, _LETTERS = 86_400_000_000, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TABLES = ("creatives", "runs", "campaigns")
#: How long the registry may be busy with the build beside it, s.
_PATIENCE_S = 60.0

Columns = Mapping[str, Any]


@contextmanager
def past(home: Path, campaign: str, *, days: int = DAYS) -> Iterator[int]:
    """How many creatives there are of the last days, all like those of `campaign`, until the block ends."""
    with closing(sqlite3.connect(home / "registry.db", timeout=_PATIENCE_S)) as registry:
        registry.row_factory = sqlite3.Row
        written = _written(registry, campaign, days)
        try:
            yield len(written["creatives"])
        finally:
            for table in _TABLES:
                registry.executemany(f"DELETE FROM {table} WHERE id = ?", [(id,) for id in written[table]])
            registry.commit()


def _written(registry: sqlite3.Connection, campaign: str, days: int) -> Mapping[str, list[str]]:
    like = {
        "campaigns": _rows(registry, "campaigns", "id", campaign), "runs": _rows(registry, "runs", "campaign", campaign)[:1],
        "creatives": _rows(registry, "creatives", "campaign", campaign),
    }  # fmt: skip
    written: dict[str, list[str]] = {table: [] for table in _TABLES}
    for number in range(days * A_DAY):
        for table, rows in _campaign(like, number, random.Random(number)).items():
            _insert(registry, table, rows)
            written[table] += [str(row["id"]) for row in rows]
        if number % A_DAY == 0:
            registry.commit()  # the build beside it writes, too
    registry.commit()
    return written


def _campaign(like: Mapping[str, Sequence[Columns]], number: int, chance: random.Random) -> dict[str, list[Columns]]:
    """The rows of one campaign: it began `number // A_DAY` days ago, and ran again in the hours after."""
    begun = int(time.time() * 1e6) - (number // A_DAY) * _DAY_US - (number % A_DAY) * 3_600_000_000
    (campaign,), (run,) = like["campaigns"], like["runs"]
    id = _id("cmp", begun, chance)
    made = [_run(run, id, begun + again * 600_000_000, chance) for again in range(RUNS)]
    last, at = made[-1], made[-1]["created_at"]
    drawn: list[Columns] = [
        {**one, "id": _id("cre", at, chance), "campaign": id, "run": last["id"], "variant": f"{one['variant']}{again}", "created_at": at}
        for again in range(TIMES) for one in like["creatives"]
    ]  # fmt: skip
    begins = {"id": id, "slug": f"past-{number}", "name": f"Past {number}", "run": last["id"], "created_at": begun, "updated_at": begun}
    return {"campaigns": [{**campaign, **begins}], "runs": made, "creatives": drawn}


def _run(like: Columns, campaign: str, at: int, chance: random.Random) -> Columns:
    spent = {
        name: {"calls": chance.randint(1, 9), "failed": chance.randint(0, 1), "cost": f"{chance.random():.2f}", "currency": "USD"}
        for name in ("openai", "bfl")
    }  # fmt: skip
    took = chance.randint(2, 60) * 1_000_000
    return {
        **like, "id": _id("run", at, chance), "campaign": campaign, "created_at": at, "started_at": at + 500_000,
        "finished_at": at + took, "updated_at": at + took, "progress": json.dumps({**json.loads(like["progress"]), "spend": spent}),
    }  # fmt: skip


def _id(kind: str, at_us: int, chance: random.Random) -> str:
    """An id as the registry makes them: a ULID of that moment."""
    number = (at_us // 1000 << 80) | chance.getrandbits(80)
    return f"{kind}_" + "".join(_LETTERS[number >> shift & 31] for shift in range(125, -1, -5))


def _rows(registry: sqlite3.Connection, table: str, column: str, value: str) -> list[Columns]:
    return [dict(row) for row in registry.execute(f"SELECT * FROM {table} WHERE {column} = ?", (value,))]


def _insert(registry: sqlite3.Connection, table: str, rows: Sequence[Columns]) -> None:
    names = list(rows[0])
    command = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
    registry.executemany(command, [tuple(row[name] for name in names) for row in rows])
