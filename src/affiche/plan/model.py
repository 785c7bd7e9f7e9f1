"""What is to be done, as plain values. Ten thousand creatives share a few parts; each adds one small object.

A *part* is what many creatives have in common: the look of the campaign, a product with its picture, the words of a
locale, a placement. Each part knows the digest that it adds to keys, and its inputs by name: so a change has a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from affiche.brand.model import Brand
from affiche.brief.model import Brief, Product
from affiche.compose.encode.search import OutputSpec
from affiche.compose.studio import StudioSet
from affiche.compose.template.model import Template
from affiche.imagine.canvas import Canvas
from affiche.placement.model import Placement
from affiche.values.digest import Digest
from affiche.values.finding import Finding
from affiche.values.geometry import Rect
from affiche.values.imagery import ImageRequest
from affiche.values.locale import Locale
from affiche.values.money import Money
from affiche.values.problem import Problem, has_errors
from affiche.values.rights import Rights
from affiche.values.text import Text

StepKind = Literal["imagine", "compose", "check"]
STEP_KINDS: tuple[StepKind, ...] = ("imagine", "compose", "check")

#: Name of an input (`headline`, `logo`, `template`, ...) -> short digest.
Inputs = Mapping[str, str]


class CreativeId(NamedTuple):
    """What a creative *is*."""

    product: str
    locale: str
    placement: str
    variant: str

    def __str__(self) -> str:
        return "/".join(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A picture to buy from a model. Its request key names the work before it is done; `product` is whose it is.

    `calm`: regions (fractions) where words or the product will be. `least` and `most`: what it may cost. With `photo` (a file)
    a given picture is worked on: extended by `canvas`, freed from its ground, or enlarged; its bytes join the request when sent.
    `letters`: words may be in it, because the brief asked for them.
    """

    request: ImageRequest
    purpose: str
    product: str
    calm: tuple[Rect, ...]
    least: Money
    most: Money
    canvas: Canvas | None = None
    photo: str = ""
    photo_digest: Digest = Digest("")
    letters: bool = False
    #: The day of the oldest price among them.
    as_of: date | None = None

    @property
    def key(self) -> Digest:
        return self.request.key


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureStep:
    """A picture or logo to prepare once. `digest` is that of the file, `name` what people call it, `file` where it lies.

    A file that cannot be read has no digest, and `problem` says why: what shows it fails, the rest is built. With `wish` the
    picture comes from a model: alone, as a backdrop for the packshot in `file`, as
    more canvas around the photograph in it, as its outline, or as more pixels of it. `made` is where it lies once it is there.
    """

    key: Digest
    digest: Digest
    name: str
    file: str
    role: Literal["picture", "logo"]
    focal: tuple[float, float] | None = None
    problem: str = ""
    wish: Wish | None = None
    made: str = ""
    #: How the recorded rights to it stand on the day of the plan; None when nobody recorded any.
    rights: Rights | None = None

    @property
    def brought(self) -> bool:
        """Whether it was brought in with a record that says that a model made it, and is the picture of that record."""
        rights = self.rights
        return rights is not None and rights.generated and rights.standing not in ("altered", "unreadable")

    @property
    def invented(self) -> bool:
        """Whether pixels of a model will be seen in it that stand for nothing given: a scene, a backdrop, more canvas."""
        return self.wish is not None and self.wish.request.operation in ("generate", "expand")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPart:
    """What all creatives of a campaign share."""

    digest: Digest
    check_digest: Digest
    inputs: Inputs
    brand: Brand
    wordmark: str
    logo: PictureStep | None = None
    logo_on_dark: PictureStep | None = None
    forbidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPart:
    """A product in a variant. Which of `templates` (by kind) is used is known once its picture is prepared."""

    digest: Digest
    inputs: Inputs
    product: Product
    picture: PictureStep | None
    asked: Template | None
    templates: Mapping[str, Template]
    #: The brand in the product's own colours (the brand itself when the product names none).
    brand: Brand
    studio: StudioSet | None = None
    #: How it was before, for templates that compare.
    before: PictureStep | None = None
    #: The pictures of the brief's other products, when a template shows a line-up.
    companions: tuple[PictureStep, ...] = ()
    #: The words of every locale, when a template sets some of them in one size for all.
    group: tuple[WordsPart, ...] = ()
    #: Kind of picture -> why its template, where the brief does not simply ask for it.
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPart:
    """The words of a product in a locale. `check_digest` also holds where they come from."""

    digest: Digest
    check_digest: Digest
    inputs: Inputs
    locale: Locale
    words: Mapping[str, Text]
    #: Words about the creatives that are not set in them: `alt`, `caption`, `hashtags`.
    extras: Mapping[str, Any] = field(default_factory=dict)
    #: The region of the first market that is served in this locale.
    market: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementPart:
    """A placement with the file it takes. `check_digest` holds its limits and the rules in force there."""

    digest: Digest
    check_digest: Digest
    inputs: Inputs
    placement: Placement
    output: OutputSpec


def steps_of(part: CampaignPart, product: ProductPart) -> tuple[PictureStep, ...]:
    """The pictures and the logos that creatives of a product show."""
    steps = (product.picture, product.before, *product.companions, part.logo, part.logo_on_dark)
    return tuple(step for step in steps if step is not None)


def rights_of(part: CampaignPart, product: ProductPart) -> tuple[Rights, ...]:
    """The recorded rights to them, each once."""
    return tuple(dict.fromkeys(step.rights for step in steps_of(part, product) if step.rights is not None))


@dataclass(slots=True, kw_only=True, eq=False)
class Creative:
    """One creative to make. Never changed after `expand`; not frozen only because there are so many of them."""

    id: CreativeId
    product: ProductPart
    words: WordsPart
    place: PlacementPart
    compose_key: Digest
    check_key: Digest

    @property
    def keys(self) -> tuple[Digest, Digest]:
        return (self.compose_key, self.check_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a build will do, and what is wrong with the inputs.

    `partial`: only some of the campaign was asked for. `versions` of the parts that draw, for the manifest.
    """

    brief: Brief
    part: CampaignPart
    creatives: tuple[Creative, ...]
    pictures: tuple[PictureStep, ...]
    problems: tuple[Problem, ...]
    versions: Mapping[str, str]
    brief_file: str = ""
    partial: bool = False
    #: Product -> why it is shown otherwise than the brief wished: its picture could not be bought.
    degraded: Mapping[str, Finding] = field(default_factory=dict)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """The pictures to buy, each once."""
        return tuple({step.wish.key: step.wish for step in self.pictures if step.wish is not None}.values())

    @property
    def campaign(self) -> str:
        return self.brief.campaign

    @property
    def refused(self) -> bool:
        """Whether the inputs are so wrong that nothing can be built."""
        return has_errors(self.problems) or not self.creatives

    def subject(self, creative: Creative) -> str:
        """The name under which the ledger remembers what `creative` was made from."""
        return f"{self.campaign}/{creative.id}"

    def pictures_of(self, creative: Creative) -> tuple[PictureStep, ...]:
        """The pictures and the logos that `creative` shows."""
        return steps_of(self.part, creative.product)

    def inputs_of(self, creative: Creative) -> dict[str, str]:
        """Every input of `creative` by name."""
        return {
            **self.part.inputs, **creative.product.inputs, **creative.words.inputs, **creative.place.inputs,
        }  # fmt: skip
