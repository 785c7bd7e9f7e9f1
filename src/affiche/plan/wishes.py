"""Wishes that cannot be met: templates and sets that nobody knows, templates that need words the brief does not have. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence

from affiche.brief.model import Brief, Product, Variant
from affiche.compose.direct.choose import lacking
from affiche.plan.model import ProductPart, WordsPart
from affiche.values.problem import Problem, Where


def unknown_designs(brief: Brief, *, templates: Container[str], sets: Container[str]) -> tuple[Problem, ...]:
    """Templates and sets that nobody knows."""
    wishes = [("design.template", brief.design.template)]
    wishes += [(f"products[{n}].template", product.template) for n, product in enumerate(brief.products)]
    wishes += [(f"variants[{n}].template", variant.template) for n, variant in enumerate(brief.variants)]
    wrong = [_unknown(brief, at, wish, "template") for at, wish in wishes if wish and wish not in templates]
    if brief.design.set and brief.design.set not in sets:
        wrong.append(_unknown(brief, "design.set", brief.design.set, "set"))
    return tuple(wrong)


def unmet_needs(
    product: ProductPart, variant: Variant, words: Sequence[WordsPart], brief: Brief
) -> tuple[Problem, ...]:
    """The template asked for needs words that some locale does not have."""
    if product.asked is None:
        return ()
    missing = {part.locale.tag: lacking(product.asked, part.words) for part in words}
    needs = dict.fromkeys(need for lacks in missing.values() for need in lacks)
    pointer = _wish_at(brief, product.product, variant)
    where = brief.places.get(pointer, Where(pointer=pointer))
    return tuple(
        Problem(
            severity="error", code="template.needs", where=where,
            message=f"template {product.asked.id} needs {need.replace('|', ' or ')}, and {product.product.name} has none in "
            f"{', '.join(tag for tag, lacks in missing.items() if need in lacks)}",
            hint=f"add {need.split('|')[0]!r} to the message or its copy, or choose another template",
        )
        for need in needs
    )  # fmt: skip


def _wish_at(brief: Brief, product: Product, variant: Variant) -> str:
    """Where the brief names the template of `product` in `variant`."""
    if variant.template:
        return f"variants[{brief.variants.index(variant)}].template"
    if product.template:
        return f"products[{brief.products.index(product)}].template"
    return "design.template"


def _unknown(brief: Brief, pointer: str, wish: str, what: str) -> Problem:
    where = brief.places.get(pointer, Where(pointer=pointer))
    return Problem(
        severity="error", code=f"{what}.unknown", where=where, message=f"there is no {what} {wish!r}",
        hint=f"`affiche {what}s` lists them",
    )  # fmt: skip
