"""What can be measured of the service, for Prometheus: requests as they pass, and what the registry knows when it is asked.

Names and labels are a contract: `ops/alerts.yaml` and `ops/dashboard.json` are checked against them.
"""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

from affiche.errors import AfficheError, RegistryUnavailable
from affiche.registry import outbox, workers
from affiche.registry.open import Registry
from affiche.registry.scope import now
from affiche.registry.tables.flow import deliveries, events
from affiche.registry.tables.flow import outbox as outbox_table
from affiche.registry.tables.work import creatives, runs

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)
#: What came to rest so recently counts as of now, and how many runs are read for it at most.
_LATELY, _MOST = timedelta(minutes=15), 5_000


class Metrics:
    """The metrics of one process."""

    def __init__(self, registry: Registry, resting: Callable[[], Mapping[str, str]] = dict) -> None:
        """`resting` tells which providers are left alone at the moment (`pictures openai`), and why."""
        self._all = CollectorRegistry()
        self._requests = Counter(
            "affiche_requests", "Requests by action and status.", ["action", "status"], registry=self._all
        )
        self._seconds = Histogram(
            "affiche_request_seconds", "How long requests took.", ["action"], registry=self._all, buckets=_BUCKETS
        )
        self._all.register(_Known(registry, resting))

    def passed(self, action: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(action, str(status)).inc()
        self._seconds.labels(action).observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._all)


class _Known:
    """What the registry knows, asked when somebody scrapes."""

    def __init__(self, registry: Registry, resting: Callable[[], Mapping[str, str]]) -> None:
        self._registry, self._resting = registry, resting

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("affiche_registry_up", "Whether the registry answers.")
        try:
            found = list(self._asked())
        except RegistryUnavailable:
            found = []
        up.add_metric([], 1.0 if found else 0.0)
        yield up
        yield from found
        yield from self._providers()

    def _providers(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = self._resting()
        except AfficheError:
            return  # the journal is away: nothing is said rather than that all is well
        family = GaugeMetricFamily("affiche_provider_resting", "Providers left alone after failures.", labels=["provider"])
        for name in found:
            family.add_metric([name], 1.0)
        yield family
        yield GaugeMetricFamily("affiche_providers_resting", "How many they are.", value=len(found))

    def _asked(self) -> Iterator[GaugeMetricFamily]:
        with self._registry.read() as c:
            count, age = outbox.waiting(c)
            yield GaugeMetricFamily("affiche_outbox_waiting", "Rows that the engine has not taken.", value=count)
            yield GaugeMetricFamily("affiche_outbox_age_seconds", "Age of the oldest of them.", value=age)
            there: Mapping[str, float] = {str(state): count for state, count in workers.states(c).items()}
            yield _labelled("affiche_workers", "Workers by state: busy, idle, draining, silent.", "state", there)
            yield _counted(c, runs, "state", "affiche_runs", "Runs by state.")
            current = creatives.c.current.is_(True)
            yield _counted(c, creatives, "status", "affiche_creatives", "Current creatives by status.", current)
            yield _counted(c, deliveries, "state", "affiche_deliveries", "Deliveries of notices by state.")
            yield GaugeMetricFamily("affiche_dead_letters", "Work that was given up and waits for people.", value=_dead(c))
            yield from _resting(c)
            yield from _steps(c)


def _counted(
    c: sa.Connection, table: sa.Table, by: str, name: str, help: str, *where: sa.ColumnElement[bool]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=[by])
    for value, count in c.execute(sa.select(table.c[by], sa.func.count()).where(*where).group_by(table.c[by])):
        family.add_metric([value], count)
    return family


def _dead(c: sa.Connection) -> int:
    """Dead letters of all tenants: runs, and rows of the outbox."""
    told = sa.select(events.c.run).where(events.c.kind == "run.dead-letter")
    given_up = sa.select(sa.func.count()).select_from(runs).where(runs.c.state == "failed", runs.c.id.in_(told))
    left = (outbox_table.c.done_at.is_(None), outbox_table.c.tries >= outbox.MAX_TRIES)
    rows = sa.select(sa.func.count()).select_from(outbox_table).where(*left)
    return (c.execute(given_up).scalar() or 0) + (c.execute(rows).scalar() or 0)


def _resting(c: sa.Connection) -> Iterator[GaugeMetricFamily]:
    """How long the runs of the last quarter of an hour waited and took, s: the longest of each, and how many there were."""
    since = now() - _LATELY
    ended = sa.select(runs.c.created_at, runs.c.started_at, runs.c.finished_at)
    rows = c.execute(ended.where(runs.c.finished_at >= since, runs.c.started_at.is_not(None)).limit(_MOST)).all()
    yield GaugeMetricFamily("affiche_runs_ended_lately", "Runs that came to rest in the last 15 minutes.", value=len(rows))
    family = GaugeMetricFamily(
        "affiche_run_seconds", "The slowest of them: accepted to begun, begun to rest.", labels=["phase"]
    )
    for phase, begin, end in (("wait", 0, 1), ("work", 1, 2)):
        took = [max(0.0, (row[end] - row[begin]).total_seconds()) for row in rows]
        family.add_metric([phase], max(took, default=0.0))
    yield family


def _steps(c: sa.Connection) -> Iterator[GaugeMetricFamily]:
    """What those runs did: steps made, steps that lay in the ledger already, and money by currency."""
    wanted = sa.select(runs.c.totals, runs.c.cost, runs.c.progress).where(runs.c.finished_at >= now() - _LATELY).limit(_MOST)
    rows = c.execute(wanted).all()
    steps: Counted[str] = Counted()
    money: dict[str, float] = {}
    yield from _said_of(rows)
    for totals, cost, _ in rows:
        steps.update((totals or {}).get("steps") or {})
        if cost:
            money[cost["currency"]] = money.get(cost["currency"], 0.0) + float(cost["amount"])
    yield _labelled("affiche_steps_lately", "Steps of the last 15 minutes by what became of them.", "outcome", steps)
    yield _labelled("affiche_cost_lately", "What runs of the last 15 minutes cost.", "currency", money)


def _said_of(rows: Sequence[Any]) -> Iterator[GaugeMetricFamily]:
    """What rules said of those runs, and what each provider was asked and paid in them."""
    rules = GaugeMetricFamily("affiche_findings_lately", "What rules said of those runs.", labels=["rule", "status"])
    found: Counted[tuple[str, str]] = Counted()
    calls: Counted[tuple[str, str]] = Counted()
    paid: dict[tuple[str, str], float] = {}
    for totals, _, progress in rows:
        for rule, by in ((totals or {}).get("rules") or {}).items():
            found.update({(rule, status): count for status, count in by.items()})
        for name, row in ((progress or {}).get("spend") or {}).items():
            calls.update({(name, "failed"): row["failed"], (name, "done"): row["calls"] - row["failed"]})
            paid[name, row["currency"]] = paid.get((name, row["currency"]), 0.0) + float(row["cost"])
    asked = GaugeMetricFamily("affiche_provider_calls_lately", "Calls of those runs.", labels=["provider", "outcome"])
    cost = GaugeMetricFamily("affiche_provider_cost_lately", "What they cost.", labels=["provider", "currency"])
    for family, counts in ((rules, found), (asked, calls), (cost, paid)):
        for labels, number in counts.items():
            family.add_metric(list(labels), number)
        yield family


def _labelled(name: str, help: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
