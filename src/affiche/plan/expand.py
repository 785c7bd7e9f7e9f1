"""Expand: the inputs of a campaign -> its plan. Pure: files were read and measured before, catalogs are arguments.

Order of creatives: product, variant, placement, locale, so that what can share a base stands together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Literal, Protocol

from affiche.brand.model import Brand
from affiche.brand.product import in_colors_of
from affiche.brief.model import Brief, Product, Variant
from affiche.compose.direct.choose import ROOMY, choose_set, choose_template
from affiche.compose.encode.search import OutputSpec
from affiche.compose.studio import StudioSet
from affiche.compose.template.model import Template
from affiche.placement.model import Placement
from affiche.plan import keys
from affiche.plan.extended import extension_of, unmet_extensions
from affiche.plan.imagined import Makers, unmet, wish_of
from affiche.plan.mended import Photo, mending_of, unmet_mendings
from affiche.plan.model import (
    CampaignPart,
    Creative,
    CreativeId,
    PictureStep,
    PlacementPart,
    Plan,
    ProductPart,
    WordsPart,
    rights_of,
)
from affiche.plan.room import Room, room_for
from affiche.plan.wishes import unknown_designs, unmet_needs
from affiche.ports import FileFormat
from affiche.values.digest import Digest, digest
from affiche.values.geometry import Size
from affiche.values.locale import Locale
from affiche.values.problem import Problem, Where
from affiche.values.rights import Rights
from affiche.values.text import Text

#: As they are called in catalogs -> as we call them.
_FORMATS: dict[str, FileFormat] = {"png": "png", "jpeg": "jpeg", "jpg": "jpeg", "webp": "webp", "avif": "avif"}
#: The template of a photograph with room for words.
_FOR_SCENES = "hero"
_PREFERRED: tuple[FileFormat, ...] = ("jpeg", "png", "webp", "avif")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that a brief or brand names, as it was found: its digest, or what is wrong with it.

    `size` (upright, px) where the brief lets a model change the picture, and it could be read; `stuck`: why the classical
    matte cannot free it, where the brief lets a model do that.
    """

    name: str
    file: str
    digest: Digest = Digest("")
    problem: str = ""
    size: Size | None = None
    rights: Rights | None = None
    stuck: str = ""


class Catalog(Protocol):
    """Placements by what authors call them (`placement.catalog.Catalog`)."""

    def resolve(self, text: str, *, where: Where, stills: bool = True) -> tuple[Placement, ...] | Problem: ...


@dataclass(frozen=True, kw_only=True)
class Materials:
    """Everything that determines a plan.

    `pictures` by product id (absent: it has none); `words` gives the texts of a product in a locale and variant; `rules`
    the digest of the rules in force for a channel; `versions` of everything that draws, and `toolchain` their digest.
    Not slotted: cached properties need a `__dict__`.
    """

    brief: Brief
    brand: Brand
    problems: tuple[Problem, ...]
    pictures: Mapping[str, Asset]
    catalog: Catalog
    templates: Mapping[str, Template]
    sets: Mapping[str, StudioSet]
    words: Callable[[Product, str, Variant], Mapping[str, Text]]
    rules: Callable[[str], Digest]
    versions: Mapping[str, str]
    #: Words about a product in a locale that are not set: text alternative, caption.
    extras: Callable[[Product, str, Mapping[str, Text]], Mapping[str, Any]] | None = None
    logo: Asset | None = None
    logo_on_dark: Asset | None = None
    brief_file: str = ""
    #: How it was before, by product id, where the brief shows that.
    befores: Mapping[str, Asset] = field(default_factory=dict)
    makers: Makers = field(default_factory=Makers)

    @cached_property
    def toolchain(self) -> Digest:
        return digest("toolchain", self.versions)


def expand(materials: Materials) -> Plan:
    """Every creative that the brief asks for, with its keys, and everything that is wrong."""
    places, problems = _placements(materials)
    part = _campaign(materials)
    problems += unknown_designs(materials.brief, templates=materials.templates, sets=materials.sets)
    problems += (*unmet(materials.brief, materials.makers), *unmet_extensions(materials.brief, materials.makers))
    shapes = [place.placement.size for place in places]
    problems += unmet_mendings(materials.brief, _photos(materials), shapes, materials.makers)
    creatives: list[Creative] = []
    for product, variant in _products(materials.brief):
        words = [_words(product, tag, variant, materials) for tag in materials.brief.locales_of(product)]
        made = _product(product, variant, words, materials, _picture(product, materials, places))
        problems += unmet_needs(made, variant, words, materials.brief)
        shaped = _shaped(made, variant, words, materials, places)
        creatives += (c for c in _creatives(part, shaped, variant.id, words) if not materials.brief.excludes(*c.id))
    return Plan(
        brief=materials.brief,
        part=part,
        creatives=tuple(creatives),
        pictures=_pictures(part, creatives),
        problems=(*materials.problems, *problems),
        versions=materials.versions,
        brief_file=materials.brief_file,
    )


def only(plan: Plan, wanted: Mapping[str, frozenset[str]]) -> Plan:
    """The plan with only the creatives whose product, locale, placement and variant are `wanted` (absent name = all).

    Keys are those of the whole plan. With nothing wanted it is the plan itself.
    """
    if not wanted:
        return plan
    return part_of(plan, (c for c in plan.creatives if all(getattr(c.id, name) in values for name, values in wanted.items())))


def part_of(plan: Plan, creatives: Iterable[Creative]) -> Plan:
    """The plan with only these of its creatives."""
    kept = tuple(creatives)
    return replace(plan, creatives=kept, pictures=_pictures(plan.part, kept), partial=True)


def _creatives(
    part: CampaignPart, shaped: Iterable[tuple[ProductPart, PlacementPart]], variant: str, words: list[WordsPart]
) -> Iterator[Creative]:
    for product, place in shaped:
        check = keys.with_rights(part.check_digest, rights_of(part, product))
        for word in words:
            compose = keys.compose_key(part.digest, product.digest, word.digest, place.digest)
            yield Creative(
                id=CreativeId(product.product.id, word.locale.tag, place.placement.id, variant),
                product=product,
                words=word,
                place=place,
                compose_key=compose,
                check_key=keys.check_key(compose, check, word.check_digest, place.check_digest),
            )


def _products(brief: Brief) -> Iterator[tuple[Product, Variant]]:
    return ((product, variant) for product in brief.products for variant in brief.variants or (Variant(),))


# -- parts -----------------------------------------------------------------------------------------------


def _campaign(materials: Materials) -> CampaignPart:
    brand, given = materials.brand, materials.brief.brand
    logo = _step(materials.logo, "logo", materials)
    on_dark = _step(materials.logo_on_dark, "logo", materials)
    forbidden = {**given.forbidden_by, "*": given.forbidden} if given.forbidden else dict(given.forbidden_by)
    look, toolchain = keys.look_digest(brand), materials.toolchain
    logos = digest("logos", logo and logo.key, on_dark and on_dark.key) if logo or on_dark else Digest("")
    wordmark = "" if logo else brand.name
    return CampaignPart(
        digest=digest("campaign", keys.FORMAT, toolchain, look, logos, wordmark),
        check_digest=digest("campaign-check", keys.FORMAT, digest("brand", brand), forbidden),
        inputs={
            "brand": keys.short(look), "logo": keys.short(logos), "toolchain": keys.short(toolchain),
            "forbidden words": keys.short(digest("forbidden", brand.forbidden, brand.required, brand.never, forbidden)),
        },
        brand=brand,
        wordmark=wordmark,
        logo=logo,
        logo_on_dark=on_dark,
        forbidden=forbidden,
    )  # fmt: skip


def _product(
    product: Product, variant: Variant, words: list[WordsPart], materials: Materials, picture: PictureStep | None
) -> ProductPart:
    wish = variant.template or product.template or materials.brief.design.template
    # Not `get`: the shipped templates are read when they are first asked for by key.
    asked = materials.templates[wish] if wish in materials.templates else None  # noqa: SIM401
    roles = set.intersection(*(set(part.words) for part in words)) if words else set()
    chosen = _candidates(asked, picture, roles, materials)
    templates = {kind: template for kind, (template, _) in chosen.items()}
    studio, stood = _studio(templates, materials)
    shown = digest("templates", {kind: (t.id, t.digest, why) for kind, (t, why) in chosen.items()})
    backdrop = digest("studio", studio, stood) if studio else Digest("")
    seen = picture.key if picture else Digest("")
    beside = _companions(product, templates.values(), materials)
    others = digest("companions", [step.key for step in beside]) if beside else Digest("")
    brand = in_colors_of(materials.brand, product.colors)
    tint = keys.look_digest(brand) if product.colors else Digest("")
    before = _step(materials.befores.get(product.id), "picture", materials, product.before.focal if product.before else None)
    group = tuple(words) if any(template.groups for template in templates.values()) else ()
    together = digest("group", [part.digest for part in group]) if group else Digest("")
    # Whose pixels they are is written into the file, so it belongs to what is drawn.
    brought = ("made by a model",) if picture is not None and picture.brought else ()
    more = (*((before.key,) if before else ()), *brought, *_regions(words, templates.values()))
    return ProductPart(
        digest=digest("product", seen, shown, backdrop, others, tint, together, *more),
        inputs={
            "picture": keys.short(seen), "template": keys.short(shown), "set": keys.short(backdrop),
            **({"picture before": keys.short(before.key)} if before else {}),
            "companions": keys.short(others), "product colours": keys.short(tint), "words of the group": keys.short(together),
        },
        product=product,
        picture=picture,
        before=before,
        asked=asked,
        templates=templates,
        brand=brand,
        studio=studio,
        companions=beside,
        group=group,
        why=_reasons(chosen, stood),
    )  # fmt: skip


def _reasons(chosen: Mapping[str, tuple[Template, str]], stood: str) -> dict[str, str]:
    """Kind of picture -> why it is shown so: the template, and the set where that shows one."""
    said = {kind: [why, *([stood] if kind == "cutout" and template.staged else ())] for kind, (template, why) in chosen.items()}
    return {kind: "; ".join(filter(None, whys)) for kind, whys in said.items() if any(whys)}


def _regions(words: Iterable[WordsPart], templates: Iterable[Template]) -> tuple[Digest, ...]:
    """What a template that asks for the market depends on: which locale belongs to which."""
    if not any("market" in template.asks for template in templates):
        return ()
    return (digest("markets", {part.locale.tag: part.market for part in words}),)


def _candidates(
    asked: Template | None, picture: PictureStep | None, roles: Collection[str], materials: Materials
) -> dict[str, tuple[Template, str]]:
    """Kind of picture -> template and why. A picture that was not prepared yet may turn out to be of any kind."""
    kinds = ("none",) if picture is None else ("photo", ROOMY) if picture.invented else ("cutout", "photo", ROOMY)
    return {kind: choose_template(asked, kind, roles, materials.templates, materials.brand.tone) for kind in kinds}


def _companions(product: Product, templates: Iterable[Template], materials: Materials) -> tuple[PictureStep, ...]:
    """The pictures of the brief's other products, when a template shows them."""
    if not any(template.lineup for template in templates):
        return ()
    others = [other for other in materials.brief.products if other.id != product.id]
    steps = [
        _step(materials.pictures.get(other.id), "picture", materials, other.picture.focal if other.picture else None)
        for other in others
    ]
    return tuple(step for step in steps if step is not None and not step.problem)


#: A surface darker than this (relative luminance) is dark.
_DARK = 0.06


def _studio(templates: Mapping[str, Template], materials: Materials) -> tuple[StudioSet | None, str]:
    """The set behind a cut-out product and why it is that one; none for what is not cut out."""
    if not materials.sets or "cutout" not in templates:
        return None, ""
    brand = materials.brand
    return choose_set(
        materials.brief.design.set, row=templates["cutout"].lineup, tone=brand.tone,
        dark=brand.colors["surface"].luminance < _DARK, sets=materials.sets,
    )  # fmt: skip


def _words(product: Product, tag: str, variant: Variant, materials: Materials) -> WordsPart:
    words = materials.words(product, tag, variant)
    locale = Locale.parse(tag)
    return WordsPart(
        digest=keys.words_digest(locale.tag, words),
        check_digest=keys.origins_digest(words),
        inputs={role: keys.short(digest("word", text.value, text.locale)) for role, text in words.items()},
        locale=locale,
        words=words,
        extras=materials.extras(product, locale.tag, words) if materials.extras else {},
        market=next((market.region for market in materials.brief.markets if tag in market.locales), ""),
    )


def _placements(materials: Materials) -> tuple[tuple[PlacementPart, ...], tuple[Problem, ...]]:
    found: dict[str, Placement] = {}
    problems: list[Problem] = []
    for number, text in enumerate(materials.brief.placements):
        where = materials.brief.places.get(f"placements[{number}]", Where(pointer=f"placements[{number}]"))
        answer = materials.catalog.resolve(text, where=where)
        if isinstance(answer, Problem):
            problems.append(answer)
        else:
            found.update({placement.id: placement for placement in answer})
    return tuple(_place(placement, materials) for placement in found.values()), tuple(problems)


def _place(placement: Placement, materials: Materials) -> PlacementPart:
    output = _output(placement, materials.brief.design.format)
    surface, rules = keys.surface_digest(placement, output), materials.rules(placement.channel)
    return PlacementPart(
        digest=surface,
        check_digest=digest("placement-check", placement, rules),
        inputs={"placement": keys.short(surface), "rules": keys.short(digest("rules", rules, placement))},
        placement=placement,
        output=output,
    )


def _output(placement: Placement, wish: str) -> OutputSpec:
    """What file a placement takes: the format that the brief asks for where it is allowed, else the usual one."""
    allowed = tuple(dict.fromkeys(_FORMATS[f] for f in placement.formats if f in _FORMATS)) or _PREFERRED[:2]
    usual = next(format for format in _PREFERRED if format in allowed)
    return OutputSpec(formats=allowed, preferred=next((f for f in allowed if f == wish), usual), max_bytes=placement.max_bytes)


# -- pictures --------------------------------------------------------------------------------------------


def _picture(product: Product, materials: Materials, places: Collection[PlacementPart]) -> PictureStep | None:
    """The picture of a product: its file, a model's picture, or its file standing on a model's backdrop."""
    focal = product.picture.focal if product.picture else None
    given = _step(materials.pictures.get(product.id), "picture", materials, focal)
    shown = [place.placement for place in places]
    room = partial(_room, product, materials, shown)
    wish = wish_of(product, materials.brief, materials.brand, shown, materials.makers, room)
    photo = _photos(materials).get(product.id)
    if wish is None and photo is not None:
        wish = mending_of(product, photo, [place.placement.size for place in places], materials.makers)
    if wish is None or (given is not None and given.problem):
        return given
    name = f"{wish.purpose} of {product.name}"
    packshot = given or PictureStep(key=Digest(""), digest=Digest(""), name=name, file="", role="picture")
    source = digest("from a model", wish.key, packshot.digest)
    key = keys.picture_key(source, "picture", focal, materials.toolchain)
    return replace(packshot, key=key, focal=focal, wish=wish)


def _room(product: Product, materials: Materials, placements: Sequence[Placement], size: Size) -> Room:
    """Where the words of the message stand on a picture that has yet to be made, in the template that would show it."""
    wish = product.template or materials.brief.design.template
    asked = materials.templates[wish] if wish in materials.templates else None  # noqa: SIM401
    template = asked if asked is not None and "photo" in asked.pictures else materials.templates[_FOR_SCENES]
    tag = materials.brief.message.locale
    words = materials.words(product, tag, next(iter(materials.brief.variants), Variant()))
    return room_for(template, size, placements, words, Locale.parse(tag), materials.brand)


def _photos(materials: Materials) -> dict[str, Photo]:
    """The given pictures that were measured, by product."""
    measured = ((name, asset) for name, asset in materials.pictures.items() if asset.size is not None)
    return {name: Photo(asset.file, asset.digest, asset.size, asset.stuck) for name, asset in measured if asset.size}


def _shaped(
    made: ProductPart, variant: Variant, words: list[WordsPart], materials: Materials, places: Iterable[PlacementPart]
) -> Iterator[tuple[ProductPart, PlacementPart]]:
    """`made` for each place, with its photograph extended where the crop would lose too much of it."""
    product, extended = made.product, dict[Digest, ProductPart]()
    for place in places:
        step = _extended(product, place, materials)
        if step is None:
            yield made, place
            continue
        if step.key not in extended:
            extended[step.key] = _product(product, variant, words, materials, step)
        yield extended[step.key], place


def _extended(product: Product, place: PlacementPart, materials: Materials) -> PictureStep | None:
    """The photograph of `product` with more canvas for the shape of `place`; None when it is shown as it is."""
    asset = materials.pictures.get(product.id)
    if asset is None or asset.size is None or product.picture is None or product.picture.imagine or not product.picture.extend:
        return None
    photo = (asset.file, asset.digest, asset.size)
    wish = extension_of(product, photo, place.placement.size, materials.brand, materials.makers)
    given = _step(asset, "picture", materials, product.picture.focal)
    if wish is None or given is None or given.problem:
        return None
    key = keys.picture_key(digest("extended", wish.key, given.digest), "picture", given.focal, materials.toolchain)
    return replace(given, key=key, wish=wish)


def _step(
    asset: Asset | None, role: Literal["picture", "logo"], materials: Materials, focal: tuple[float, float] | None = None
) -> PictureStep | None:
    if asset is None:
        return None
    # What cannot be read is keyed by its name: no result will ever be stored under it.
    source = asset.digest or digest("unreadable", asset.name)
    return PictureStep(
        key=keys.picture_key(source, role, focal, materials.toolchain),
        digest=asset.digest, name=asset.name, file=asset.file, role=role, focal=focal, problem=asset.problem, rights=asset.rights,
    )  # fmt: skip


def _pictures(part: CampaignPart, creatives: Iterable[Creative]) -> tuple[PictureStep, ...]:
    """Every picture that is shown, once."""
    if not creatives:
        return ()
    products = {id(c.product): c.product for c in creatives}.values()
    steps = [part.logo, part.logo_on_dark, *(step for product in products for step in (product.picture, product.before))]
    steps += [step for product in products for step in product.companions]
    return tuple({step.key: step for step in steps if step is not None}.values())
