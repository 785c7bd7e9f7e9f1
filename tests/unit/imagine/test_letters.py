"""Words in pictures that were to have none: seen where they are, and hardly ever where there are none.

The figures are floors of what `python -m letters.score` gives; the soak tier runs it over photographs as well.
"""

from itertools import islice

import numpy as np
import pytest

from affiche.imagine.accept import measure
from affiche.imagine.letters import Row, rows_of_letters
from affiche.values.geometry import Rect
from letters import grounds, score
from letters.lines import lettered

#: Few sets and gradients, so that the usual run stays short.
GROUNDS = [("arch square", grounds.set_view("arch", "square", 0)), ("gradient", grounds.gradient(3)), ("gradient", grounds.gradient(8))]


def with_words(seed: int = 5):
    return next(iter(lettered(GROUNDS[1:2], each=1, seed=seed)))


@pytest.mark.slow
def test_words_of_many_scripts_are_seen_where_they_are() -> None:
    tally = score.tally_lettered(islice(lettered(GROUNDS, each=1, seed=11, lines_most=1), 0, None, 2))
    assert sum(tally.all.values()) == 7
    assert tally.share >= 0.85, tally.names


def test_grounds_without_words_are_not_suspected() -> None:
    clean = [("set", f"{name} {kind}", grounds.set_view(name, kind, 1)) for name, kind in (("window", "wide"), ("shelf", "tall"), ("festive", "square"))]
    clean += [("drawn", name, pixels) for name, pixels in grounds.drawn() if name in ("street-13", "foliage-04", "bokeh-11", "planks-15")]
    tally = score.tally_clean(clean)
    assert sum(tally.all.values()) == 7 and tally.names == []


def test_a_refusal_says_what_and_where() -> None:
    picture = with_words()
    rows = rows_of_letters(picture.pixels)
    reasons = measure(picture.pixels, letters=rows).reasons
    assert any(reason.startswith("what looks like words ") and " %" in reason for reason in reasons)
    assert measure(picture.pixels, letters=rows).quality < measure(picture.pixels).quality


def test_doubtful_rows_cost_quality_and_refuse_nothing() -> None:
    pixels = grounds.gradient(3)
    doubtful = measure(pixels, letters=[Row(box=Rect(0.1, 0.1, 0.1, 0.04), shapes=4, sure=False)])
    assert doubtful.reasons == measure(pixels).reasons
    assert doubtful.quality < measure(pixels).quality


def test_what_was_there_before_and_what_the_provider_signs_is_not_looked_at() -> None:
    picture = with_words()
    box = picture.box
    around = Rect(box.x - 0.05, box.y - 0.05, box.width + 0.1, box.height + 0.1)
    assert score.refused(picture.pixels)
    assert rows_of_letters(picture.pixels, besides=around) == ()
    assert rows_of_letters(picture.pixels, foot=1 - max(0.0, box.y - 0.05)) == ()


@pytest.mark.parametrize(
    ("box", "where"),
    [
        (Rect(0.05, 0.8, 0.2, 0.1), "at the lower left (x 5-25 %, y 80-90 %)"),
        (Rect(0.4, 0.45, 0.2, 0.1), "in the middle (x 40-60 %, y 45-55 %)"),
        (Rect(0.4, 0.05, 0.2, 0.1), "at the upper middle (x 40-60 %, y 5-15 %)"),
        (Rect(0.75, 0.45, 0.2, 0.1), "at the right (x 75-95 %, y 45-55 %)"),
    ],
)
def test_places_are_said_in_words(box: Rect, where: str) -> None:
    assert Row(box=box, shapes=5, sure=True).where == where


def test_a_flat_picture_and_a_tiny_one_have_no_letters() -> None:
    assert rows_of_letters(np.full((300, 300, 4), 200, np.uint8)) == ()
    assert rows_of_letters(np.full((1, 2, 4), 200, np.uint8)) == ()


@pytest.mark.soak
def test_the_whole_labelled_set_keeps_its_figures(corpus) -> None:
    folder = corpus / "pictures"
    if not folder.is_dir():
        pytest.skip(f"NOT RUN: there are no test pictures at {folder}")
    clean = score.tally_clean(score.clean(folder, seed=63))
    assert clean.share <= 0.02, clean.names
    found = score.tally_lettered(lettered(score.under_words(folder), each=12, seed=63))
    assert found.share >= 0.88, found.names
