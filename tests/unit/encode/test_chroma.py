"""Colour resolution is decided from the frame."""

import pytest

from affiche.compose.encode import chroma_of
from affiche.values.color import Color
from affiche.values.frame import Fill, Frame, TextItem
from affiche.values.geometry import Rect, Size

BOX = Rect(10, 10, 200, 30)


def frame(*items, size=Size(width=1080, height=1080)) -> Frame:
    return Frame(size=size, base=(), overlay=items, slots={}, safe=Rect(0, 0, size.width, size.height))


def line(color: str, size: float) -> TextItem:
    return TextItem(
        text="Find a can", fonts=("Inter 400",), size=size, direction="ltr", x=10, baseline=36, width=200,
        color=Color.parse(color), locale="en-US", slot="body", box=BOX, ink=BOX,
    )


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((line("#FFFFFF", 24),), "420"),
        ((line("#E5573F", 24),), "444"),
        ((line("#E5573F", 120),), "420"),
        ((Fill(rect=Rect(0, 0, 200, 60), paint=Color.parse("#E5573F"), slot="cta"),), "444"),
        ((Fill(rect=Rect(0, 0, 200, 60), paint=Color.parse("#222222"), slot="cta"),), "420"),
    ],
)
def test_small_saturated_type_gets_full_colour(items, expected):
    assert chroma_of(frame(*items)) == expected


def test_small_banners_always_do():
    assert chroma_of(frame(size=Size(width=300, height=250))) == "444"
