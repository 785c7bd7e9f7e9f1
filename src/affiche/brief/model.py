"""What the client asks for, as plain values. Read by every later phase; made by `strict.py` and `importer/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from affiche.values.problem import Where

#: The words of one locale by role: headline, subhead, body, cta, legal, price, old_price, quote, ... -> text.
Words = Mapping[str, str]

TEXT_ROLES = (
    "headline",
    "subhead",
    "body",
    "cta",
    "legal",
    "price",
    "old_price",
    "offer",
    "quote",
    "author",
    "date",
    "name",
    "step1",
    "step2",
    "step3",
    "label1",
    "label2",
    "headline_short",
    "subhead_short",
    "body_short",
    "cta_short",
)

#: What a role's shorter approved wording is called: `headline_short` stands in where the headline does not fit.
SHORT = "_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The message in its source locale."""

    locale: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A region (ISO 3166 code, group such as `DACH`, or empty) with the locales it is served in (canonical tags)."""

    region: str
    locales: tuple[str, ...]
    name: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRef:
    """A picture as the brief names it: a file relative to the brief, or a wish to have one imagined.

    `extend`: a photograph may get more canvas from a model where a crop would lose too much of it. `cut_out`: a model may
    find the outline of a product that the classical matte cannot free. `upscale`: a model may enlarge what is too small.
    `letters`: words are wanted in what a model draws, `people`: people are.
    """

    path: str = ""
    imagine: bool = False
    extend: bool = False
    cut_out: bool = False
    upscale: bool = False
    letters: bool = False
    people: bool = False
    #: Which picture of a model: another number is another picture, and another payment.
    take: int = 1
    kind: Literal["", "cutout", "photo"] = ""
    #: The point to keep, fractions 0..1 of the picture.
    focal: tuple[float, float] | None = None
    where: Where = field(default=Where(), metadata={"keyed": False}, compare=False)

    @property
    def wished(self) -> bool:
        """Whether a model may have a part in it."""
        return self.imagine or self.extend or self.cut_out or self.upscale


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. `copy` holds words per locale that beat the campaign's; `names` localized names."""

    id: str
    name: str
    description: str = ""
    picture: PictureRef | None = None
    #: How it was without the product: shown beside the picture by templates that compare.
    before: PictureRef | None = None
    copy: Mapping[str, Words] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    price: str = ""
    template: str = ""
    #: Locales this product is made for, when not all of the brief's.
    locales: tuple[str, ...] = ()
    audience: str = ""
    #: Colours (hex) the author gave this product, by weight.
    colors: tuple[str, ...] = ()
    #: Everything else that the author wrote (features, category, sku): kept, not interpreted.
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A declared alternative; its words and design beat the campaign's. `a` is the campaign itself."""

    id: str = "a"
    words: Mapping[str, Words] = field(default_factory=dict)
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How it should look, when the author says so: template id, set id, file format. Empty = Affiche decides."""

    template: str = ""
    set: str = ""
    format: Literal["", "png", "jpeg", "webp", "avif"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How words are written that the brief does not give. Maps are by language or locale; `writer` is `provider:model`.

    `glossary`: term of the message -> language or locale -> term to use; `keep`: what is never translated.
    """

    writer: str = ""
    formality: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    glossary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    alt: bool = False
    captions: bool = False
    judge: bool = False
    back_translation: bool = False
    take: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that models may cost for this campaign. Amount as decimal text."""

    max: str
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBrand:
    """What a brief itself says of the brand: a brand file, or loose facts from which a neutral brand is derived."""

    file: str = ""
    name: str = ""
    colors: tuple[str, ...] = ()
    logo: str = ""
    #: Words that must not appear, in every language; `forbidden_by` those of one language or locale.
    forbidden: tuple[str, ...] = ()
    forbidden_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One campaign brief. Locales are canonical tags, placements catalog ids or aliases as written."""

    campaign: str
    name: str
    message: Message
    markets: tuple[Market, ...]
    products: tuple[Product, ...]
    placements: tuple[str, ...]
    brand: GivenBrand = GivenBrand()
    audience: str = ""
    copy: Mapping[str, Words] = field(default_factory=dict)
    variants: tuple[Variant, ...] = (Variant(),)
    design: Design = Design()
    budget: Budget | None = None
    writing: Writing = Writing()
    #: What `{name}` in the copy stands for.
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    #: A product feed (CSV, XLSX, JSONL) relative to the brief; `inputs.py` adds its products.
    feed: str = ""
    #: Whether the brief was written in our format, or somebody else's was understood.
    foreign: bool = field(default=False, metadata={"keyed": False}, compare=False)
    extra: Mapping[str, Any] = field(default_factory=dict)
    #: Creatives not to make: `product/locale/placement` or `.../variant`, placements by catalog id; `*` stands for any.
    exclude: tuple[str, ...] = field(default=(), metadata={"keyed": False})
    #: Places in the file by pointer, so that later phases can point at the line.
    places: Mapping[str, Where] = field(default_factory=dict, metadata={"keyed": False}, compare=False)

    @property
    def locales(self) -> tuple[str, ...]:
        """Every locale asked for, once, in order."""
        return tuple(dict.fromkeys(tag for market in self.markets for tag in market.locales))

    @property
    def wished(self) -> bool:
        """Whether a model may have a part in a picture of some product."""
        return any(product.picture and product.picture.wished for product in self.products)

    def excludes(self, *identity: str) -> bool:
        """Whether the creative of this product, locale, placement and variant is not to be made."""
        asked = (line.split("/") for line in self.exclude)
        return any(all(want in ("*", part) for want, part in zip(line, identity, strict=False)) for line in asked)

    def locales_of(self, product: Product) -> tuple[str, ...]:
        """The locales that `product` is made for: its own, else all."""
        return product.locales or self.locales
