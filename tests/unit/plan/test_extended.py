"""Extensions: only where a crop would lose too much, once for every shape, and nobody else's keys change."""

from dataclasses import replace
from pathlib import Path

from affiche.brief.model import PictureRef
from affiche.imagine.able import Policy, able
from affiche.plan.expand import expand
from affiche.plan.imagined import Makers
from affiche.values.geometry import Size
from affiche.values.imagery import Capabilities
from tests.unit.imagine.market import TODAY, offer
from tests.unit.plan import campaigns

CAN = Capabilities(size_rule="free", multiple=64, references={"source": 1})
MAKERS = Makers(offers=(replace(offer("grow", 0.04, can=CAN), operation="expand"),), today=TODAY, budget=True)
WIDE = Size(width=1600, height=900)


def materials(makers: Makers = MAKERS, *, size: Size = WIDE, extend: bool = True, take: int = 1):
    asset = replace(campaigns.asset("yuzu.png"), size=size if extend else None)
    made = campaigns.materials(pictures={"yuzu": asset})
    first, *rest = made.brief.products
    picture = PictureRef(path="yuzu.png", extend=extend, take=take)
    placements = ("instagram-square", "instagram-story", "google.dg.9x16", "linkedin-wide")
    brief = replace(made.brief, products=(replace(first, picture=picture), *rest), placements=placements)
    return replace(made, brief=brief, makers=makers)


def test_only_shapes_that_lose_too_much_are_bought_and_each_once() -> None:
    plan = expand(materials())
    assert len(plan.wishes) == 1, "both tall placements have one shape"
    extended = {c.id.placement for c in plan.creatives if c.product.picture and c.product.picture.wish}
    assert all("9x16" in placement for placement in extended)
    assert len(extended) == 2


def test_what_is_not_extended_keeps_its_keys_and_its_place() -> None:
    plain, plan = expand(materials(extend=False)), expand(materials())
    assert [c.id for c in plain.creatives] == [c.id for c in plan.creatives]
    changed = {a.id.placement for a, b in zip(plain.creatives, plan.creatives, strict=True) if a.compose_key != b.compose_key}
    assert changed == {c.id.placement for c in plan.creatives if c.product.picture and c.product.picture.wish}


def test_another_take_or_photograph_is_another_payment() -> None:
    keys = [expand(made).wishes[0].key for made in (materials(), materials(), materials(take=2))]
    assert keys[0] == keys[1] != keys[2]
    other = materials()
    asset = replace(other.pictures["yuzu"], digest=campaigns.asset("other.png").digest)
    assert expand(replace(other, pictures={"yuzu": asset})).wishes[0].key != keys[0]


def test_without_anybody_who_can_it_is_cropped_and_said_why() -> None:
    for makers, why in (
        (Makers(), "no provider has a key"),
        (replace(MAKERS, budget=False), "no budget"),
        (replace(MAKERS, policy=Policy(vendors=("other",))), "allowed vendors"),
        (replace(MAKERS, offers=(offer("draws", 0.04),)), "nobody adds canvas"),
    ):
        plan = expand(materials(makers))
        assert plan.wishes == ()
        assert any(why in problem.message for problem in plan.problems if problem.code == "picture.not-extended"), why


def test_an_offer_whose_sizes_would_move_the_margins_is_not_asked() -> None:
    wish = expand(materials()).wishes[0]
    other = replace(MAKERS.offers[0], can=replace(CAN, multiple=1000))
    fit, why_not = able(wish.request, [other], Policy(), TODAY)
    assert fit == ()
    assert "adds margins to" in why_not[other.id]


def test_a_photograph_that_fits_costs_nothing() -> None:
    assert expand(materials(size=Size(width=1000, height=1250))).wishes == ()
    assert not Path("yuzu.png").exists(), "nothing is read to plan"
