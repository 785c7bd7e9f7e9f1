"""What was found: by words, and what is alike."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from affiche.api.schema.campaign import Campaign
from affiche.api.schema.shape import Out


class Found(Out):
    """An asset or campaign that holds the words. `score` is comparable within one answer only."""

    id: str
    kind: str
    name: str
    score: float


class Hits(Out):
    """What was found, best first."""

    items: list[Found]


class Ability(Out):
    """Whether something can be had here; `reason` and `hint` say what is missing."""

    available: bool
    reason: str = ""
    hint: str = ""


class AlikeCampaign(Out):
    """A campaign like another one."""

    campaign: Campaign
    likeness: float = Field(description="0..1: the weight of shared words in that of all words; rare words weigh more.")
    words: list[str] = Field(description="The shared words that weigh most.")


class AlikeCampaigns(Out):
    """Campaigns like one, nearest first."""

    items: list[AlikeCampaign]


class Arrival(Out):
    """A file that came in by itself. `state`: taken, known (these bytes were here), refused, failed (is tried again)."""

    id: str
    brand: str
    place: str
    name: str
    state: str
    reason: str
    hint: str
    asset: str
    campaign: str
    tries: int
    created_at: datetime
    updated_at: datetime
