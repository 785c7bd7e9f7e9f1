"""Where words will stand on a picture that has yet to be made: as the template lays them out, in these placements, with these words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from affiche.brief.model import PictureRef, Variant
from affiche.imagine.accept import measure
from affiche.imagine.place import PLACE
from affiche.plan.expand import expand
from affiche.plan.imagined import Makers
from affiche.plan.room import room_for
from affiche.values.geometry import Size
from affiche.values.locale import Locale
from tests.unit.imagine.market import TODAY, offer
from tests.unit.plan import campaigns

SQUARE = Size(width=1264, height=1264)
MAKERS = Makers(offers=(offer("cheap", 0.02),), today=TODAY, budget=True)


def room(template: str, *placements: str, tag: str = "en-US"):
    made = campaigns.materials(campaigns.brief(placements=placements))
    shown = [made.catalog.find(name) for name in placements]
    words = made.words(made.brief.products[0], tag, Variant())
    return room_for(made.templates[template], SQUARE, shown, words, Locale.parse(tag), made.brand)


@pytest.mark.parametrize("tag", ["en-US", "ar-SA"])
def test_full_bleed_words_ask_for_calm_where_they_stand(tag: str) -> None:
    found = room("hero", "instagram-square", "instagram-story", tag=tag)
    assert found.calm == "top"
    (area,) = found.areas
    assert (area.x, area.y, area.width) == (0.0, 0.0, 1.0) and 0.2 <= area.height <= 0.45


def test_words_beside_the_picture_ask_for_nothing() -> None:
    assert room("split", "instagram-square", "linkedin-wide").areas == ()
    assert room("hero", "google-leaderboard").calm == "none", "a banner shows its picture beside the words"


def wish(**design: str):
    made = campaigns.materials(campaigns.brief(placements=("instagram-square",), products=("yuzu",)))
    product = replace(made.brief.products[0], picture=PictureRef(imagine=True, people=design.pop("people", "") == "yes"))
    brief = replace(made.brief, products=(product,), design=replace(made.brief.design, **design))
    (one,) = expand(replace(made, brief=brief, makers=MAKERS)).wishes
    return one


def test_the_prompt_and_the_answer_are_held_to_it() -> None:
    hero, split = wish(template="hero"), wish(template="split")
    assert "upper third calm" in hero.request.prompt and hero.calm
    assert "calm" not in split.request.prompt and split.calm == ()
    assert hero.key != split.key


def test_people_are_shown_only_when_they_are_wanted() -> None:
    assert "no people" in wish().request.prompt.lower()
    assert "no people" not in wish(people="yes").request.prompt.lower()


def test_a_backdrop_must_also_be_calm_where_the_product_will_stand() -> None:
    made = campaigns.materials(
        campaigns.brief(placements=("instagram-square",), products=("yuzu",)), pictures={"yuzu": campaigns.asset("yuzu.png")}
    )
    product = replace(made.brief.products[0], picture=PictureRef(path="yuzu.png", imagine=True))
    (one,) = expand(replace(made, brief=replace(made.brief, products=(product,)), makers=MAKERS)).wishes
    assert one.purpose == "backdrop" and one.calm[-1] == PLACE and PLACE not in wish().calm
    stage = np.full((600, 600, 4), 170, np.uint8)
    stage[..., 3] = 255
    assert not any("calm" in reason for reason in measure(stage, calm=one.calm).reasons)
    noise = np.random.default_rng(3).integers(20, 235, (40, 40, 3), np.uint8).repeat(6, 0).repeat(6, 1)
    stage[300:540, 180:420, :3] = noise
    assert any("calm" in reason for reason in measure(stage, calm=one.calm).reasons)
