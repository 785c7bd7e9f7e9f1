"""Numbers and tiles of many campaigns and creatives."""

from __future__ import annotations

from datetime import date

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


class ProviderPart(Out):
    """What a provider of pictures was asked and paid in runs. `failed`: no usable picture came of the call."""

    provider: str
    calls: int
    failed: int
    cost: float
    currency: str


class Learnt(Out):
    """What the router knows of an offer, fading with time: share of usable pictures, seconds and price of one."""

    offer: str
    usable: float
    seconds: float
    price: float
    calls: int


class Insight(Out):
    """Numbers of the last `days`, calendar days in UTC with today among them, in sum and by day alike.

    By day means the date of creatives, of campaigns, of orders of runs. A date that is not there had none of them.
    """

    days: int
    first: date = Field(description="The first of these days.")
    last: date = Field(description="Today.")
    creatives: int
    campaigns: int = Field(description="Campaigns that ran.")
    by_day: dict[str, int] = Field(description="Date -> creatives.")
    sound_by_day: dict[str, float] = Field(description="Share of creatives without a failed check, 0..1.")
    statuses: dict[str, int] = Field(description="Status -> creatives.")
    findings: dict[str, int] = Field(description="Rule -> how often it warned or failed, in current creatives of what ran.")
    runs: dict[str, int] = Field(description="State -> runs.")
    seconds: float | None = Field(description="Median of begun to finished; null when none finished.")
    cost: float = Field(description="What all these runs paid, USD; what was bought before costs nothing again.")
    cost_per_creative: float | None = Field(
        description="USD; an ad that was made again counts once. Null when there was none."
    )
    campaigns_by_day: dict[str, int] = Field(description="Campaigns that were begun.")
    steps: dict[str, int] = Field(description="`ran` and `reused`, of all these runs.")
    reuse_by_day: dict[str, float] = Field(description="Share of steps whose result was there, 0..1.")
    seconds_by_day: dict[str, float] = Field(description="Median of begun to finished.")
    cost_by_day: dict[str, float] = Field(description="USD.")
    cost_per_creative_by_day: dict[str, float] = Field(description="USD; of a day's runs alone.")
    providers: list[ProviderPart] = Field(description="The most asked first.")
    learnt: list[Learnt] = Field(description="Of the whole house, whoever asked; the most asked first.")
