"""What the API stands on: settings, registry, stored files, the gate, and a process beside the server for heavy work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from fastapi import Request

from affiche.api.aside import Aside
from affiche.api.gate import Gate
from affiche.ports import Depot, Sealer
from affiche.registry.open import Registry
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
    aside: Aside = field(default_factory=Aside)


def house_of(request: Request) -> House:
    """The house of the application that serves `request`."""
    return cast(House, request.app.state.house)
