"""Wishes: what is bought, under which key, for how much; and why not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from affiche.brief.model import Budget, PictureRef
from affiche.imagine.able import Policy
from affiche.plan.expand import expand
from affiche.plan.imagined import Makers
from affiche.plan.quote import quote
from affiche.values.digest import digest
from tests.unit.imagine.market import TODAY, offer
from tests.unit.plan import campaigns

MAKERS = Makers(offers=(offer("cheap", 0.02), offer("dear", 0.2)), today=TODAY, budget=True)


def materials(makers: Makers = MAKERS, *, take: int = 1, budget: str = "5.00"):
    made = campaigns.materials(pictures={"yuzu": campaigns.asset("yuzu.png")})
    pictures = [PictureRef(path="yuzu.png" if p.id == "yuzu" else "", imagine=True, take=take) for p in made.brief.products]
    products = tuple(replace(p, picture=picture) for p, picture in zip(made.brief.products, pictures, strict=True))
    brief = replace(made.brief, products=products, budget=Budget(max=budget, currency="USD"))
    return replace(made, brief=brief, makers=makers)


def test_every_product_that_wishes_gets_one_wish() -> None:
    plan = expand(materials())
    assert [wish.product for wish in plan.wishes] == [p.id for p in plan.brief.products]
    assert all(step.wish for step in plan.pictures if step.role == "picture")


def test_a_packshot_gets_a_backdrop_and_keeps_its_file() -> None:
    plan = expand(materials())
    step = next(step for step in plan.pictures if step.role == "picture" and step.file)
    assert step.wish is not None and step.wish.purpose == "backdrop"


def test_the_key_is_of_what_is_sent_and_another_take_is_another_picture() -> None:
    keys = [{wish.key for wish in expand(materials(take=take)).wishes} for take in (1, 1, 2)]
    assert keys[0] == keys[1]
    assert not keys[0] & keys[2]


def test_another_style_of_the_brand_is_another_picture() -> None:
    styles = ((), (digest("meadow"),), (digest("night"),))
    keys = [{wish.key for wish in expand(materials(replace(MAKERS, style=style))).wishes} for style in styles]
    assert len(set.union(*keys)) == 3 * len(keys[0])


def test_a_wish_changes_the_keys_of_its_creatives_and_no_others() -> None:
    made = materials()
    first, *rest = made.brief.products
    one = replace(made, brief=replace(made.brief, products=(replace(first, picture=replace(first.picture, imagine=False)), *rest)))
    before, after = expand(made), expand(one)
    changed = {b.id.product for b, a in zip(before.creatives, after.creatives, strict=True) if b.compose_key != a.compose_key}
    assert changed == {first.id}


def test_the_quote_gives_calls_and_a_range_within_the_budget() -> None:
    plan = expand(materials(budget="0.50"))
    quoted = quote(plan, [], {}, jobs=1)
    assert quoted.paid_calls == len(plan.wishes)
    assert quoted.cost_min.amount == Decimal("0.02") * len(plan.wishes)
    assert quoted.cost_max.amount == Decimal("0.50")


def test_what_was_bought_costs_nothing_more() -> None:
    plan = expand(materials())
    assert quote(plan, [wish.key for wish in plan.wishes], {}, jobs=1).paid_calls == 0


def test_without_provider_budget_or_anybody_who_can_nothing_is_wished_and_it_is_said_why() -> None:
    for makers, why in (
        (Makers(), "no provider has a key"),
        (replace(MAKERS, budget=False), "no budget"),
        (replace(MAKERS, policy=Policy(vendors=("other",))), "nobody can"),
        (replace(MAKERS, today=date(2030, 1, 1), offers=(offer("gone", 0.1, sunset=date(2029, 1, 1)),)), "shut down"),
    ):
        plan = expand(materials(makers))
        assert plan.wishes == ()
        assert any(why in problem.message for problem in plan.problems), why


def test_a_refused_product_is_planned_as_without_a_wish() -> None:
    refused = frozenset(p.id for p in materials().brief.products)
    plan = expand(materials(replace(MAKERS, refused=refused)))
    assert plan.wishes == ()
    assert not [p for p in plan.problems if p.code == "picture.not-imagined"]
