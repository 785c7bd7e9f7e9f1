"""What the API stands on: settings, registry, stored files, the gate, and a process beside the server for heavy work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from fastapi import Request

from affiche import wire
from affiche.api.aside import Aside
from affiche.api.gate import Gate
from affiche.api.metrics import Metrics
from affiche.ports import Depot, Sealer
from affiche.registry.open import Registry
from affiche.runs.golden import Golden
from affiche.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Shared by all requests of one process."""

    settings: Settings
    registry: Registry
    blobs: Depot
    sealer: Sealer
    gate: Gate
    today: Callable[[], date]
    golden: Golden
    metrics: Metrics
    aside: Aside = field(default_factory=Aside)


def open_house(settings: Settings, registry: Registry, gate: Gate, today: Callable[[], date]) -> House:
    """A house with what the settings say."""
    return House(
        settings=settings, registry=registry, blobs=wire.blobs(settings), sealer=wire.sealer(settings), gate=gate, today=today,
        golden=Golden(settings, today), metrics=Metrics(registry),
    )  # fmt: skip


def house_of(request: Request) -> House:
    """The house of the application that serves `request`."""
    return cast(House, request.app.state.house)
