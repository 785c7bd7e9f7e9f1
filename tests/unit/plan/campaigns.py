"""Materials for plans in tests: a brief of values, shipped placements and templates, nothing on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from affiche.brand.derive import derive_brand
from affiche.brand.model import Brand
from affiche.brief.model import Brief, GivenBrand, Market, Message, Product, Variant
from affiche.compose.template.shipped import ShippedTemplates
from affiche.placement.shipped import shipped_catalog
from affiche.plan.expand import Asset, Materials
from affiche.plan.model import Creative, Plan
from affiche.values.digest import digest
from affiche.write.phrasebook import phrasebook
from affiche.write.words import Shelf, resolve_words

BRAND: Brand = derive_brand(GivenBrand(name="Verde", colors=("#0F5C4E", "#F6C667")))
COPY = {"de-DE": {"headline": "Weck den Nachmittag"}, "ar-SA": {"headline": "أيقظ ما بعد الظهيرة"}}


def brief(
    *, locales: Sequence[str] = ("en-US", "de-DE", "ar-SA"), products: Sequence[str] = ("yuzu", "elder"),
    placements: Sequence[str] = ("300x250", "320x50"), copy: Mapping[str, Mapping[str, str]] = COPY, **fields: object,
) -> Brief:  # fmt: skip
    return Brief(
        campaign="summer",
        name="Summer",
        message=Message(locale="en-US", words={"headline": "Wake up the afternoon", "cta": "Find a can"}),
        markets=(Market(region="", locales=tuple(locales)),),
        products=tuple(Product(id=id, name=id.title()) for id in products),
        placements=tuple(placements),
        copy=copy,
        **fields,  # type: ignore[arg-type]
    )


def asset(name: str, content: str = "") -> Asset:
    return Asset(name=name, file=f"/nowhere/{name}", digest=digest("content", content or name))


def materials(given: Brief | None = None, **fields: object) -> Materials:
    asked = given or brief()

    def words(product: Product, locale: str, variant: Variant) -> Mapping[str, object]:
        return resolve_words(asked, product, locale, variant, Shelf(phrasebook=phrasebook()))

    values: dict[str, object] = {
        "brief": asked, "brand": BRAND, "problems": (), "pictures": {}, "catalog": shipped_catalog(),
        "templates": ShippedTemplates(), "sets": {}, "words": words, "rules": lambda channel: digest("rules", channel),
        "versions": {"skia": "1"},
    }  # fmt: skip
    return Materials(**{**values, **fields})  # type: ignore[arg-type]


def by_id(plan: Plan) -> dict[tuple[str, ...], Creative]:
    return {tuple(creative.id): creative for creative in plan.creatives}


def keys(plan: Plan) -> dict[tuple[str, ...], tuple[str, str]]:
    return {id: creative.keys for id, creative in by_id(plan).items()}


def changed(before: Plan, after: Plan) -> set[tuple[str, ...]]:
    """The creatives whose file is another one."""
    then = by_id(before)
    return {id for id, c in by_id(after).items() if id in then and then[id].compose_key != c.compose_key}


__all__ = ["BRAND", "asset", "brief", "by_id", "changed", "keys", "materials", "replace"]
