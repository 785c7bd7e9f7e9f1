"""What a run published, as rows of the registry: creatives with the three digests that approvals bind to, totals, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from affiche.produce import Built
from affiche.publish.model import (
    PublishedCreative,
    PublishedRun,
    creative_as_dict,
    money_as_dict,
    status_counts,
)
from affiche.registry import creatives, runs
from affiche.registry.scope import Row
from affiche.values.digest import digest

NO_LOOKS: Mapping[str, str] = MappingProxyType({})


def record(
    connection: sa.Connection, run: Row, built: Built, *, fence: int | None = None, looks: Mapping[str, str] = NO_LOOKS
) -> bool:
    """Stores what was built and moves the run on. False, and nothing is stored, when the fence is old.

    `looks`: what thumbnails look like; those that are not in it are worked out when somebody compares them.
    """
    counts = status_counts(built.run.creatives)
    bad = counts["failed"] + counts["error"]
    also: dict[str, Any] = {
        "totals": {
            "creatives": len(built.run.creatives), **{str(k): n for k, n in counts.items()},
            "steps": _steps(run, built.run.steps),
            "rules": _rules(built.run.creatives),
            **{name: told for name, told in (run["progress"] or {}).items() if name == "words"},
        },
        "cost": money_as_dict(built.run.cost), "folder": str(built.report.folder),
        "reason": f"{bad} of {len(built.run.creatives)} creatives failed" if bad else "",
    }  # fmt: skip
    if not runs.move(connection, run["id"], "partial" if bad else "needs-review", fence=fence, **also):
        return False
    creatives.put(connection, run, [row_of(creative, looks) for creative in built.run.creatives])
    return True


def divided_of(run: Row) -> Row:
    """What the progress of a divided run keeps to its end: how many steps had to be made when it was divided."""
    divided = (run["progress"] or {}).get("divided")
    return {"divided": divided} if divided else {}


def paid_of(run: Row) -> Row:
    """What the progress of a run tells of its providers: another attempt adds to it, for what was paid stays paid."""
    spend = (run["progress"] or {}).get("spend")
    return {"spend": spend} if spend else {}


def _steps(run: Row, steps: Mapping[str, int]) -> dict[str, int]:
    """Steps that ran and that were there. What parts of a divided run made is there at its end, and ran all the same."""
    made = min(steps["reused"], divided_of(run).get("divided", {}).get("steps", 0))
    return {**steps, "ran": steps["ran"] + made, "reused": steps["reused"] - made}


def _rules(made: Sequence[PublishedCreative]) -> dict[str, dict[str, int]]:
    """How often each rule said something, by its status; rules that were content are not named."""
    told: dict[str, dict[str, int]] = {}
    for creative in made:
        for finding in creative.findings:
            if finding.status in ("warn", "fail", "error"):
                by = told.setdefault(finding.rule, {})
                by[finding.status] = by.get(finding.status, 0) + 1
    return told


def landed(
    connection: sa.Connection, run: Row, part: PublishedRun, *, of: int, open_states: Sequence[str],
    looks: Mapping[str, str] = NO_LOOKS,
) -> int:  # fmt: skip
    """As `shown`, and says how far the run of `of` creatives is; how many were made. 0 when the run is over."""
    there = shown(connection, run, part, open_states=open_states, looks=looks)
    if not there:
        return 0
    told = {name: value for name, value in (run["progress"] or {}).items() if name in ("words", "divided", "spend")}
    runs.progress(connection, run, {"steps": of, "done": there, "failed": 0, "phases": {"compose": [there, of]}, **told})
    return sum(bool(creative.files) for creative in part.creatives)


def shown(
    connection: sa.Connection, run: Row, part: PublishedRun, *, open_states: Sequence[str], looks: Mapping[str, str] = NO_LOOKS
) -> int:
    """Shows what was made while the rest is still being made; how many ads of the run are there now. 0 when the run is over."""
    made = [row_of(creative, looks) for creative in part.creatives if creative.files]
    there = creatives.land(connection, run, made, open_states=open_states)
    if there:
        runs.note(connection, run, "creative.made", {"creatives": len(made)})
    return there


def row_of(creative: PublishedCreative, looks: Mapping[str, str] = NO_LOOKS) -> dict[str, Any]:
    """The columns of a creative."""
    file = creative.files[0] if creative.files else None
    width, height = (file.width, file.height) if file else creative.size
    return {
        "product": creative.product, "locale": creative.locale, "placement": creative.placement, "variant": creative.variant,
        "channel": creative.channel, "ratio": creative.ratio, "status": creative.status,
        "file_digest": (file.before_provenance or file.sha256) if file else "",
        "copy_digest": digest("copy", creative.locale, sorted(creative.words.items())),
        "rules_digest": str(creative.inputs.get("rules", "")),
        "blob": file.blob if file else "", "thumbnail": creative.thumbnail or "", "format": file.format if file else "",
        "path": file.path if file else "", "width": width, "height": height,
        "bytes": file.bytes if file else 0, "document": creative_as_dict(creative),
        "look": looks.get(creative.thumbnail or "", ""),
    }  # fmt: skip
