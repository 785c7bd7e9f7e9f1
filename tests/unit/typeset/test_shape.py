"""Shape: a line is drawn exactly where its item says, in the forms of its locale."""

from __future__ import annotations

import numpy as np
import skia

from affiche.compose.typeset import draw_line
from affiche.compose.typeset.shape import advance, ink_box

CHAIN = ("Manrope 700", "Noto Sans 700")


def drawn(draw, width=300, height=160):
    pixels = np.zeros((height, width, 4), np.uint8)
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, pixels, width * 4)
    draw(surface.getCanvas())
    del surface
    return pixels


def test_letters_stand_on_the_baseline_in_their_colour():
    pixels = drawn(lambda c: draw_line(c, text="HE", fonts=CHAIN, size=61.5, direction="ltr", x=10, baseline=120, color=0xFFFF0000, locale="en-US"))
    rows = np.flatnonzero(pixels[..., 3].any(axis=1))
    assert rows[-1] == 119
    assert tuple(pixels[110][pixels[110, :, 3] == 255][0]) == (255, 0, 0, 255)


def test_tracking_neither_shifts_a_line_nor_widens_it_at_its_ends():
    plain, wide = (ink_box("HHH", CHAIN, 60, tracking, "en-US", "ltr") for tracking in (0.0, 0.5))
    assert abs(plain[0] - wide[0]) <= 1
    assert abs((wide[2] - plain[2]) - 2 * 0.5 * 60) <= 1
    grown = advance("HHH", CHAIN, 60, 0.5, "en-US", "ltr") - advance("HHH", CHAIN, 60, 0.0, "en-US", "ltr")
    assert abs(grown - 2 * 0.5 * 60) < 0.01


def test_han_unification_follows_the_locale():
    # 骨 and 直 differ between Japanese and Chinese; one file holds both.
    chain = ("Noto Sans CJK 700",)
    pictures = {tag: drawn(lambda c, t=tag: draw_line(c, text="骨直", fonts=chain, size=100, direction="ltr", x=5, baseline=120, color=0xFF000000, locale=t))
                for tag in ("ja-JP", "zh-CN", "zh-TW")}
    assert (pictures["ja-JP"] != pictures["zh-CN"]).any()
    assert (pictures["zh-TW"] != pictures["zh-CN"]).any()


def test_zh_tw_and_zh_hant_are_the_same_forms():
    chain = ("Noto Sans CJK 700",)
    one, other = (drawn(lambda c, t=tag: draw_line(c, text="骨直", fonts=chain, size=100, direction="ltr", x=5, baseline=120, color=0xFF000000, locale=t))
                  for tag in ("zh-TW", "zh-Hant-TW"))
    assert (one == other).all()


def test_large_type_is_drawn_as_measured_whatever_its_size():
    # Hinting would move tops and baselines to whole px, by another part of an em at every size.
    for text, tag, direction in (("Ééx", "en-US", "ltr"), ("ยู้ที่", "th-TH", "ltr"), ("مُبَ", "ar-SA", "rtl")):
        chain = {"en-US": CHAIN, "th-TH": ("Prompt 600",), "ar-SA": ("Cairo 700",)}[tag]
        exact = [edge / 1000 for edge in ink_box(text, chain, 1000, 0.0, tag, direction)]
        for size in (24, 31.5, 47, 96):
            drawn = ink_box(text, chain, size, 0.0, tag, direction)
            assert max(abs(a - b * size) for a, b in zip(drawn, exact, strict=True)) < 1.3, (text, size)
