"""Glyphs: what is shaped once for all sizes equals what the engine's paragraphs give, in every locale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import skia

from affiche.compose.typeset import locales, shape
from affiche.compose.typeset.locales import LocaleInfo
from affiche.compose.typeset.measure import Measured, TextStyle, measure
from affiche.values.frame import TextRun
from affiche.values.geometry import Rect

EXTRA = "Office fifth AVATAR 1/2 & 50 % “Quote” (aside) — N° 12"
MIXED = ["50% {} 12,5 ₪, N° 4701.", "{} v2.0 Pro {} ١٢٫٥ «{}» (10:30)", "{}!"]
STYLES = [TextStyle(family="Bricolage Grotesque", weight=700), TextStyle(family="Manrope", weight=500, tracking=0.04)]


@pytest.mark.parametrize("info", locales(), ids=lambda info: info.tag)
def test_the_engine_agrees(info: LocaleInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    word = info.sample.split()[0]
    mixed = [text.format(*[word] * text.count("{}")) for text in MIXED] if info.direction == "rtl" else [EXTRA]
    lines = [measure(text, style, info.tag) for text in [info.sample, *mixed] for style in STYLES]
    plain = [line for line in lines if shape._glyphs(*_fields(line)) is not None]
    ours = [(_advance(line), _drawn(line)) for line in plain]
    monkeypatch.setattr(shape, "_glyphs", lambda *_: None)
    for line, (width, pixels) in zip(plain, ours, strict=True):
        assert abs(width - _advance(line)) < 0.0003
        theirs = _drawn(line)
        # Letters stand on quarters of a px, and rounding may take the next one.
        assert np.abs(pixels - theirs).sum() < 0.15 * theirs.sum(), line.text


def test_most_locales_need_no_paragraph() -> None:
    style = TextStyle(family="Manrope", weight=700)
    plain = [info.tag for info in locales() if shape._glyphs(*_fields(measure(info.sample, style, info.tag))) is not None]
    assert len(plain) >= 0.85 * len(locales())


@pytest.mark.parametrize(
    ("text", "tag"), [("Sun ☀️ up", "en-US"), ("Hello שלום", "en-US"), ("ffi", "en-US"), ("הקיץ (XL)", "he-IL"), ("הקיץ ١٢", "he-IL")]
)
def test_what_is_not_plain_is_left_to_the_engine(text: str, tag: str) -> None:
    line = measure(text, TextStyle(family="Manrope", weight=700, tracking=0.1), tag)
    assert shape._glyphs(*_fields(line)) is None


@pytest.mark.parametrize("tag", ["en-US", "he-IL"])
def test_raised_and_smaller_runs_stand_where_the_engine_puts_them(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    line = measure("$4.99", TextStyle(family="Manrope", weight=700), tag)
    runs = (TextRun(text="$", scale=0.5, rise=0.35), TextRun(text="4."), TextRun(text="99", scale=0.5, rise=0.35))
    fields = (line.text, line.fonts, 100.0, 0.02, line.locale, line.direction)
    ours = shape.advance(*fields, runs=runs), shape.ink_box(*fields, runs=runs)
    monkeypatch.setattr(shape, "_glyphs", lambda *_: None)
    theirs = shape.advance(*fields, runs=runs), shape.ink_box(*fields, runs=runs)
    assert abs(ours[0] - theirs[0]) < 0.02
    assert np.abs(np.subtract(ours[1], theirs[1])).max() <= 1


def _fields(line: Measured) -> tuple[object, ...]:
    return line.text, line.fonts, line.tracking, line.locale, line.direction, ()


def _advance(line: Measured) -> float:
    return shape.advance(line.text, line.fonts, 256.0, line.tracking, line.locale, line.direction) / 256


def _drawn(line: Measured, size: float = 120.0) -> npt.NDArray[np.int_]:
    width, height = round(_advance(line) * size + 2 * size), int(4 * size)
    pixels = np.zeros((height, width), np.uint8)
    info = skia.ImageInfo.Make(width, height, skia.kAlpha_8_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, pixels, width)
    shape.draw_line(surface.getCanvas(), text=line.text, fonts=line.fonts, size=size, direction=line.direction, x=size,
                    baseline=2.5 * size, color=0xFF000000, locale=line.locale, tracking=line.tracking)  # fmt: skip
    del surface
    return pixels.astype(int)


@pytest.mark.parametrize("size", [7.5, 15.5, 23.5, 24.0, 111.5])
def test_nothing_is_drawn_outside_of_the_outlines(size: float) -> None:
    """Give or take two px: what lies beyond is neither encoded nor mended."""
    for info in locales():
        line = measure(f"{info.sample} Ắj" + "(" * (info.direction == "ltr"), STYLES[1], info.tag)
        text, chain, tracking, locale, direction, runs = _fields(line)
        fields = {"text": text, "fonts": chain, "size": size, "tracking": tracking, "locale": locale, "direction": direction}
        box = shape.line_box(**fields, x=0.0, baseline=0.0, runs=runs)
        if box is None:
            continue
        left, top, right, bottom = shape.ink_box(text, chain, size, tracking, locale, direction, runs=runs)
        assert box.grown(2).contains(Rect(left, top, right - left, bottom - top), tolerance=0), info.tag
        assert box.height < bottom - top + 4 + 0.1 * size, info.tag
