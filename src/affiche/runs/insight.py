"""Insight: numbers of the last days, counted where the rows lie. What rules said of a creative is read once and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.work import creatives, runs
from affiche.runs.rights import ended_of, with_ended

_DAY_US = 86_400_000_000
_TOLD = ("warn", "fail", "error")
#: Creatives of a campaign whose findings are counted, and how many are read by one query.
_MOST, _AT_ONCE = 2000, 500
#: Id -> rules that said something of it. The document of an id never says anything else.
_SAID: dict[str, tuple[str, ...]] = {}
_REMEMBERED = 100_000


def insight(connection: sa.Connection, scope: Scope, *, days: int) -> dict[str, Any]:
    """Runs and current creatives of the last `days`, and what rules say of campaigns that ran."""
    since = now() - timedelta(days=days)
    ran = _runs(connection, scope, since)
    made = _made(connection, scope, since)
    by_day, statuses = Counter[str](), Counter[str]()
    for day, status, count in made:
        by_day[str(datetime.fromtimestamp(day * 86_400, UTC).date())] += count
        statuses[status] += count
    campaigns = {run["campaign"] for run in ran}
    ended = (run for run in ran if run["finished_at"] and run["started_at"])
    took = sorted((run["finished_at"] - run["started_at"]).total_seconds() for run in ended)
    return {
        "days": days, "creatives": statuses.total(), "campaigns": len(campaigns),
        "by_day": dict(by_day), "statuses": dict(statuses),
        "findings": dict(_findings(connection, scope, campaigns).most_common()),
        "runs": dict(Counter(run["state"] for run in ran).most_common()),
        "seconds": took[len(took) // 2] if took else None,
        "cost": sum(float(run["cost"]["amount"]) for run in ran if run["cost"]),
    }  # fmt: skip


def _runs(connection: sa.Connection, scope: Scope, since: datetime) -> list[Row]:
    """Runs that were ordered since then, oldest first."""
    columns = (runs.c.campaign, runs.c.state, runs.c.cost, runs.c.started_at, runs.c.finished_at)
    query = sa.select(*columns).where(scope.on(runs), runs.c.created_at >= since).order_by(runs.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]


def _made(connection: sa.Connection, scope: Scope, since: datetime) -> Sequence[tuple[int, str, int]]:
    """(day since 1970, status, count) of current creatives that were made since then."""
    day = sa.type_coerce(creatives.c.created_at, sa.BigInteger).op("/")(sa.literal_column(str(_DAY_US)))
    where = (scope.on(creatives), creatives.c.current.is_(True), creatives.c.created_at >= since)
    query = sa.select(day, creatives.c.status, sa.func.count()).where(*where).group_by(day, creatives.c.status)
    return [(int(number), status, count) for number, status, count in connection.execute(query)]


def _findings(connection: sa.Connection, scope: Scope, campaigns: set[str]) -> Counter[str]:
    """Rule -> how often it said something of the current creatives of these campaigns."""
    ended = {id: assets for id, assets in ended_of(connection, campaigns, now()).items() if assets}
    found = Counter[str]()
    for campaign in sorted(campaigns):
        where = (scope.on(creatives), creatives.c.campaign == campaign, creatives.c.current.is_(True))
        if campaign in ended:  # what is told of rights changes with the day
            query = sa.select(creatives.c.document).where(*where).order_by(creatives.c.id).limit(_MOST)
            for document in connection.execute(query).scalars():
                found.update(_rules(with_ended(document, ended[campaign])))
            continue
        ids = list(connection.execute(sa.select(creatives.c.id).where(*where).order_by(creatives.c.id).limit(_MOST)).scalars())
        for rules in _said(connection, ids).values():
            found.update(rules)
    return found


def _said(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Id -> rules that said something of it."""
    known = {id: rules for id in ids if (rules := _SAID.get(id)) is not None}
    new = [id for id in ids if id not in known]
    made: dict[str, tuple[str, ...]] = {}
    for at in range(0, len(new), _AT_ONCE):
        query = sa.select(creatives.c.id, creatives.c.document["findings"]).where(creatives.c.id.in_(new[at : at + _AT_ONCE]))
        made |= {id: _rules(findings or ()) for id, findings in connection.execute(query)}
    if len(_SAID) + len(made) > _REMEMBERED:
        _SAID.clear()
    _SAID.update(made)
    return known | made


def _rules(findings: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(finding["rule"] for finding in findings if finding["status"] in _TOLD)
