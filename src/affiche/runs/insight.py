"""Insight: numbers of the last days, counted where the rows lie. What rules said of a creative is read once and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables.work import campaigns, creatives, runs
from affiche.runs.rights import ended_of, with_ended
from affiche.values.finding import SOUND

_DAY_US = 86_400_000_000
_TOLD = ("warn", "fail", "error")
_STEPS = ("ran", "reused")
#: Creatives of a campaign whose findings are counted, and how many are read by one query.
_MOST, _AT_ONCE = 2000, 500
#: Id -> rules that said something of it. The document of an id never says anything else.
_SAID: dict[str, tuple[str, ...]] = {}
_REMEMBERED = 100_000
#: Campaign -> (how many creatives are current, the newest of them), and rule -> how often it said something of them.
_COUNTED: dict[str, tuple[tuple[int, str], Mapping[str, int]]] = {}
_REMEMBERED_CAMPAIGNS = 20_000


def insight(connection: sa.Connection, scope: Scope, *, days: int) -> dict[str, Any]:
    """Runs and current creatives of the last `days`, today among them, and what rules say of campaigns that ran.

    A day is a calendar day, UTC; whatever is told in sum is told of the same days.
    """
    last = now().date()
    first = last - timedelta(days=days - 1)
    since = datetime.combine(first, time(), UTC)
    ran = _runs(connection, scope, since)
    those = {run["campaign"] for run in ran}
    steps = [run["totals"]["steps"] for run in ran if (run["totals"] or {}).get("steps")]
    return {
        "days": days, "first": str(first), "last": str(last), "campaigns": len(those),
        **_creatives(_made(connection, scope, since)),
        "campaigns_by_day": dict(_begun(connection, scope, since)),
        "steps": {name: sum(each[name] for each in steps) for name in _STEPS},
        "reuse_by_day": _per_day(ran, _reuse), "seconds_by_day": _per_day(ran, _median_s), "cost_by_day": _per_day(ran, _cost),
        "cost_per_creative_by_day": _per_day(ran, _each), "cost_per_creative": _each(ran),
        "providers": _providers(ran),
        "findings": dict(_findings(connection, scope, those).most_common()),
        "runs": dict(Counter(run["state"] for run in ran).most_common()),
        "seconds": _median_s(ran),
        "cost": round(_cost(ran), 6),
    }  # fmt: skip


def _creatives(made: Sequence[tuple[int, str, int]]) -> dict[str, Any]:
    """Of (day since 1970, status, count): how many by day and by status, and which share of a day's has no failed check."""
    by_day, statuses, sound = Counter[str](), Counter[str](), Counter[str]()
    for number, status, count in made:
        day = str(datetime.fromtimestamp(number * 86_400, UTC).date())
        by_day[day] += count
        statuses[status] += count
        sound[day] += count if status in SOUND else 0
    shares = {day: round(sound[day] / count, 4) for day, count in by_day.items()}
    return {"creatives": statuses.total(), "by_day": dict(by_day), "statuses": dict(statuses), "sound_by_day": shares}


def _begun(connection: sa.Connection, scope: Scope, since: datetime) -> Counter[str]:
    """Date -> campaigns that were begun."""
    query = sa.select(campaigns.c.created_at).where(scope.on(campaigns), campaigns.c.created_at >= since)
    return Counter(str(at.date()) for at in connection.execute(query).scalars())


def _per_day(ran: Sequence[Row], value: Callable[[list[Row]], float | None]) -> dict[str, float]:
    """Date of the order -> `value` of that day's runs; days without one are left out."""
    days: dict[str, list[Row]] = {}
    for run in ran:
        days.setdefault(str(run["created_at"].date()), []).append(run)
    return {day: round(number, 6) for day, group in days.items() if (number := value(group)) is not None}


def _reuse(ran: Sequence[Row]) -> float | None:
    """Share of steps whose result was there, 0..1."""
    steps = [run["totals"]["steps"] for run in ran if (run["totals"] or {}).get("steps")]
    total = sum(s["ran"] + s["reused"] for s in steps)
    return sum(s["reused"] for s in steps) / total if total else None


def _median_s(ran: Sequence[Row]) -> float | None:
    took = [(run["finished_at"] - run["started_at"]).total_seconds() for run in ran if run["finished_at"] and run["started_at"]]
    return median(took) if took else None


def _cost(ran: Sequence[Row]) -> float:
    """What these runs paid for pictures and words; what was bought before costs nothing again."""
    pictures = sum(float(told["cost"]) for run in ran for told in ((run["progress"] or {}).get("spend") or {}).values())
    words = sum(float(((run["totals"] or {}).get("words") or {}).get("cost") or 0) for run in ran)
    return pictures + words


def _each(ran: Sequence[Row]) -> float | None:
    """What these runs paid for each ad that they gave.

    An ad that was made again counts once: of a campaign its largest run counts.
    """
    given: dict[str, int] = {}
    for run in ran:
        totals = run["totals"] or {}
        ads = totals.get("creatives", 0) - totals.get("error", 0)
        given[run["campaign"]] = max(given.get(run["campaign"], 0), ads)
    ads = sum(given.values())
    return round(_cost(ran) / ads, 6) if ads else None


def _providers(ran: Sequence[Row]) -> list[dict[str, Any]]:
    """What each provider of pictures was asked and paid in these runs, the most asked first."""
    found: dict[str, dict[str, Any]] = {}
    for run in ran:
        for name, told in ((run["progress"] or {}).get("spend") or {}).items():
            if not told["currency"]:  # nobody was asked: only why
                continue
            row = found.setdefault(name, {"provider": name, "calls": 0, "failed": 0, "cost": 0.0, "currency": told["currency"]})
            row["calls"] += told["calls"]
            row["failed"] += told["failed"]
            row["cost"] = round(row["cost"] + float(told["cost"]), 6)
    return sorted(found.values(), key=lambda row: (-row["calls"], row["provider"]))


def _runs(connection: sa.Connection, scope: Scope, since: datetime) -> list[Row]:
    """Runs that were ordered since then, oldest first."""
    columns = (
        runs.c.campaign, runs.c.state, runs.c.cost, runs.c.created_at, runs.c.started_at, runs.c.finished_at, runs.c.totals,
        runs.c.progress,
    )  # fmt: skip
    query = sa.select(*columns).where(scope.on(runs), runs.c.created_at >= since).order_by(runs.c.id)
    return [dict(row._mapping) for row in connection.execute(query).all()]


def _made(connection: sa.Connection, scope: Scope, since: datetime) -> Sequence[tuple[int, str, int]]:
    """(day since 1970, status, count) of current creatives that were made since then."""
    day = sa.type_coerce(creatives.c.created_at, sa.BigInteger).op("/")(sa.literal_column(str(_DAY_US)))
    where = (scope.on(creatives), creatives.c.current.is_(True), creatives.c.created_at >= since)
    query = sa.select(day, creatives.c.status, sa.func.count()).where(*where).group_by(day, creatives.c.status)
    return [(int(number), status, count) for number, status, count in connection.execute(query)]


def _findings(connection: sa.Connection, scope: Scope, those: set[str]) -> Counter[str]:
    """Rule -> how often it said something of the current creatives of these campaigns."""
    ended = {id: assets for id, assets in ended_of(connection, those, now()).items() if assets}
    found = Counter[str]()
    for campaign in sorted(ended):  # what is told of rights changes with the day
        where = (scope.on(creatives), creatives.c.campaign == campaign, creatives.c.current.is_(True))
        query = sa.select(creatives.c.document).where(*where).order_by(creatives.c.id).limit(_MOST)
        for document in connection.execute(query).scalars():
            found.update(_rules(with_ended(document, ended[campaign])))
    for counted in _by_campaign(connection, scope, sorted(those - ended.keys())):
        found.update(counted)
    return found


def _by_campaign(connection: sa.Connection, scope: Scope, those: Sequence[str]) -> Iterator[Mapping[str, int]]:
    """Rule -> how often, of each of these campaigns. Hundreds run in 90 days: only those that changed are counted anew."""
    campaign = creatives.c.campaign
    for at in range(0, len(those), _AT_ONCE):
        where = (scope.on(creatives), campaign.in_(those[at : at + _AT_ONCE]), creatives.c.current.is_(True))
        # What is made has a later id than all before it, and what is left out is missing: these two tell what is current.
        query = sa.select(campaign, sa.func.count(), sa.func.max(creatives.c.id)).where(*where).group_by(campaign)
        current = {name: (count, newest) for name, count, newest in connection.execute(query).all()}
        known = {name: told[1] for name, seen in current.items() if (told := _COUNTED.get(name)) and told[0] == seen}
        new = _counted(connection, scope, {name: count for name, (count, _) in current.items() if name not in known})
        if len(_COUNTED) + len(new) > _REMEMBERED_CAMPAIGNS:
            _COUNTED.clear()
        _COUNTED.update({name: (current[name], told) for name, told in new.items()})
        yield from (known | new).values()


def _counted(connection: sa.Connection, scope: Scope, sizes: Mapping[str, int]) -> dict[str, Mapping[str, int]]:
    """Campaign -> rule -> how often it said something of its first `_MOST` current creatives."""
    id, campaign, found = creatives.c.id, creatives.c.campaign, dict[str, Counter[str]]()
    large = [[name] for name, size in sizes.items() if size > _MOST]
    for names in [[name for name, size in sizes.items() if size <= _MOST], *large]:
        where = (scope.on(creatives), campaign.in_(names), creatives.c.current.is_(True))
        query = sa.select(id, campaign).where(*where).order_by(id).limit(_MOST * max(1, len(names)))
        of = dict(map(tuple, connection.execute(query)))
        for one, rules in _said(connection, list(of)).items():
            found.setdefault(of[one], Counter()).update(rules)
    return dict(found)


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
