"""Creatives, their findings, what was decided and said about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from affiche.api.schema.shape import In, Out, ProblemItem
from affiche.registry.wall import name_in

_ID = r"^cre_[0-9A-HJKMNP-TV-Z]{26}$"


class Approval(Out):
    """A decision. It holds for whatever has these three digests."""

    id: str
    creative: str
    campaign: str
    stage: Literal["creative", "legal"]
    decision: Literal["approved", "rejected", "changes"]
    reason: str
    file_digest: str
    copy_digest: str
    rules_digest: str
    person: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""


class Creative(Out):
    """One finished ad. `approved`: may be delivered, by the decisions that stand."""

    id: str
    campaign: str
    run: str
    brand: str
    product: str
    product_name: str
    locale: str
    placement: str
    variant: str
    channel: str
    ratio: str
    status: str
    width: int
    height: int
    bytes: int
    format: str
    file_digest: str
    copy_digest: str
    rules_digest: str
    current: bool
    approved: bool
    decisions: dict[str, Approval]
    file_url: str
    thumbnail_url: str
    words: dict[str, str]
    origins: dict[str, str]
    written: dict[str, Any] = Field(description="Role -> what is known of words nobody approved: model, cost, flags, scores.")
    extras: dict[str, Any] = Field(description="Words about it that are not set in it: alt, caption, hashtags.")
    template: str = Field(description="The template that it was laid out in.")
    set: str = Field(description="The studio set that it stands on; empty when there is none.")
    notes: list[str] = Field(description="What was decided while it was laid out, in words.")
    created_at: datetime

    @classmethod
    def of(cls, row: Any, standing: Any) -> Creative:
        document = row["document"]
        place = f"/v1/creatives/{row['id']}"
        return cls(
            **{
                **row, "product_name": name_in(document, row["product"]),
                "approved": standing.approved, "decisions": standing.decisions,
                "file_url": f"{place}/file" if row["blob"] else "",
                "thumbnail_url": f"{place}/thumbnail" if row["thumbnail"] else "",
                "words": document["words"], "origins": document["origins"],
                "written": document.get("written", {}), "extras": document.get("extras", {}),
                **{name: document.get(name, "") for name in ("template", "set")}, "notes": list(document.get("notes", ())),
            }
        )  # fmt: skip


class Size(Out):
    """So many creatives of one size, px."""

    width: int
    height: int
    count: int


class Group(Out):
    """Creatives that belong together; `sizes` in the order in which `sort=place` lists them."""

    outer: str
    inner: str
    count: int
    sizes: list[Size]


class Counts(Out):
    """How many creatives there are: of each value without the filters, and by group with them."""

    total: int
    facets: dict[str, dict[str, int]]
    products: dict[str, str] = Field(description="What each product is called, by its id.")
    within: str = Field(description="What the inner groups are.")
    groups: list[Group]


class Beside(Out):
    """Neighbours of a creative on the wall; `at`: its place from 1, 0 for one that is no longer current."""

    previous: str
    following: str
    at: int
    of: int


class Cluster(Out):
    """Creatives that look and read alike. `why` they differ from the usual ones: look, words; empty = they are the usual ones."""

    campaign: str
    product: str
    placement: str
    variant: str
    status: str
    why: Literal["", "look", "words", "status"]
    distance: float = Field(description="From what is usual: 0 = the same, 1 = nothing in common.")
    members: list[str] = Field(description="Ids, in the order of the wall.")
    seen: dict[str, str] = Field(description="Id -> file_digest: what a decision on the cluster binds to.")


class Clusters(Out):
    """What to look at, what needs eyes most first: failed, then odd ones, then the largest clusters."""

    items: list[Cluster]
    total: int = Field(description="Creatives in all clusters.")
    odd: int = Field(description="Creatives in clusters that differ from the usual ones.")
    clusters: int = Field(description="How many clusters there are.")


class WaitingOne(Out):
    """A creative that waits for a decision; `file_digest`: what the decision binds to; `why` as its cluster says."""

    creative: str
    file_digest: str
    why: Literal["", "look", "words", "status"]


class Waiting(Out):
    """A part of what waits for a decision, one creative after the other."""

    items: list[WaitingOne]
    left: int = Field(description="Creatives from the first of these to the last that waits.")
    total: int


class Finding(Out):
    """What a rule says of a creative. `rect`: x, y, width, height in px of the file."""

    creative: str
    rule: str
    code: str
    status: str
    message: str
    measured: str = ""
    limit: str = ""
    rect: list[float] | None = None
    hint: str = ""


class Findings(Out):
    """Findings of the current creatives of a campaign or run, worst first, and how many there are by rule and status."""

    items: list[Finding]
    counts: dict[str, dict[str, int]]


class Remedy(Out):
    """A change of the brief: what it mends and raises on this creative (rules), and how it looks then (`jpeg`, base64).

    What a model would do (`extend`, `upscale`) was not tried: it says what it may cost instead.
    """

    verb: Literal["words", "template", "extend", "upscale"]
    role: str = Field(description="The text that is set otherwise.")
    value: str = Field(description="The words, or the id of the template.")
    name: str
    mended: list[str]
    raised: list[str]
    clean: bool = Field(description="Nothing at all is found then.")
    ads: int = Field(description="How many creatives of the campaign change with it.")
    jpeg: str
    least: str = Field(description="What it costs at least.")
    most: str


class Remedies(Out):
    """What asks for something now (rules), and what helps, the best first."""

    found: list[str]
    items: list[Remedy]
    problems: list[ProblemItem]


class DecisionWanted(In):
    """A decision on creatives. With the digests that you saw, it is refused when they are no longer the newest."""

    creatives: list[str] = Field(min_length=1, max_length=500, description="Ids.")
    stage: Literal["creative", "legal"] = "creative"
    decision: Literal["approved", "rejected", "changes"]
    reason: str = Field("", max_length=2000, description="Needed unless it is approved.")
    seen: dict[str, str] = Field(default_factory=dict, description="Creative id -> the file_digest that you looked at.")


class Decided(Out):
    """The decisions as they were written down."""

    items: list[Approval]


class CommentWanted(In):
    """A comment. `x`, `y`: the point that it is pinned to, fractions from the top left; both or none."""

    text: str = Field(min_length=1, max_length=4000)
    x: float | None = Field(None, ge=0, le=1)
    y: float | None = Field(None, ge=0, le=1)
    parent: str | None = Field(None, pattern=r"^cmt_[0-9A-HJKMNP-TV-Z]{26}$")


class CommentChange(In):
    """Marks a comment as dealt with, or as open again."""

    resolved: bool


class Comment(Out):
    """A comment; `stale` when the creative's file is another one now."""

    id: str
    creative: str
    parent: str | None = None
    x: float | None = None
    y: float | None = None
    text: str
    file_digest: str
    person: str
    created_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str = ""


class Comments(Out):
    """All comments of a creative, oldest first."""

    items: list[Comment]


class PackageWanted(In):
    """What to pack. A delivery holds approved creatives only, and is refused while something is not, unless `partial`."""

    campaign: str = Field(pattern=r"^cmp_[0-9A-HJKMNP-TV-Z]{26}$")
    kind: Literal["proof", "delivery"] = "proof"
    channel: str = Field("", max_length=80, description="Only this channel; all when empty.")
    partial: bool = Field(False, description="Deliver what is approved although the rest is not.")


class Package(Out):
    """A zip of creatives."""

    id: str
    campaign: str
    run: str
    kind: Literal["proof", "delivery"]
    channel: str
    state: str
    bytes: int
    creatives: list[str]
    file_url: str
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: Any) -> Package:
        return cls(**{**row, "file_url": f"/v1/packages/{row['id']}/file"})
