"""What the client gives: the answers of the API as values. Fields that a newer service adds are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """An answer; never changed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Note(Shape):
    """Something that is wrong with a brief, or was assumed."""

    severity: str
    code: str
    where: str
    message: str
    hint: str


class Run(Shape):
    """One execution of a campaign."""

    id: str
    campaign: str
    revision: int
    state: str
    reason: str
    totals: dict[str, Any]
    progress: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def rests(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state in {"needs-review", "approved", "delivered", "partial", "failed", "cancelled"}


class Campaign(Shape):
    """A campaign."""

    id: str
    slug: str
    name: str
    brand: str
    state: str
    revision: int
    run: str | None = None


class Submitted(Shape):
    """A brief that was accepted."""

    campaign: Campaign
    run: Run | None = None
    problems: list[Note]


class Proposal(Shape):
    """A picture that was bought before and might do: likeness 0..1 by words, by look (None: nothing to compare with)."""

    product: str
    purpose: str
    picture: str
    bought_for: str
    likeness: float
    looks_alike: float | None = None
    least: str
    most: str
    currency: str
    thumbnail_url: str


class Accepted(Shape):
    """A picture that was taken for a product of a campaign; `used`: a run has begun since."""

    id: str
    campaign: str
    product: str
    purpose: str
    picture: str
    bought_for: str
    person: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    used: bool


class Proposals(Shape):
    """What might do for a campaign, and what was taken for it."""

    items: list[Proposal]
    accepted: list[Accepted]


class Plan(Shape):
    """What a run would do. `alike`: pictures that exist and might do instead of those that would be paid."""

    campaign: str
    creatives: int
    matrix: dict[str, list[str]]
    steps: dict[str, Any]
    reasons: list[dict[str, Any]]
    paid_calls: int
    cost: dict[str, Any]
    seconds: float
    overflow: list[dict[str, Any]]
    alike: list[Proposal] = []
    problems: list[Note]


class Creative(Shape):
    """One finished ad."""

    id: str
    campaign: str
    run: str
    product: str
    locale: str
    placement: str
    variant: str
    status: str
    width: int
    height: int
    format: str
    file_digest: str
    approved: bool
    words: dict[str, str]


class Finding(Shape):
    """What a rule says of a creative."""

    creative: str
    rule: str
    code: str
    status: str
    message: str
    measured: str
    limit: str
    rect: list[float] | None = None
    hint: str


class Comment(Shape):
    """Something that somebody said of a creative; `x`, `y`: the point it is pinned to, fractions from the top left."""

    id: str
    creative: str
    text: str
    person: str
    x: float | None = None
    y: float | None = None
    resolved_at: datetime | None = None


class Use(Shape):
    """A campaign or brand that names an asset."""

    id: str
    kind: str
    name: str


class Uses(Shape):
    """Where an asset is used, and its versions, oldest first."""

    campaigns: list[Use]
    brands: list[Use]
    versions: list[Asset]


class Arrival(Shape):
    """A file that came in by itself: `taken`, `known`, `refused` or `failed`, with the reason."""

    place: str
    name: str
    state: str
    reason: str
    asset: str
    campaign: str


class Batch(Shape):
    """Runs of many campaigns: how many are in which state; `done` when nothing more happens by itself."""

    id: str
    states: dict[str, int]
    runs: int
    done: bool


class Schedule(Shape):
    """When a campaign runs by itself."""

    id: str
    campaign: str
    cron: str
    active: bool
    next_at: datetime | None = None


class Remedy(Shape):
    """A change of the brief, the rules that it mends and raises, and how the creative looks then (base64 JPEG).

    What a model would do was not tried: it costs `least` to `most`.
    """

    verb: str
    role: str
    value: str
    name: str
    mended: list[str]
    raised: list[str]
    clean: bool
    ads: int
    jpeg: str
    least: str
    most: str


class Brand(Shape):
    """A brand."""

    id: str
    slug: str
    name: str
    revision: int


class Swatch(Shape):
    """A colour of a brand by its role; `derived` when its file does not give it."""

    role: str
    hex: str
    derived: bool


class Contrast(Shape):
    """Type of one colour on another: the ratio of WCAG 2, and whether it is enough for small and for large type."""

    ground: str
    ink: str
    ratio: float
    small: bool
    large: bool


class Kit(Shape):
    """What a brand file says, completed."""

    name: str
    colors: list[Swatch]
    contrasts: list[Contrast]


class Specimen(Shape):
    """A brand's type in one script (ISO 15924): `png` in base64, and which face draws headline and text."""

    script: str
    locale: str
    display: dict[str, Any]
    text: dict[str, Any]
    png: str


class SlotText(Shape):
    """What became of a text: `outcome` is fits, helped (by `remedy`), left-out, too-long or glyphs; sizes px of the em."""

    slot: str
    outcome: str
    size: float
    needed: float
    remedy: str
    lines: list[str]


class ProofCell(Shape):
    """One place of a template's proof: stress copy in one size, px."""

    case: str
    locale: str
    width: int
    height: int
    aspect_class: str
    texts: list[SlotText]


class Shot(Shape):
    """One creative of a preview: `jpeg` in base64."""

    title: str
    locale: str
    placement: str
    width: int
    height: int
    texts: list[SlotText]
    jpeg: str


class Preview(Shape):
    """A few creatives of a brief, or why there are none."""

    shots: list[Shot]
    problems: list[dict[str, Any]]


class Mark(Shape):
    """A brand's logo on one of its colours: `png` in base64; `logo` (x, y, width, height) and the room it wants, px."""

    role: str
    color: str
    variant: str
    logo: list[float]
    clear: float
    png: str


class Asset(Shape):
    """A file that briefs and brands name by its id."""

    id: str
    name: str
    kind: str
    media_type: str
    digest: str
    width: int
    height: int
    duplicates: list[str]


class Package(Shape):
    """A zip of creatives."""

    id: str
    campaign: str
    kind: str
    bytes: int
    creatives: list[str]


class Event(Shape):
    """Something that happened."""

    seq: int
    kind: str
    campaign: str | None = None
    run: str | None = None
    data: dict[str, Any]
    at: datetime


class WorkerTask(Shape):
    """What a worker has in hand: a stage of a run, or (`part`) a piece of it; `done` of `steps` of the whole run."""

    run: str
    campaign: str
    name: str
    stage: str
    part: str
    state: str
    done: int
    steps: int
    since: datetime


class Worker(Shape):
    """A worker. `state` is busy, idle, draining or silent; `silent_s` tells how long ago its last sign of life was, s."""

    id: str
    host: str
    pid: int
    version: str
    processes: int
    state: str
    since: datetime
    seen_at: datetime
    silent_s: float
    lease_s: int
    steps: int
    work: list[WorkerTask]
