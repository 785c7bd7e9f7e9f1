"""Runs and what may be asked of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from affiche.api.schema.shape import In, Money, Out
from affiche.registry.runs import State


class Run(Out):
    """One execution of a campaign's revision."""

    id: str
    campaign: str
    revision: int
    brand: str
    state: State
    reason: str = Field(description="Why it is in this state, for people.")
    waiting_for: str = Field("", description="What keeps it from going on just now; told where one run is asked for.")
    wish: str = Field(description="What somebody asked of it that has not happened yet: cancel, pause, resume, retry.")
    priority: int
    chosen: dict[str, list[str]]
    totals: dict[str, Any]
    progress: dict[str, Any]
    cost: Money | None = None
    attempt: int
    batch: str | None = None
    created_by: str
    created_at: datetime
    start_after: datetime | None = None
    deadline: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime

    @classmethod
    def of(cls, row: Any, waiting_for: str = "") -> Run:
        return cls(**{**row, "cost": row["cost"] or None, "waiting_for": waiting_for})


class RunAccepted(Out):
    """A run that will happen; ask `status_url` how far it is."""

    run: Run
    status_url: str
    cancel_url: str


class Change(Out):
    """A creative that a run made otherwise; `before` and `after` are ids, empty where there was or is none."""

    product: str
    locale: str
    placement: str
    variant: str
    kind: Literal["added", "removed", "pixels", "words", "rules"]
    before: str
    after: str


class Changes(Out):
    """What differs between two runs of a campaign, what is seen most first, and how many creatives are the same."""

    before: str
    after: str
    items: list[Change]
    same: int


Name = Literal["product", "locale", "placement", "variant"]


class RunWanted(In):
    """How a run is wanted."""

    campaign: str = Field(pattern=r"^cmp_[0-9A-HJKMNP-TV-Z]{26}$")
    chosen: dict[Name, list[str]] = Field(default_factory=dict, description="Only these creatives; all when empty.")
    priority: int = Field(5, ge=1, le=9, description="1 goes first.")
    start_after: datetime | None = Field(None, description="Not before this moment.")
    deadline: datetime | None = Field(None, description="When it is wanted; what is not done by then fails.")


class RunWish(In):
    """What is asked of a run: `retry` makes again what failed."""

    wish: Literal["pause", "resume", "retry"]


def links(run: str) -> dict[str, str]:
    """Where to ask for a run, and where to cancel it."""
    return {"status_url": f"/v1/runs/{run}", "cancel_url": f"/v1/runs/{run}/cancel"}
