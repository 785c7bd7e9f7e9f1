"""The clip around touched areas never meets a letter: what is drawn with it equals what is drawn without, in tall scripts too."""

from __future__ import annotations

import numpy as np
import pytest

from affiche.adapters.paint import SkiaPainter, touched
from affiche.compose.compose import compose
from affiche.compose.typeset.shape import draw_line, line_box
from tests.unit.compose.requests import request

TALL = {
    "ur-PK": "موسم گرما کا تازہ ذائقہ",
    "my-MM": "နွေရာသီ စတင်ပါပြီ",
    "km-KH": "រដូវក្តៅចាប់ផ្តើម",
    "th-TH": "ปลุกยามบ่ายให้สดชื่น",
    "vi-VN": "Đánh thức buổi chiều Ắ Ễ",
    "en-US": "Wake up, Ångström Őj",
}


@pytest.mark.parametrize("locale", TALL)
def test_clipped_equals_unclipped(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = compose(request("type", locale=locale, picture=None, headline=TALL[locale], body=TALL[locale]))
    painter = SkiaPainter(draw_line=draw_line, line_box=line_box, load_set=None)  # type: ignore[arg-type]
    base = np.full((frame.size.height, frame.size.width, 4), 255, np.uint8)
    clipped = painter.painted(frame, base, None)  # type: ignore[arg-type]
    monkeypatch.setattr(touched, "area_of", lambda item, width, height, letters=None: (0, 0, width, height))
    free = painter.painted(frame, base, None)  # type: ignore[arg-type]
    assert (clipped.pixels == free.pixels).all()
    differs = (clipped.pixels != base).any(axis=2)
    assert differs.any()
    for left, top, right, bottom in clipped.touched:
        differs[top:bottom, left:right] = False
    assert not differs.any()
