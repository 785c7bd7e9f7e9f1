"""A photograph that bleeds off the canvas keeps its head in the part that is seen."""

from dataclasses import replace

import pytest

from affiche.compose.compose import compose
from affiche.values.frame import PictureItem
from affiche.values.geometry import Insets, Rect
from tests.unit.compose.requests import PHOTO, request

HEAD = Rect(600, 60, 400, 480)
PORTRAIT = replace(PHOTO, focal=(0.5, 0.25), focal_origin="face", subject=HEAD, keep=Rect(500, 20, 600, 760), confidence=1.0)
#: A story, a square, a wide ad; templates that set photographs.
SIZES = ((1080, 1920), (1080, 1080), (1200, 628))


@pytest.mark.parametrize("template", ["split", "hero"])
@pytest.mark.parametrize("size", SIZES)
def test_a_head_is_seen_whole(template, size):
    safe = Insets(top=250, bottom=340) if size[1] == 1920 else Insets()
    frame = compose(request(template, size, picture=PORTRAIT, safe=safe))
    item = next(item for item in (*frame.base, *frame.overlay) if isinstance(item, PictureItem) and item.slot == "picture")
    across, down = item.rect.width / item.source.width, item.rect.height / item.source.height
    head = Rect(item.rect.x + (HEAD.x - item.source.x) * across, item.rect.y + (HEAD.y - item.source.y) * down, HEAD.width * across, HEAD.height * down)
    assert Rect(0, 0, *size).contains(head, tolerance=1), f"{head} of {item.rect} on {size}"
