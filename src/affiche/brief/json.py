"""A `Brief` as the stable JSON of `affiche read --json`: every key of the contract is always there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from affiche.brief.model import Brief, PictureRef, Product
from affiche.brief.normal import to_plain


def to_json(brief: Brief) -> dict[str, Any]:
    """Plain data: campaign, name, message, audience, markets, products, brand, placements, copy, variants, ..."""
    plain = to_plain(brief)
    plain.pop("affiche")
    return plain | {
        "name": brief.name,
        "foreign": brief.foreign,
        "audience": brief.audience,
        "message": {"locale": brief.message.locale, "headline": "", **brief.message.words},
        "markets": [
            {"region": m.region, "name": m.name, "locales": list(m.locales), "audience": m.audience}
            for m in brief.markets
        ],
        "locales": list(brief.locales),
        "products": [_product(product) for product in brief.products],
        "brand": {
            "file": brief.brand.file,
            "name": brief.brand.name,
            "colors": list(brief.brand.colors),
            "logo": brief.brand.logo,
            "forbidden": list(brief.brand.forbidden),
            "forbidden_by": {tag: list(words) for tag, words in brief.brand.forbidden_by.items()},
            "fonts": list(brief.brand.fonts),
            "tone": list(brief.brand.tone),
        },
        "placements": list(brief.placements),
        "copy": _words(brief.copy),
        "variants": [{"id": v.id, "copy": _words(v.words), "template": v.template} for v in brief.variants],
        "extra": dict(brief.extra),
    }


def _product(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "description": product.description,
        "picture": _picture(product.picture),
        "before": _picture(product.before),
        "copy": _words(product.copy),
        "names": dict(product.names),
        "price": product.price,
        "template": product.template,
        "locales": list(product.locales),
        "audience": product.audience,
        "colors": list(product.colors),
        "extra": dict(product.extra),
    }


def _picture(picture: PictureRef | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    focal = list(picture.focal) if picture.focal else None
    mends = {"cut_out": picture.cut_out, "upscale": picture.upscale, "letters": picture.letters, "people": picture.people}
    wishes = {"imagine": picture.imagine, "extend": picture.extend, **mends, "take": picture.take}
    return {"file": picture.path, "kind": picture.kind, "focal": focal, **wishes}


def _words(copy: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {tag: dict(words) for tag, words in copy.items()}
