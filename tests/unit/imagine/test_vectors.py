"""A small mark on a large artboard is drawn as crisply as one that fills it."""

import numpy as np
import pytest

from affiche.adapters.codec import FileCodec
from affiche.adapters.paint.painter import SkiaPainter
from affiche.imagine.prepare import prepare, redrawn
from affiche.values.frame import Frame, PictureItem
from affiche.values.geometry import Rect, Size

CODEC = FileCodec()
#: Stripes two units wide, 60 x 30 units in the corner of 1600 x 1600.
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1600">'
    + "".join(f'<rect x="{1000 + 4 * n}" y="40" width="2" height="30" fill="#102030"/>' for n in range(15))
    + "</svg>"
).encode()


class Shelf:
    """One vector, as the render process gives it."""

    def __init__(self) -> None:
        self.prepared = prepare(MARK, codec=CODEC, role="logo")

    def load(self, picture):
        return self.prepared.pixels

    def load_vector(self, picture, size):
        return redrawn(MARK, codec=CODEC, kind="logo", size=size)


def test_a_mark_on_a_large_artboard_is_drawn_larger():
    small = prepare(MARK, codec=CODEC, role="logo").pixels
    large = redrawn(MARK, codec=CODEC, kind="logo", size=Size(width=small.shape[1] * 3, height=small.shape[0] * 3))
    assert large.shape[1] == pytest.approx(small.shape[1] * 3, abs=4)
    assert large.shape[1] / large.shape[0] == pytest.approx(small.shape[1] / small.shape[0], rel=0.04)


def test_an_enlarged_vector_has_hard_edges():
    shelf = Shelf()
    height, width = shelf.prepared.pixels.shape[:2]
    rect = Rect(0, 0, 3 * width, 3 * height)
    item = PictureItem(picture="m", rect=rect, source=Rect(0, 0, width, height), slot="logo")
    frame = Frame(size=Size(width=3 * width, height=3 * height), base=(item,), overlay=(), slots={}, safe=rect)
    row = SkiaPainter(draw_line=None, line_box=None, load_set=None).base(frame, shelf)[height, :, 0].astype(int)
    assert np.abs(np.diff(row)).max() > 150, "the stripes are blurred: the small raster was enlarged"
    assert (row < 40).mean() > 0.4
