"""Which template a product gets: the author's word, then the words, then the picture; every choice says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from affiche.compose.direct.choose import ROOMY, choose_set, choose_template, has_room, lacking
from affiche.compose.shipped_sets import shipped_sets
from affiche.compose.template.shipped import ShippedTemplates, shipped_template
from affiche.ports import TONE_GRID
from affiche.values.geometry import Rect
from tests.unit.compose.requests import PHOTO

TEMPLATES = ShippedTemplates()
PLAIN = frozenset({"headline", "body", "cta"})


@pytest.mark.parametrize(("kind", "expected"), [("cutout", "stage"), ("photo", "split"), (ROOMY, "hero"), ("none", "type")])
def test_without_a_wish_the_picture_decides(kind: str, expected: str) -> None:
    template, why = choose_template(None, kind, PLAIN, TEMPLATES)
    assert template.id == expected
    assert expected in why


@pytest.mark.parametrize(
    ("roles", "expected"),
    [({"offer"}, "offer"), ({"price", "old_price"}, "offer"), ({"quote"}, "quote"), ({"date"}, "countdown"),
     ({"step1", "step2"}, "steps"), ({"step2"}, "stage"), ({"old_price"}, "stage"), ({"price"}, "stage")],
)  # fmt: skip
def test_without_a_wish_words_decide_before_pictures(roles: set[str], expected: str) -> None:
    assert choose_template(None, "cutout", PLAIN | roles, TEMPLATES)[0].id == expected


def test_the_authors_word_comes_first() -> None:
    template, why = choose_template(shipped_template("split"), "cutout", PLAIN | {"offer"}, TEMPLATES)
    assert (template.id, why) == ("split", "")


def test_a_template_that_does_not_show_the_picture_is_replaced_and_said() -> None:
    template, why = choose_template(shipped_template("hero"), "cutout", PLAIN, TEMPLATES)
    assert template.id == "stage"
    assert "instead of hero" in why


@pytest.mark.parametrize(
    ("tone", "kind", "expected"),
    [
        (("bold", "iconic"), "cutout", "poster"), (("elegant",), "photo", "grid"), (("modern and playful",), "cutout", "blocks"),
        (("welcoming",), "photo", "window"), (("bold",), "none", "type"), (("bold",), ROOMY, "hero"), (("dry",), "cutout", "stage"),
        (("fun", "bold", "quirky"), "cutout", "blocks"), (("boldly",), "cutout", "stage"),
    ],
)  # fmt: skip
def test_the_tone_of_the_brand_decides_before_the_picture(tone: tuple[str, ...], kind: str, expected: str) -> None:
    template, why = choose_template(None, kind, PLAIN, TEMPLATES, tone)
    assert template.id == expected
    assert expected in why


def test_words_decide_before_the_tone() -> None:
    assert choose_template(None, "cutout", PLAIN | {"offer"}, TEMPLATES, ("bold",))[0].id == "offer"


@pytest.mark.parametrize(
    ("tone", "dark", "expected", "why"),
    [((), False, "arch", "the usual one"), ((), True, "rim", "dark"), (("organic", "quiet"), False, "stone", "organic and quiet"),
     (("Modern and premium", "sleek"), False, "sweep", "modern and sleek"), (("wide",), False, "arch", "the usual one")],
)  # fmt: skip
def test_a_set_is_chosen_by_tone_and_light(tone: tuple[str, ...], dark: bool, expected: str, why: str) -> None:
    chosen, said = choose_set("", row=False, tone=tone, dark=dark, sets=shipped_sets())
    assert chosen.id == expected
    assert why in said


def test_the_set_that_is_asked_for_is_used_unless_a_row_does_not_fit_on_it() -> None:
    sets = shipped_sets()
    assert choose_set("paper", row=False, tone=("bold",), dark=True, sets=sets) == (sets["paper"], "")
    chosen, said = choose_set("paper", row=True, tone=(), dark=False, sets=sets)
    assert chosen.row
    assert "paper is made for one" in said


def test_one_of_alternative_needs_is_enough() -> None:
    offer = shipped_template("offer")
    assert lacking(offer, {"price"}) == ()
    assert lacking(offer, PLAIN) == ("offer|price",)


def test_room_is_a_calm_end_away_from_the_face() -> None:
    cells = TONE_GRID**2
    calm = replace(PHOTO, darks=(120,) * cells, lights=(130,) * cells, focal=(0.5, 0.7), focal_origin="given")
    assert has_room(calm)
    assert not has_room(replace(calm, subject=Rect(400, 240, 800, 900))), "the subject reaches into the top"
    assert not has_room(replace(calm, focal=None, focal_origin="centre")), "nobody knows what the words would lie on"
    assert not has_room(PHOTO)
    noisy_top = tuple(255 if number < cells // 2 else 130 for number in range(cells))
    assert not has_room(replace(calm, lights=noisy_top))
