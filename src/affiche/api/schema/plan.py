"""Plans: what a run would do. The shape is that of `affiche plan --json`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from affiche.api.schema.catalog import SlotText
from affiche.api.schema.proposal import Proposal
from affiche.api.schema.run import Name
from affiche.api.schema.shape import In, Out, ProblemItem


class PlanWanted(In):
    """Of what a plan is wanted: a campaign's brief (the newest, or one `revision`), or a `brief` that is not stored."""

    campaign: str = Field("", pattern=r"^(cmp_[0-9A-HJKMNP-TV-Z]{26})?$")
    revision: int | None = Field(None, ge=1, le=1_000_000)
    brief: str = Field("", max_length=1_000_000, description="A brief as text, when no campaign is named.")
    brand: str = Field("", max_length=64, description="The brand that the brief is for.")
    brand_file: str = Field("", max_length=1_000_000, description="A brand file that is not stored, instead of the newest.")
    chosen: dict[Name, list[str]] = Field(default_factory=dict, description="Only these creatives; all when empty.")
    fit: bool = Field(True, description="Report which texts do not fit.")


class PlannedPicture(Out):
    """A picture that a model is asked for: in which words, at what price (list prices, the oldest of `price_as_of`)."""

    product: str
    purpose: str
    size: list[int]
    prompt: str
    style_pictures: int = Field(description="Of the brand's, to those who take them.")
    least: str
    most: str
    currency: str
    price_as_of: str


class Plan(Out):
    """What a run would do: the matrix, what is reused, why the rest is not, which texts do not fit, cost and time."""

    campaign: str
    creatives: int
    matrix: dict[str, list[str]]
    steps: dict[str, Any]
    reasons: list[dict[str, Any]]
    paid_calls: int
    cost: dict[str, Any]
    seconds: float
    overflow: list[dict[str, Any]]
    words: dict[str, Any] | None = Field(None, description="What the writer would be asked, and the cost; null without a writer.")
    wishes: list[PlannedPicture] = Field(description="Every picture of a model in it, bought before or not.")
    alike: list[Proposal] = Field(description="Pictures that exist and might do instead of those that would be paid.")
    problems: list[ProblemItem]


class Shot(Out):
    """One drawn creative: `jpeg` in base64."""

    title: str
    width: int
    height: int
    locale: str
    placement: str
    notes: list[str]
    texts: list[SlotText] = Field(description="The overflow contract of each text in it.")
    jpeg: str


class Preview(Out):
    """A few creatives of a brief, or why there are none."""

    shots: list[Shot]
    problems: list[ProblemItem]
