"""The matrix and its keys: what a change changes, and what it must leave alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.brief.model import Design, PictureRef, Product, Variant
from affiche.plan.expand import Asset, expand, only
from affiche.plan.model import Plan
from affiche.values.digest import digest
from tests.unit.plan.campaigns import BRAND, COPY, asset, brief, by_id, changed, keys, materials


def test_the_matrix_is_product_by_placement_by_locale() -> None:
    plan = expand(materials())
    assert [tuple(c.id) for c in plan.creatives[:4]] == [
        ("yuzu", "en-US", "size.300x250", "a"), ("yuzu", "de-DE", "size.300x250", "a"),
        ("yuzu", "ar-SA", "size.300x250", "a"), ("yuzu", "en-US", "size.320x50", "a"),
    ]  # fmt: skip
    assert len(plan.creatives) == 2 * 2 * 3
    assert not plan.refused


def test_a_product_may_have_locales_of_its_own() -> None:
    asked = brief()
    asked = replace(asked, products=(replace(asked.products[0], locales=("de-DE",)), asked.products[1]))
    assert {c.id.locale for c in expand(materials(asked)).creatives if c.id.product == "yuzu"} == {"de-DE"}


def test_every_variant_is_made() -> None:
    asked = brief(variants=(Variant(), Variant(id="b", words={"en-US": {"headline": "Other"}})))
    plan = expand(materials(asked))
    assert {c.id.variant for c in plan.creatives} == {"a", "b"}
    assert by_id(plan)["yuzu", "en-US", "size.320x50", "b"].words.words["headline"].value == "Other"


def test_a_placement_named_twice_is_made_once() -> None:
    plan = expand(materials(brief(placements=("1:1", "ratio.1x1", "1x1"))))
    assert {c.id.placement for c in plan.creatives} == {"ratio.1x1"}
    assert len(plan.creatives) == 6


def test_unknown_and_video_placements_are_problems_with_their_place() -> None:
    plan = expand(materials(brief(placements=("300x250", "nowhere", "youtube-bumper"))))
    assert plan.refused
    assert [p.code for p in plan.problems if p.severity == "error"][0] == "placement.unknown"
    assert plan.problems[0].where.pointer == "placements[1]"


@pytest.mark.parametrize(("design", "code"), [(Design(template="heroo"), "template.unknown"), (Design(set="moon"), "set.unknown")])
def test_an_unknown_design_is_a_problem(design: Design, code: str) -> None:
    assert code in [p.code for p in expand(materials(brief(design=design))).problems]


# -- what a change changes ------------------------------------------------------------------------------------------------


def test_the_same_inputs_have_the_same_keys() -> None:
    assert keys(expand(materials())) == keys(expand(materials()))


def test_keys_of_different_creatives_differ() -> None:
    plan = expand(materials())
    # Products without pictures and copy of their own differ in their name, which is set as type.
    assert len({c.compose_key for c in plan.creatives}) == len(plan.creatives)
    assert len({key for c in plan.creatives for key in c.keys}) == 2 * len(plan.creatives)


def test_a_german_headline_changes_german_creatives_only() -> None:
    after = expand(materials(brief(copy={**COPY, "de-DE": {"headline": "Wach auf"}})))
    assert {id[1] for id in changed(expand(materials()), after)} == {"de-DE"}
    assert len(changed(expand(materials()), after)) == 4


def test_a_logo_changes_everything_that_shows_it() -> None:
    before, after = (expand(materials(logo=asset("logo.svg", content))) for content in ("one", "two"))
    assert changed(before, after) == set(by_id(after))


def test_a_picture_changes_its_product_only() -> None:
    before, after = (
        expand(materials(pictures={"yuzu": asset("yuzu.png", content), "elder": asset("elder.png")})) for content in ("1", "2")
    )
    assert {id[0] for id in changed(before, after)} == {"yuzu"}


def test_a_moved_focal_point_is_another_picture() -> None:
    def plan(focal: tuple[float, float] | None) -> Plan:
        asked = brief(products=())
        product = Product(id="yuzu", name="Yuzu", picture=PictureRef(path="yuzu.png", focal=focal))
        return expand(materials(replace(asked, products=(product,)), pictures={"yuzu": asset("yuzu.png")}))

    assert changed(plan(None), plan((0.2, 0.3)))


def test_the_tools_change_everything_and_the_rules_only_what_is_found() -> None:
    before = expand(materials())
    assert changed(before, expand(materials(versions={"skia": "2"}))) == set(by_id(before))
    stricter = expand(materials(rules=lambda channel: digest("stricter", channel)))
    assert changed(before, stricter) == set()
    assert all(by_id(stricter)[id].check_key != c.check_key for id, c in by_id(before).items())


def test_a_forbidden_word_is_a_matter_of_findings_not_of_looks() -> None:
    before = expand(materials())
    after = expand(materials(brand=replace(BRAND, forbidden={"*": ("cheap",)})))
    assert changed(before, after) == set()
    assert all(by_id(after)[id].check_key != c.check_key for id, c in by_id(before).items())


def test_where_a_file_lies_and_what_it_is_called_makes_no_difference() -> None:
    here, there = (Asset(name=n, file=f, digest=digest("same")) for n, f in (("a.png", "/here/a.png"), ("b.png", "/there/b.png")))
    assert keys(expand(materials(logo=here))) == keys(expand(materials(logo=there)))


_LOCALES = ("en-US", "de-DE", "ar-SA", "ja-JP", "fr-FR", "th-TH", "he-IL")


@given(st.lists(st.sampled_from(_LOCALES), min_size=1, unique=True), st.sampled_from(_LOCALES))
def test_adding_a_locale_changes_no_other_key(locales: list[str], added: str) -> None:
    before = keys(expand(materials(brief(locales=locales))))
    after = keys(expand(materials(brief(locales=[*dict.fromkeys([*locales, added])]))))
    assert {id: after[id] for id in before} == before


@given(st.permutations(["yuzu", "elder", "plum"]), st.permutations(["300x250", "320x50", "1:1"]))
def test_order_makes_no_difference_to_keys(products: list[str], placements: list[str]) -> None:
    assert keys(expand(materials(brief(products=products, placements=placements)))) == keys(
        expand(materials(brief(products=["yuzu", "elder", "plum"], placements=["300x250", "320x50", "1:1"])))
    )


# -- a part of it ---------------------------------------------------------------------------------------------------------


def test_only_keeps_what_is_wanted_with_its_keys() -> None:
    whole = expand(materials(pictures={"yuzu": asset("yuzu.png"), "elder": asset("elder.png")}))
    part = only(whole, {"locale": frozenset({"de-DE"}), "product": frozenset({"yuzu"})})
    assert {(c.id.product, c.id.locale) for c in part.creatives} == {("yuzu", "de-DE")}
    assert part.partial
    assert [step.name for step in part.pictures] == ["yuzu.png"]
    assert {id: keys(whole)[id] for id in keys(part)} == keys(part)


def test_only_without_wishes_is_the_plan() -> None:
    whole = expand(materials())
    assert only(whole, {}) is whole


def test_another_picture_before_remakes_that_product_and_no_other() -> None:
    asked = brief(products=("yuzu", "elder"))
    pair = replace(asked, products=(replace(asked.products[0], before=PictureRef(path="dull.jpg")), asked.products[1]))
    pictures = {"yuzu": asset("yuzu.jpg"), "elder": asset("elder.jpg")}
    first, again = (
        expand(materials(pair, pictures=pictures, befores={"yuzu": asset("dull.jpg", content)})) for content in ("one", "two")
    )
    assert {id[0] for id in changed(first, again)} == {"yuzu"}
    shown = next(c for c in first.creatives if c.id.product == "yuzu")
    assert shown.product.templates["photo"].id == "before-after"
    assert [step.name for step in first.pictures_of(shown)] == ["yuzu.jpg", "dull.jpg"]
