"""Imagery: what is asked of a picture provider, what it can do, and what it gave. Spoken by router, journal and adapters alike.

An *offer* is one operation of one model of one provider as the dated catalog describes it: what it can do and what it costs. A
request that needs more than an offer declares is never sent to it: nothing is dropped silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from affiche.values.digest import Digest
from affiche.values.geometry import Size
from affiche.values.money import Money

#: `edit` changes a picture by instruction (with a mask: only there), `expand` adds canvas around the exact original.
Operation = Literal["generate", "edit", "expand", "remove-background", "upscale"]
#: `source` is the picture that is worked on; the others are shown to the model and never appear as pixels.
ReferenceRole = Literal["source", "product", "style", "structure"]
Quality = Literal["draft", "standard", "high"]
#: `free` any size within the bounds, `exact` only the listed sizes, `ratio` only the listed ratios (the size follows).
SizeRule = Literal["free", "exact", "ratio"]
#: What a provider does against paying twice: takes an idempotency key; gives a job id that can be polled again; nothing.
Repeat = Literal["idempotent", "job", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A picture that goes along with a request: encoded bytes of `media_type`."""

    data: bytes = field(repr=False)
    media_type: str
    role: ReferenceRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Canvas to add on each side of the source, px."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """One picture wanted. `size` in px is what is wanted; an offer by ratio gives its own size of the same shape.

    `key` is the request key (DESIGN 4): equal requests have equal keys, and it is what idempotency keys are made of.
    `mask`: PNG as large as the source, white may change, black is kept. `colors`: hex, most important first.
    `style`: pictures of the brand's world by digest, before their bytes join as references; who takes none is asked without.
    """

    key: Digest
    operation: Operation
    prompt: str
    size: Size
    negative: str = ""
    references: tuple[Reference, ...] = ()
    mask: bytes | None = field(default=None, repr=False)
    margins: Margins | None = None
    seed: int | None = None
    quality: Quality = "standard"
    transparent: bool = False
    colors: tuple[str, ...] = ()
    style: tuple[Digest, ...] = ()

    @property
    def source(self) -> Reference | None:
        """The picture that is worked on."""
        return next((r for r in self.references if r.role == "source"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one offer can do. Sizes in px, ratios as (width, height); bounds count where they are not 0."""

    size_rule: SizeRule
    sizes: tuple[Size, ...] = ()
    ratios: tuple[tuple[int, int], ...] = ()
    min_pixels: int = 0
    max_pixels: int = 0
    max_side: int = 0
    multiple: int = 1
    max_aspect: float = 0.0
    #: Pictures of each role that may go along; a role that is absent is not taken.
    references: Mapping[ReferenceRole, int] = field(default_factory=dict)
    #: Roles without which nothing is made: a model that only copies a style needs one.
    needs: tuple[ReferenceRole, ...] = ()
    mask: bool = False
    negative: bool = False
    seed: bool = False
    transparent: bool = False
    colors: bool = False
    qualities: tuple[Quality, ...] = ("standard",)
    max_prompt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one picture costs. `base` for each call plus `per_megapixel` of output, by quality; with where and when it was read.

    `verified` is false for prices that nobody could check at the provider (then estimates are shown as uncertain).
    `per_million`: what a million of each kind of unit costs (`text-in`, `image-in`, `out` tokens) at providers that report
    units: what was paid is then settled by what they report.
    """

    currency: str
    base: Mapping[Quality, float]
    per_megapixel: Mapping[Quality, float] = field(default_factory=dict)
    per_million: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    as_of: date | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One operation of one model. `regions` where data is processed (empty: not stated); `licence` of the results.

    `signed`: the share of the height, at the foot, in which the provider writes its own mark: words there are no fault.
    """

    provider: str
    model: str
    operation: Operation
    can: Capabilities
    price: Price
    repeat: Repeat = "none"
    regions: tuple[str, ...] = ()
    licence: str = ""
    latency_s: float = 0.0
    sunset: date | None = None
    replaced_by: str = ""
    signed: float = 0.0

    @property
    def id(self) -> str:
        """`provider/model/operation`, by which routers and people name it."""
        return f"{self.provider}/{self.model}/{self.operation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageResult:
    """What came back. `media_type` is sniffed from the bytes, never believed. `paid` is what the provider reported, if it did."""

    data: bytes = field(repr=False)
    media_type: str
    size: Size
    model: str
    seed: int | None = None
    request_id: str = ""
    paid: Money | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    revised_prompt: str = ""
