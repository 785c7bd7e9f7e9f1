"""Schedules, batches and dead letters: work that comes later, in numbers, or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from affiche.api.schema.run import Name
from affiche.api.schema.shape import In, Out
from affiche.registry import schedules
from affiche.registry.runs import State

_CAMPAIGN = r"^cmp_[0-9A-HJKMNP-TV-Z]{26}$"
_CRON = "Minute, hour, day of month, month, day of week, in UTC: `0 6 * * 1` is Mondays at six."


class ScheduleWanted(In):
    """Runs to come: `cron`, or one moment `at`."""

    campaign: str = Field(pattern=_CAMPAIGN)
    cron: str = Field("", max_length=120, description=_CRON)
    at: datetime | None = Field(None, description="Once, at this moment (UTC when it names no zone).")
    chosen: dict[Name, list[str]] = Field(default_factory=dict, description="Only these creatives; all when empty.")
    priority: int = Field(5, ge=1, le=9, description="1 goes first.")
    within_minutes: int | None = Field(None, ge=1, le=525_600, description="A run that is not done so long after it began fails.")


class ScheduleChange(In):
    """Only what is given changes."""

    active: bool | None = None
    cron: str = Field("", max_length=120, description=_CRON)
    at: datetime | None = None


class Schedule(Out):
    """When a campaign runs. `next_at`: when it runs next, nothing when it does not."""

    id: str
    campaign: str
    brand: str
    cron: str
    active: bool
    next_at: datetime | None = None
    last_at: datetime | None = None
    run: dict[str, Any]
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Any) -> Schedule:
        return cls(**{**row, "next_at": schedules.upcoming(row)})


class BatchWanted(In):
    """Runs of many campaigns at once."""

    campaigns: list[str] = Field(min_length=1, max_length=1000, description="Ids of campaigns; each runs once.")
    chosen: dict[Name, list[str]] = Field(default_factory=dict, description="Only these creatives; all when empty.")
    priority: int = Field(7, ge=1, le=9, description="1 goes first.")
    start_after: datetime | None = Field(None, description="Not before this moment.")
    deadline: datetime | None = Field(None, description="What is not done by then fails.")


class Batch(Out):
    """How far a batch is: how many of its runs are in which state. Its runs: `GET /v1/runs?batch=`."""

    id: str
    states: dict[State, int]
    runs: int
    done: bool = Field(description="Nothing more happens by itself.")
    runs_url: str


class BatchWish(In):
    """What is asked of every run of a batch for which it makes sense."""

    wish: Literal["cancel", "pause", "resume", "retry"]


class BatchTold(Out):
    """To how many runs it was told, and how many are in no state for it."""

    id: str
    told: int
    left: int


class DeadLetter(Out):
    """Work that was given up. `kind`: `run`, or what could not be handed to the engine."""

    id: str
    kind: str
    subject: str
    reason: str
    tries: int
    at: datetime


class DeadLetters(Out):
    """All of them, oldest first."""

    items: list[DeadLetter]
