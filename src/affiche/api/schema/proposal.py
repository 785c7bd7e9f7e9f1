"""Pictures that were bought before and might do, and what was taken of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from affiche.api.schema.shape import In, Out
from affiche.runs.proposed import thumbnail_url


class Proposal(Out):
    """A picture that was bought for nearly the same as what a product wishes now: it could be used instead, for nothing."""

    product: str
    product_name: str
    purpose: str
    wish: str = Field(description="The key of what would be bought.")
    picture: str = Field(description="The key of what was bought.")
    bought_for: str = Field(description="The product that it was bought for.")
    bought_brand: str = Field(description="The id of that product's brand; empty for campaigns without one.")
    likeness: float = Field(description="Shared words of all words that were said for both, 0..1.")
    looks_alike: float | None = Field(
        description="How it looks beside what the product showed last, or the brand's style pictures, 0..1; null without any."
    )
    width: int = Field(description="As it was asked for, px.")
    height: int
    least: str = Field(description="What another picture would cost at least, and `most`.")
    most: str
    currency: str
    thumbnail_url: str


class Accepted(Out):
    """A picture that somebody took for a product of a campaign. `used`: a run has begun since, so it cannot be given back."""

    id: str
    campaign: str
    brand: str
    product: str
    purpose: str
    wish: str
    picture: str
    bought_for: str
    bought_brand: str
    person: str = Field(description="The id of who took it.")
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    used: bool = False
    thumbnail_url: str

    @classmethod
    def of(cls, row: Any, *, used: bool = False) -> Accepted:
        return cls(**{**row, "used": used, "thumbnail_url": thumbnail_url(row["picture"])})


class Proposals(Out):
    """What might do for a campaign, and what was taken for it."""

    items: list[Proposal]
    accepted: list[Accepted]


class AcceptedNow(Out):
    """What was taken."""

    items: list[Accepted]


class AcceptWanted(In):
    """For which products what is proposed is taken."""

    products: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list, max_length=1000, description="All that are proposed when empty."
    )
    pictures: list[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field(
        default_factory=list, max_length=1000,
        description="The keys of the pictures that you looked at: when something else is proposed by now, nothing is taken.",
    )  # fmt: skip
