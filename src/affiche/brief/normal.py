"""A `Brief` in our own format: the normal form, which reads back strictly as the same brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import yaml

from affiche.brief.model import Brief, GivenBrand, PictureRef, Product, Variant, Writing


def to_yaml(brief: Brief) -> str:
    """The normal form as YAML text."""
    return yaml.dump(to_plain(brief), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def to_plain(brief: Brief) -> dict[str, Any]:
    """The normal form as plain data; empty parts are left out."""
    design = {"template": brief.design.template, "set": brief.design.set, "format": brief.design.format}
    budget = {"max": brief.budget.max, "currency": brief.budget.currency} if brief.budget else {}
    return _full(
        {
            "affiche": 1,
            "campaign": brief.campaign,
            "name": brief.name if brief.name != brief.campaign else "",
            "brand": _brand(brief.brand),
            "audience": brief.audience,
            "message": {"locale": brief.message.locale, **brief.message.words},
            "markets": [
                _full(
                    {"region": m.region, "name": m.name, "locales": list(m.locales), "audience": m.audience}
                )
                for m in brief.markets
            ],
            "products": [_product(product) for product in brief.products],
            "feed": brief.feed,
            "placements": list(brief.placements),
            "copy": _copy(brief.copy),
            "exclude": list(brief.exclude),
            "variants": [_variant(v) for v in brief.variants] if brief.variants != (Variant(),) else [],
            "design": _full(design),
            "budget": budget,
            "writing": _writing(brief.writing),
            "values": {name: value if isinstance(value, str) else list(value) for name, value in brief.values.items()},
            "extra": dict(brief.extra),
        }
    )


def _product(product: Product) -> dict[str, Any]:
    return _full(
        {
            "id": product.id,
            "name": product.name,
            "description": product.description,
            "picture": _picture(product.picture),
            "before": _picture(product.before),
            "copy": _copy(product.copy),
            "names": dict(product.names),
            "price": product.price,
            "template": product.template,
            "locales": list(product.locales),
            "audience": product.audience,
            "colors": list(product.colors),
            "extra": dict(product.extra),
        }
    )


def _picture(picture: PictureRef | None) -> Any:
    if picture is None:
        return ""
    if not (picture.wished or picture.kind or picture.focal):
        return picture.path
    focal = list(picture.focal) if picture.focal else []
    take = picture.take if picture.take > 1 else 0
    mends = {"cut_out": picture.cut_out, "upscale": picture.upscale, "letters": picture.letters, "people": picture.people}
    wishes = {"imagine": picture.imagine, "extend": picture.extend, **mends, "take": take}
    return _full({"file": picture.path, "kind": picture.kind, "focal": focal, **wishes})


def _brand(brand: GivenBrand) -> Any:
    if brand == GivenBrand(file=brand.file):
        return brand.file
    return _full(
        {
            "file": brand.file,
            "name": brand.name,
            "colors": list(brand.colors),
            "logo": brand.logo,
            "forbidden": list(brand.forbidden),
            "forbidden_by": {tag: list(words) for tag, words in brand.forbidden_by.items()},
            "fonts": list(brand.fonts),
            "tone": list(brand.tone),
        }
    )


def _writing(writing: Writing) -> dict[str, Any]:
    plain = {f.name: getattr(writing, f.name) for f in fields(Writing) if getattr(writing, f.name) != f.default}
    plain["keep"] = list(writing.keep)
    plain["glossary"] = {term: dict(by_tag) for term, by_tag in writing.glossary.items()}
    return _full({**plain, "formality": dict(writing.formality), "notes": dict(writing.notes)})


def _variant(variant: Variant) -> dict[str, Any]:
    return _full({"id": variant.id, "copy": _copy(variant.words), "template": variant.template})


def _copy(copy: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {tag: dict(words) for tag, words in copy.items()}


def _full(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ("", [], {}, None, False)}


class _Dumper(yaml.SafeDumper):
    """Small lists in one line; texts that our reader would take for numbers in quotes."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name is fixed by the base class
        return True


def _list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    short = (
        all(isinstance(item, str | int | float) for item in data)
        and sum(len(str(item)) for item in data) < 80
    )
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dumper.add_representer(list, _list)
