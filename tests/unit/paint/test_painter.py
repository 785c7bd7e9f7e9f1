"""Frames as letters: what is drawn where, in which order."""

import numpy as np
import pytest

from affiche.errors import PaintError
from affiche.values.frame import Fill, Gradient, PictureItem, TextItem
from affiche.values.geometry import Rect
from tests.unit.paint.pictures import BLACK, BLUE, GREEN, RED, WHITE, Shelf, frame, of, painter, shown

ARROW = of(
    """
RG
BY
"""
)


def line(text: str, x: float, baseline: float, size: float = 2, color=BLACK, struck=False) -> TextItem:
    box = Rect(x, baseline - size, size * len(text), size)
    return TextItem(
        text=text, fonts=("Squares",), size=size, direction="ltr", x=x, baseline=baseline, width=box.width, color=color,
        locale="en-US", slot="headline", box=box, ink=box, struck=struck,
    )  # fmt: skip


def picture(rect: Rect, source: Rect = Rect(0, 0, 2, 2), **more) -> PictureItem:
    return PictureItem(picture="p", rect=rect, source=source, slot="picture", **more)


def painted(width, height, *, base=(), overlay=(), **pictures) -> str:
    it, shelf = frame(width, height, base=base, overlay=overlay), Shelf(p=ARROW, **pictures)
    drawer = painter()
    return shown(drawer.overlay(it, drawer.base(it, shelf), shelf))


def test_fills_are_drawn_in_order_and_the_rest_is_white():
    assert painted(6, 4, base=[Fill(rect=Rect(0, 0, 4, 3), paint=RED), Fill(rect=Rect(2, 1, 4, 1), paint=BLUE)]) == (
        "RRRR..\nRRBBBB\nRRRR..\n......"
    )


def test_a_plain_ground_is_its_colour_and_a_veil_lies_on_white():
    whole = Rect(0, 0, 6, 4)
    for paint, expected in ((BLUE, (0, 0, 255)), (BLUE.with_alpha(0.5), (127, 127, 255))):
        for fill in (Fill(rect=whole, paint=paint), Fill(rect=Rect(-1, -1, 9, 9), paint=paint)):
            pixels = painter().base(frame(6, 4, base=[fill]), Shelf())
            assert np.abs(pixels[..., :3].astype(int) - expected).max() <= 1 and (pixels[..., 3] == 255).all()


def test_an_outline_stays_inside_its_rectangle():
    assert painted(6, 5, overlay=[Fill(rect=Rect(1, 0, 5, 5), paint=BLACK, stroke=1)]) == (
        ".#####\n.#...#\n.#...#\n.#...#\n.#####"
    )


def test_corners_are_round():
    rows = painted(16, 16, overlay=[Fill(rect=Rect(0, 0, 16, 16), paint=BLACK, radius=6)]).split("\n")
    assert rows[0][0] == "." and rows[15][15] == "." and rows[7] == "#" * 16


def test_a_gradient_runs_between_its_colours():
    it = frame(64, 1, base=[Fill(rect=Rect(0, 0, 64, 1), paint=Gradient(start=(0, 0), end=(1, 0), colors=(BLACK, WHITE)))])
    values = painter().base(it, Shelf())[0, :, 0].astype(int)
    assert values[0] < 6 and values[-1] > 249 and (np.diff(values) >= 0).all()


def test_a_picture_fills_its_rectangle_exactly_and_mirrors():
    assert painted(4, 3, base=[picture(Rect(1, 1, 2, 2))]) == "....\n.RG.\n.BY."
    assert painted(4, 3, base=[picture(Rect(1, 1, 2, 2), mirrored=True)]) == "....\n.GR.\n.YB."


def test_only_the_source_part_is_shown():
    assert painted(4, 2, base=[picture(Rect(0, 0, 4, 2), Rect(1, 0, 1, 1))]) == "GGGG\nGGGG"


def test_transparent_pixels_let_the_ground_through_and_tint_recolours():
    cut = of("R R\n R ")
    item = PictureItem(picture="cut", rect=Rect(0, 0, 3, 2), source=Rect(0, 0, 3, 2), slot="logo")
    tinted = PictureItem(picture="cut", rect=Rect(0, 0, 3, 2), source=Rect(0, 0, 3, 2), slot="logo", tint=BLUE)
    assert painted(3, 2, overlay=[item], cut=cut) == "R.R\n.R."
    assert painted(3, 2, overlay=[tinted], cut=cut) == "B.B\n.B."


def test_scaling_a_cutout_does_not_drag_in_the_colour_of_invisible_pixels():
    cut = np.zeros((40, 40, 4), np.uint8)
    cut[:, :20] = (255, 255, 255, 255)
    it = frame(10, 10, base=[PictureItem(picture="cut", rect=Rect(0, 0, 10, 10), source=Rect(0, 0, 40, 40), slot="p")])
    assert painter().base(it, Shelf(cut=cut))[..., :3].min() == 255


def test_opacity():
    it = frame(2, 2, base=[picture(Rect(0, 0, 2, 2), Rect(0, 0, 1, 1), opacity=0.5)])
    assert abs(int(painter().base(it, Shelf(p=ARROW))[0, 0, 1]) - 128) <= 1


def test_text_is_drawn_by_typesetting_and_old_prices_are_struck():
    assert painted(8, 4, overlay=[line("ab", 2, 3)]) == "........\n..####..\n..####..\n........"


def test_an_old_price_is_struck_through_its_middle():
    rows = painted(24, 24, overlay=[line("19", 2, 20, size=10, color=WHITE), line("", 2, 20, size=10)]).split("\n")
    assert "#" not in "".join(rows)
    struck = painted(24, 24, base=[Fill(rect=Rect(0, 0, 24, 24), paint=BLUE)], overlay=[_price()])
    marked = [number for number, row in enumerate(struck.split("\n")) if "?" in row or "R" in row]
    assert min(marked) >= 14 and max(marked) <= 18


def _price() -> TextItem:
    """An empty line of a width, so that only the strike is drawn."""
    box = Rect(2, 10, 20, 10)
    return TextItem(
        text="", fonts=("Squares",), size=10, direction="ltr", x=2, baseline=20, width=20, color=RED, locale="en-US",
        slot="price", box=box, ink=box, struck=True,
    )  # fmt: skip


def test_grounds_are_what_lies_behind_each_line_before_any_of_its_run_is_drawn():
    scrim = Fill(rect=Rect(0, 0, 8, 4), paint=RED, slot="scrim")
    button = Fill(rect=Rect(0, 4, 8, 4), paint=GREEN, slot="cta")
    overlapping = [line("ab", 0, 2), line("cd", 1, 3)]
    it = frame(8, 8, base=[Fill(rect=Rect(0, 0, 8, 8), paint=BLUE)], overlay=[scrim, *overlapping, button, line("e", 0, 6)])
    drawer, shelf = painter(), Shelf()
    result = drawer.painted(it, drawer.base(it, shelf), shelf)
    assert [shown(result.grounds[n]) for n in range(3)] == ["RRRR\nRRRR", "RRRR\nRRRR", "GG\nGG"]
    assert len(it.texts) == 3
    assert (result.pixels == drawer.overlay(it, drawer.base(it, shelf), shelf)).all()


def test_grounds_are_clipped_to_the_canvas():
    it = frame(4, 4, overlay=[line("abcd", 2, 2)])
    drawer = painter()
    assert drawer.painted(it, drawer.base(it, Shelf()), Shelf()).grounds[0].shape == (2, 2, 4)


def test_the_base_is_not_touched_by_the_overlay():
    it = frame(4, 4, base=[Fill(rect=Rect(0, 0, 4, 4), paint=BLUE)], overlay=[line("a", 0, 2)])
    drawer = painter()
    base = drawer.base(it, Shelf())
    before = base.copy()
    drawer.overlay(it, base, Shelf())
    assert (base == before).all()


def test_a_base_of_another_size_is_refused():
    drawer = painter()
    with pytest.raises(PaintError, match="4x4"):
        drawer.overlay(frame(5, 5), drawer.base(frame(4, 4), Shelf()), Shelf())


def test_a_logo_is_placed_once_for_many_creatives():
    shelf, drawer = Shelf(p=ARROW), painter()
    it = frame(4, 4, overlay=[picture(Rect(1, 1, 2, 2))])
    base = drawer.base(it, shelf)
    first, second = drawer.overlay(it, base, shelf), drawer.overlay(it, base, shelf)
    assert (first == second).all() and shelf.loads == ["p"]
