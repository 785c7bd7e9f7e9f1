"""What can be measured of the service, for Prometheus: requests as they pass, and what the registry knows when it is asked.

Names and labels are a contract: `ops/alerts.yaml` and `ops/dashboard.json` are checked against them.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

from affiche.errors import RegistryUnavailable
from affiche.registry import outbox
from affiche.registry.open import Registry
from affiche.registry.tables.flow import deliveries
from affiche.registry.tables.work import creatives, runs

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one process."""

    def __init__(self, registry: Registry) -> None:
        self._all = CollectorRegistry()
        self._requests = Counter(
            "affiche_requests", "Requests by action and status.", ["action", "status"], registry=self._all
        )
        self._seconds = Histogram(
            "affiche_request_seconds", "How long requests took.", ["action"], registry=self._all, buckets=_BUCKETS
        )
        self._all.register(_Known(registry))

    def passed(self, action: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(action, str(status)).inc()
        self._seconds.labels(action).observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._all)


class _Known:
    """What the registry knows, asked when somebody scrapes."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("affiche_registry_up", "Whether the registry answers.")
        try:
            found = list(self._asked())
        except RegistryUnavailable:
            found = []
        up.add_metric([], 1.0 if found else 0.0)
        yield up
        yield from found

    def _asked(self) -> Iterator[GaugeMetricFamily]:
        with self._registry.read() as c:
            count, age = outbox.waiting(c)
            yield GaugeMetricFamily("affiche_outbox_waiting", "Rows that the engine has not taken.", value=count)
            yield GaugeMetricFamily("affiche_outbox_age_seconds", "Age of the oldest of them.", value=age)
            yield _counted(c, runs, "state", "affiche_runs", "Runs by state.")
            current = creatives.c.current.is_(True)
            yield _counted(c, creatives, "status", "affiche_creatives", "Current creatives by status.", current)
            yield _counted(c, deliveries, "state", "affiche_deliveries", "Deliveries of notices by state.")


def _counted(
    c: sa.Connection, table: sa.Table, by: str, name: str, help: str, *where: sa.ColumnElement[bool]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=[by])
    for value, count in c.execute(sa.select(table.c[by], sa.func.count()).where(*where).group_by(table.c[by])):
        family.add_metric([value], count)
    return family
