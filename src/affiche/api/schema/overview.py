"""Numbers and tiles of many campaigns and creatives."""

from __future__ import annotations

from pydantic import Field

from affiche.api.schema.shape import Out


class Tile(Out):
    """A creative as a small picture; size in px."""

    id: str
    width: int
    height: int
    thumbnail_url: str


class Overview(Out):
    """A campaign in numbers and a few tiles."""

    campaign: str
    total: int
    states: dict[str, int] = Field(description="Status -> creatives.")
    tiles: list[Tile]


class Overviews(Out):
    """In the order in which they were asked for."""

    items: list[Overview]


class Tally(Out):
    """Creatives of a campaign, and how many of them may be delivered."""

    total: int
    approved: int


class Insight(Out):
    """Numbers of the last `days`."""

    days: int
    creatives: int
    campaigns: int = Field(description="Campaigns that ran.")
    by_day: dict[str, int] = Field(description="Date (UTC) -> creatives.")
    statuses: dict[str, int] = Field(description="Status -> creatives.")
    findings: dict[str, int] = Field(description="Rule -> how often it warned or failed, in current creatives of what ran.")
    runs: dict[str, int] = Field(description="State -> runs.")
    seconds: float | None = Field(description="Median of begun to finished; null when none finished.")
    cost: float = Field(description="Of all these runs, USD.")
