"""Cuts what is longer than our own format allows (`schema.py`), so that every imported brief reads back strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from affiche.brief.importer.notes import Notes
from affiche.brief.model import Brief, GivenBrand, Market, PictureRef, Product, Words
from affiche.notation.node import Node

_TEXT, _NAME, _LABEL, _PATH, _PROSE, _LONG = 2000, 200, 80, 1000, 4000, 10_000


def within_limits(brief: Brief, node: Node, notes: Notes) -> Brief:
    """The brief with every text inside its limit; one warning when anything was cut."""
    cut = replace(
        brief,
        name=_cut(brief.name, 300),
        audience=_cut(brief.audience, _PROSE),
        message=replace(brief.message, words=_words(brief.message.words)),
        markets=tuple(_market(market) for market in brief.markets),
        products=tuple(_product(product) for product in brief.products),
        copy=_copy(brief.copy),
        brand=_brand(brief.brand),
        variants=tuple(replace(variant, words=_copy(variant.words)) for variant in brief.variants[:26]),
        feed=_cut(brief.feed, _PATH),
    )
    if cut != brief:
        notes.add(
            "warning",
            "too-long",
            node,
            "texts that are too long for an ad were cut or tidied",
            "`affiche read --yaml` shows what is left",
        )
    return cut


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit and text == text.strip() else text.strip()[:limit].strip()


def _words(words: Words) -> dict[str, str]:
    return {role: kept for role, text in words.items() if (kept := _cut(text, _TEXT))}


def _copy(copy: Mapping[str, Words]) -> dict[str, Words]:
    return {tag: kept for tag, words in copy.items() if (kept := _words(words))}


def _market(market: Market) -> Market:
    return replace(
        market,
        region=_cut(market.region, _LABEL),
        name=_cut(market.name, _NAME),
        audience=_cut(market.audience, _TEXT),
    )


def _product(product: Product) -> Product:
    return replace(
        product,
        name=_cut(product.name, _NAME) or product.id,
        description=_cut(product.description, _LONG),
        picture=_picture(product.picture),
        copy=_copy(product.copy),
        names={tag: _cut(name, _NAME) for tag, name in product.names.items()},
        price=_cut(product.price, _TEXT),
        audience=_cut(product.audience, _TEXT),
        colors=product.colors[:12],
    )


def _picture(picture: PictureRef | None) -> PictureRef | None:
    return replace(picture, path=_cut(picture.path, _PATH)) if picture else None


def _brand(brand: GivenBrand) -> GivenBrand:
    return replace(
        brand,
        file=_cut(brand.file, _PATH),
        name=_cut(brand.name, _NAME),
        colors=brand.colors[:24],
        logo=_cut(brand.logo, _PATH),
    )
