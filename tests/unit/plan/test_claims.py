"""Forbidden words are found in every locale before money is spent: no picture is bought for a product that says one."""

from __future__ import annotations

from dataclasses import replace

from affiche.brief.model import GivenBrand
from affiche.plan.claims import checked, forbidden_claims
from affiche.plan.expand import expand
from affiche.plan.model import Plan
from tests.unit.plan.test_imagined import MAKERS, materials


def planned(refused: frozenset[str]) -> Plan:
    made = materials(replace(MAKERS, refused=refused))
    brief = replace(made.brief, brand=GivenBrand(forbidden_by={"de": ("nachmittag",), "ar": ("مجاني",)}))
    first, *rest = brief.products
    other = replace(first, copy={"de-DE": {"headline": "Weck den Tag"}})
    brief = replace(brief, products=(other, *rest))

    def words(product, locale, variant):  # type: ignore[no-untyped-def]
        from affiche.write.phrasebook import phrasebook
        from affiche.write.words import Shelf, resolve_words

        return resolve_words(brief, product, locale, variant, Shelf(phrasebook=phrasebook()))

    return expand(replace(made, brief=brief, words=words))


def test_every_locale_is_looked_at_and_the_product_named() -> None:
    problems, products = forbidden_claims(planned(frozenset()))
    assert products == {"elder"}, "the other product says something else in German"
    assert [(p.code, p.severity) for p in problems] == [("words.forbidden", "warning")]
    assert "headline in de-DE says “nachmittag”" in problems[0].message


def test_no_picture_is_bought_for_what_fails_anyway() -> None:
    assert {wish.product for wish in planned(frozenset()).wishes} == {"yuzu", "elder"}
    plan = checked(planned)
    assert {wish.product for wish in plan.wishes} == {"yuzu"}
    assert "words.forbidden" in {problem.code for problem in plan.problems}
