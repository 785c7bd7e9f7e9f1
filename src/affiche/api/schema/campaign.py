"""Campaigns and the revisions of their briefs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from affiche.api.schema.run import Run
from affiche.api.schema.shape import Out, ProblemItem


class Campaign(Out):
    """A campaign. `state` is that of its newest run, `draft` before there is one; `revision` that of its newest brief."""

    id: str
    slug: str = Field(description="What the brief calls it.")
    name: str
    brand: str = Field(description="The brand's id; empty when the brief itself says what is known of the brand.")
    state: str
    revision: int
    run: str | None = None
    created_by: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None


class CampaignMade(Out):
    """A campaign that was accepted, what was assumed of its brief, and the run that builds it (unless `run=false`)."""

    campaign: Campaign
    run: Run | None = None
    status_url: str = ""
    cancel_url: str = ""
    problems: list[ProblemItem] = Field(default_factory=list)


class Revision(Out):
    """A brief as it was given."""

    campaign: str
    number: int
    media_type: str
    digest: str
    brief: str
    assets: list[str]
    problems: list[ProblemItem]
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Any, brief: bytes) -> Revision:
        return cls(**{**row, "brief": brief.decode("utf-8", "replace")})
