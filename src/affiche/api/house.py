"""What the API stands on: settings, registry, stored files, the gate, and a process that plans so that the loop never waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from typing import cast

from fastapi import Request

from affiche.api.gate import Gate
from affiche.ports import Blobs
from affiche.registry.open import Registry
from affiche.settings import Settings


def _planner() -> Executor:
    """One process, started when it is first needed: a plan of ten thousand creatives is a second of pure Python."""
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Shared by all requests of one process."""

    settings: Settings
    registry: Registry
    blobs: Blobs
    gate: Gate
    today: Callable[[], date]
    planner: Executor = field(default_factory=_planner)


def house_of(request: Request) -> House:
    """The house of the application that serves `request`."""
    return cast(House, request.app.state.house)
